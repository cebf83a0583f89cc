"""The worker's clock: each second whom to alert, every five what nobody sent, and what the gateways left undone.

The worker process is `huey_consumer bot.gateway.tasks.huey`. Nothing is lost with its queue: all there is to do stands
in the database.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey, crontab

from bot.desk.alerts.alerts import Alerts
from bot.gateway import log
from bot.gateway.alarm import create_alerts
from bot.gateway.photos.lost import settle_lost
from bot.gateway.scan import ScanAtNeed
from bot.gateway.secret import prove
from bot.gateway.services import Services, create_scan, create_services
from bot.gateway.settings import Settings
from bot.records import photos, retention
from bot.records.sealing import SealError

logger = logging.getLogger(__name__)

SEE_SECONDS, ALARM_SECONDS = 1.0, 1.0
UNSEEN = timedelta(seconds=15)
"""So long a message waits for a gateway to scan it: then all are dead, and take longer to start than usual."""
ANSWER_SECONDS, SEND_SECONDS, WATCH_SECONDS = 5, 5, 20
OVERLAP = 2.0
"""Seconds one minute's watch goes on into the next, until the next one's has begun."""


def _queue(settings: Settings) -> Huey:
    if settings.queue_url:
        return RedisHuey("gateway", url=settings.queue_url, results=False)
    file = Path(settings.queue_file)
    file.parent.mkdir(parents=True, exist_ok=True)
    # without fsync: a task that a power cut takes is found again in the database
    return SqliteHuey("gateway", filename=str(file), results=False, fsync=False)


huey = _queue(Settings())
_once = threading.Lock()
_seeing, _answering, _sending, _fetching, _watching, _alarming = (threading.Lock() for _ in range(6))


@huey.on_startup()  # type: ignore[untyped-decorator,unused-ignore]
def start() -> None:
    """In each worker thread before its first task: logs as everywhere; then what a crash left."""
    log.configure()
    with _once:  # one of the threads says it, and ends all
        _prove_once()
    _services()
    with _once:
        _plan_once()


@huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator,unused-ignore]
def plan() -> None:
    """Lay out the next minute: Huey's own clock knows nothing shorter. What is late is dropped, the next one comes."""
    see()
    alarm()
    for task, seconds in (
        (answer, ANSWER_SECONDS),
        (send_due, SEND_SECONDS),
        (fetch, SEND_SECONDS),
        (watch, WATCH_SECONDS),
    ):
        for delay in range(0, 60, seconds):
            task.schedule(delay=delay, expires=timedelta(seconds=delay + seconds))


@huey.task()  # type: ignore[untyped-decorator,unused-ignore]
def see() -> None:
    """For the rest of this minute: scan what no gateway scanned, because all are dead."""
    _for_this_minute(_seeing, see_now, SEE_SECONDS)


def see_now() -> None:
    """One look. What breaks it is logged: the watch goes on."""
    try:
        if count := _run(partial(_services().sweep.see, UNSEEN)):
            logger.info("seen late", extra={"count": count})
    except Exception as error:
        logger.error("cannot look", extra={"code": type(error).__name__})


@huey.task()  # type: ignore[untyped-decorator,unused-ignore]
def alarm() -> None:
    """For the rest of this minute: alert people outside the desk to what nobody there has seen."""
    _for_this_minute(_alarming, alarm_now, ALARM_SECONDS)


def alarm_now() -> None:
    """One look. What breaks it is logged: the alarm goes on."""
    try:
        _alerts().tick()
    except Exception as error:
        logger.error("cannot alert", extra={"code": type(error).__name__})


@huey.task()  # type: ignore[untyped-decorator,unused-ignore]
def answer() -> None:
    """Answer what waits, if there is no gateway to do it."""
    if count := _alone(_answering, _services().sweep.answer_alone):
        logger.info("swept", extra={"count": count})


@huey.task()  # type: ignore[untyped-decorator,unused-ignore]
def send_due() -> None:
    """Send the texts that a crash or a failure left."""
    if (sms := _services().sms) and _sending.acquire(blocking=False):
        try:
            sms.sender.drain_due(_services().now())
        finally:
            _sending.release()


@huey.task()  # type: ignore[untyped-decorator,unused-ignore]
def fetch() -> None:
    """Fetch the photos that came by text message, and tell of those the website lost."""
    if count := settle_lost(_services()):
        logger.warning("photos lost", extra={"count": count})
    if (sms := _services().sms) and _fetching.acquire(blocking=False):
        try:
            sms.media.fetch_due()
        finally:
            _fetching.release()


@huey.task()  # type: ignore[untyped-decorator,unused-ignore]
def watch() -> None:
    """Ask patients whether the promised call came, and tell those whom a person leaves alone."""
    if not _watching.acquire(blocking=False):
        return
    try:
        if count := _services().watch.look(_services().now()):
            logger.info("watched", extra={"count": count})
    finally:
        _watching.release()


@huey.periodic_task(crontab(minute="17"))  # type: ignore[untyped-decorator,unused-ignore]
def tidy() -> None:
    """Delete photos' files that no row names: a crash left them."""
    services = _services()
    with services.database.read() as session:
        known = photos.files(session)
    if count := services.photos.sweep(known):
        logger.warning("stray photos", extra={"count": count})


@huey.periodic_task(crontab(minute="37"))  # type: ignore[untyped-decorator,unused-ignore]
def purge() -> None:
    """Delete what clinic.yml no longer keeps."""
    services = _services()
    if services.clinic.retention is not None:
        deleted = retention.purge(services.database, services.clinic.retention, services.now(), services.photos.remove)
        logger.info("purged", extra={"count": sum(deleted.values())})


def _alone(lock: threading.Lock, sweep: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run it, unless it still runs. A lock in the queue would outlive a killed worker, this one does not."""
    if not lock.acquire(blocking=False):
        return 0
    try:
        return _run(sweep)
    finally:
        lock.release()


def _run(sweep: Callable[[], Coroutine[Any, Any, int]]) -> int:
    with _once:
        loop = _loop()
    return asyncio.run_coroutine_threadsafe(sweep(), loop).result()


def _for_this_minute(lock: threading.Lock, look: Callable[[], None], seconds: float) -> None:
    """Look every so many `seconds`, alone in this process, until the next minute's task takes over."""
    if not lock.acquire(timeout=2 * OVERLAP):
        return
    try:
        end = time.monotonic() + _rest_of_minute() + OVERLAP
        while time.monotonic() < end:
            look()
            time.sleep(seconds)
    finally:
        lock.release()


def _rest_of_minute() -> float:
    return 60.0 - time.time() % 60.0


def _services() -> Services:
    with _once:
        return _create()


@cache
def _create() -> Services:
    # the gateways scan, and one of them lives when another dies
    return create_services(Settings(), scan=ScanAtNeed(create_scan))


@cache
def _alerts() -> Alerts:
    return create_alerts(_services())  # asked for by one thread at a time: whoever holds the alarm's lock


@cache
def _prove_once() -> None:
    try:
        prove(Settings())
    except SealError as error:
        logger.critical(str(error))
        os._exit(1)  # a worker thread cannot end Huey otherwise, and without the key there is nothing it may do


@cache
def _plan_once() -> None:
    plan()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    # one event loop for all worker threads: the locks of a conversation hold between them
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    # aiohttp reports connections that nobody closed
    atexit.register(lambda: asyncio.run_coroutine_threadsafe(_services().engine.close(), loop).result(1))
    return loop
