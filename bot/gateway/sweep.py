"""What a crash, or an engine that was away, left behind: found in the database and taken up again."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.gateway.settings import Settings
from bot.gateway.way import Way
from bot.records import conversations, waiting
from bot.records.database import Database

logger = logging.getLogger(__name__)

UNSEEN = timedelta(seconds=1)
"""A younger message is being scanned by whoever took it; under load both would do it, and make each other slower."""
MARGIN = timedelta(seconds=2)
"""Beyond the engine's time: a younger message is being answered by whoever took it."""
MESSAGES = 200
AT_ONCE = 4
"""Conversations taken up together: one that takes long does not keep the others, and patients come first."""


class Sweep:
    """One per process and event loop, beside its Way. Several may run at once: a message is answered by one."""

    def __init__(self, database: Database, way: Way, settings: Settings, now: Callable[[], datetime]) -> None:
        self._database, self._way, self._now = database, way, now
        self._grace = timedelta(seconds=settings.engine_timeout) + MARGIN

    async def see(self) -> int:
        """Scan what nobody scanned: a red flag in it must not wait. Gives their number."""
        left = await asyncio.to_thread(self._unseen)
        for message_id in left:
            await self._way.see(message_id, self._now())
        return len(left)

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

    def _unseen(self) -> list[uuid.UUID]:
        with self._database.read() as session:
            return waiting.unscanned(session, self._now() - UNSEEN, MESSAGES)

    def _left(self) -> list[uuid.UUID]:
        with self._database.read() as session:
            left = conversations.left_waiting(session, self._now() - self._grace, MESSAGES)
            return [message.id for message in left]
