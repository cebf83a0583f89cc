"""Sends what is queued: one lane for each target, so that a service that hangs keeps only its own alerts."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from bot.alerting import Alerting
from bot.desk.alerts import provider
from bot.desk.alerts.links import Links
from bot.desk.alerts.texts import Texts
from bot.records import notifications
from bot.records.database import Database
from bot.records.notifications import Claim

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""Longer than one try takes: after it the process that took the alert is dead, or as good as."""
LONGEST = 60.0
GONE = "no_target"


class Sender:
    """Any process may have one: an alert is sent by one at a time. `now` is the server's clock."""

    def __init__(
        self, database: Database, alerting: Alerting, links: Links, texts: Texts, now: Callable[[], datetime]
    ) -> None:
        self._database, self._targets = database, alerting.targets
        self._links, self._texts, self._now = links, texts, now
        self._lanes = ThreadPoolExecutor(max(1, len(self._targets)), thread_name_prefix="alerts")
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to send all that is due; nobody waits for it."""
        with self._database.read() as session:
            waiting = notifications.waiting(session, self._now())
        for target in waiting:
            with self._lock:
                if target in self._busy:
                    continue
                self._busy.add(target)
            self._lanes.submit(self._drain, target)

    def close(self) -> None:
        """Begin nothing more, and wait for what is being sent."""
        self._lanes.shutdown(cancel_futures=True)

    def _drain(self, target: str) -> None:
        try:
            while claim := self._claim(target):
                self._send(target, claim)
        except Exception as error:  # it is claimed again after the lease
            logger.error("alert broken", extra={"code": type(error).__name__})
        finally:
            with self._lock:
                self._busy.discard(target)

    def _claim(self, target: str) -> Claim | None:
        with self._database.write() as session:
            return notifications.claim(session, target, self._now(), LEASE)

    def _send(self, target: str, claim: Claim) -> None:
        known = self._targets.get(target)
        try:
            if known is None:
                raise provider.Unusable(GONE)
            alert = self._texts.alert(claim, self._links.link(claim.id), self._now())
            code = provider.send(provider.service(known), alert, claim.level)
        except provider.Unusable as unusable:
            self._log(claim, unusable.code)
            with self._database.write() as session:
                notifications.give_up(session, claim, unusable.code)
            return
        self._log(claim, code)
        with self._database.write() as session:
            if code is None:
                notifications.sent(session, claim, self._now())
            else:
                notifications.again(session, claim, code, self._now() + backoff(claim.attempts))

    def _log(self, claim: Claim, code: str | None) -> None:
        """Without the target's name: an office manager may have put a number or an address into it."""
        if code is None:
            logger.info("alert sent", extra={"tier": claim.level, "count": claim.attempts})
        else:
            logger.warning("alert not sent", extra={"tier": claim.level, "count": claim.attempts, "code": code})


def backoff(attempts: int) -> timedelta:
    """2, 4, 8 … 60 seconds, each a little different, so that alerts that failed together do not come together."""
    return timedelta(seconds=min(2.0**attempts, LONGEST) * random.uniform(0.8, 1.2))  # noqa: S311  no secret
