"""Answers that come later: a task for each message the engine could not answer, and a sweep for what was left.

The worker process is `huey_consumer bot.gateway.tasks.huey`.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from datetime import timedelta
from functools import cache
from pathlib import Path

from huey import SqliteHuey, crontab
from huey.exceptions import CancelExecution

from bot.gateway import log
from bot.gateway.services import Services, create_services
from bot.gateway.settings import Settings
from bot.records import conversations

logger = logging.getLogger(__name__)

GRACE = timedelta(seconds=30)
"""The gateway itself may still be at work on a younger message."""
SWEEP_SECONDS = 50
SWEEP_MESSAGES = 200

_queue_file = Path(Settings().queue_file)
_queue_file.parent.mkdir(parents=True, exist_ok=True)
huey = SqliteHuey("gateway", filename=str(_queue_file), results=False)
_once = threading.Lock()


@huey.on_startup()  # type: ignore[untyped-decorator,unused-ignore]
def start() -> None:
    """Before the worker's first task: logs as everywhere, and the language pipeline loaded."""
    log.configure()
    _services()


@huey.task(retries=6, retry_delay=2, retry_backoff=2)  # type: ignore[untyped-decorator,unused-ignore]  # 2 to 64 s
def answer_later(message_id: str) -> None:
    """Ask the engine again; tried seven times within two minutes, then the sweep goes on."""
    services = _services()
    if not _answer(services, uuid.UUID(message_id)):
        raise CancelExecution  # Huey's way to say "again later" without a stack trace


@huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator,unused-ignore]
@huey.lock_task("sweep")  # type: ignore[untyped-decorator,unused-ignore]
def sweep() -> None:
    """Every minute: whatever waits, for instance after a crash, is answered, conversation by conversation."""
    services = _services()
    with services.database.read() as session:
        left = conversations.left_waiting(session, services.now() - GRACE, SWEEP_MESSAGES)
    end = time.monotonic() + SWEEP_SECONDS
    for message in left:
        if time.monotonic() > end:
            break
        _answer(services, message.id)
    if left:
        logger.info("swept", extra={"count": len(left)})


def enqueue(message_id: uuid.UUID) -> None:
    """Put `answer_later` into the queue, first tried in two seconds."""
    answer_later.schedule(args=(str(message_id),), delay=2)


def _services() -> Services:
    with _once:
        return _create()


@cache
def _create() -> Services:
    return create_services(Settings())


def _answer(services: Services, message_id: uuid.UUID) -> bool:
    with _once:
        loop = _loop()
    return asyncio.run_coroutine_threadsafe(services.way.answer(message_id, services.now()), loop).result()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    # one event loop for all worker threads: the locks of a conversation hold between them
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop
