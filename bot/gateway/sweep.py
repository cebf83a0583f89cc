"""What a crash, or an engine that was away, left behind: found in the database and taken up again."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta

from bot.gateway.locks import Lock
from bot.gateway.settings import Settings
from bot.gateway.way import Way
from bot.records import conversations, waiting
from bot.records.database import Database

logger = logging.getLogger(__name__)

UNSEEN = timedelta(seconds=1)
"""A younger message is being scanned by whoever took it; under load both would do it, and make each other slower."""
SEE_SECONDS, ANSWER_SECONDS = 0.5, 5.0
ALONE_SECONDS = 30.0
"""So long no gateway may be there before the worker does their work: longer than one takes to start again."""
MARGIN = timedelta(seconds=2)
"""Beyond the engine's time: a younger message is being answered by whoever took it."""
MESSAGES = 200
AT_ONCE = 4
"""Conversations taken up together: one that takes long does not keep the others, and patients come first."""


class Sweep:
    """One per process and event loop, beside its Way. Several may run at once: a message is answered by one.

    Every gateway scans what nobody scanned. One of them, whichever has the lock, answers what waits.
    """

    def __init__(self, database: Database, way: Way, settings: Settings, now: Callable[[], datetime]) -> None:
        self._database, self._way, self._now = database, way, now
        self._grace = timedelta(seconds=settings.engine_timeout) + MARGIN
        self._mine = Lock(settings, "answering")
        self._alone_since: float | None = None

    async def watch(self) -> None:
        """What a gateway does for ever; cancel it to stop."""
        try:
            await asyncio.gather(self._every(SEE_SECONDS, self.see), self._every(ANSWER_SECONDS, self._answer_if_mine))
        finally:
            self._mine.release()

    async def see(self, unseen: timedelta = UNSEEN) -> int:
        """Scan what nobody has scanned for so long: a red flag in it must not wait. Gives their number."""
        left = await asyncio.to_thread(self._unseen, unseen)
        for message_id in left:
            await self._way.see(message_id, self._now())
        return len(left)

    async def answer_alone(self) -> int:
        """For the worker: the same, if there has been no gateway for a while. Gives their number."""
        if not self._mine.take():
            self._alone_since = None
            return 0
        try:
            now = time.monotonic()
            self._alone_since = now if self._alone_since is None else self._alone_since
            return await self.answer() if now - self._alone_since >= ALONE_SECONDS else 0
        finally:
            self._mine.release()

    async def answer(self) -> int:
        """Answer what waits, the longest waiting first, conversation by conversation. Gives their number."""
        left = await asyncio.to_thread(self._left)
        places = asyncio.Semaphore(AT_ONCE)

        async def one(message_id: uuid.UUID) -> None:
            async with places:
                try:
                    await self._way.answer(message_id, self._now())
                except Exception as error:  # one that breaks must not keep the others; it is tried again
                    extra = {"message_id": str(message_id), "code": type(error).__name__}
                    logger.error("cannot be answered", extra=extra)

        await asyncio.gather(*map(one, left))
        return len(left)

    async def _answer_if_mine(self) -> int:
        return await self.answer() if self._mine.take() else 0

    @staticmethod
    async def _every(seconds: float, look: Callable[[], Coroutine[None, None, int]]) -> None:
        """What breaks one look is logged: the next one comes."""
        while True:
            await asyncio.sleep(seconds)
            try:
                if count := await look():
                    logger.info("taken up", extra={"count": count})
            except Exception as error:
                logger.error("cannot look", extra={"code": type(error).__name__})

    def _unseen(self, unseen: timedelta) -> list[uuid.UUID]:
        with self._database.read() as session:
            return waiting.unscanned(session, self._now() - unseen, MESSAGES)

    def _left(self) -> list[uuid.UUID]:
        with self._database.read() as session:
            left = conversations.left_waiting(session, self._now() - self._grace, MESSAGES)
            return [message.id for message in left]
