"""Takes a patient's text message: found by the keyed hash of the number, stored, acknowledged, then gone on with."""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.clinic import Clinic, Texting
from bot.gateway.sms.numbers import normalised, number_hash
from bot.gateway.sms.webhook import Incoming
from bot.gateway.way import Way
from bot.records import conversations, texts
from bot.records.database import Database
from bot.records.models import Contact, Message, Photo

logger = logging.getLogger(__name__)


class Door:
    """Use within one event loop. `key` is the deployment's secret."""

    def __init__(
        self, database: Database, way: Way, clinic: Clinic, texting: Texting, key: bytes, now: Callable[[], datetime]
    ) -> None:
        self._database, self._way, self._now = database, way, now
        self._language, self._country, self._key = clinic.languages[0], texting.country, key
        self._under_way: set[asyncio.Task[None]] = set()

    async def take(self, incoming: Incoming) -> bool:
        """Store a message: after this it is safe and may be acknowledged; the rest goes on by itself.

        False, and nothing is stored, for a sender that is no telephone number, which nobody could answer.
        """
        number = normalised(incoming.sender, self._country)
        if number is None:
            logger.warning("not a telephone number")
            return False
        at = self._now()
        conversation = await asyncio.to_thread(self._conversation, number, at)
        message, new = await self._way.take(conversation, incoming.text, incoming.sid, at, _wants(incoming.media))
        if new:
            task = asyncio.create_task(self._go_on(message.id))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return True

    async def close(self) -> None:
        """Let go of what is under way: the worker finds it."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def find(self, number: str) -> uuid.UUID | None:
        """The conversation of a number as somebody typed it."""
        if (clean := normalised(number, self._country)) is None:
            return None
        with self._database.read() as session:
            found = texts.conversation_of(session, number_hash(clean, self._key))
            return found.id if found else None

    async def _go_on(self, message_id: uuid.UUID) -> None:
        try:
            await self._way.answer(message_id, self._now())
        except Exception as error:  # the worker finds the message
            logger.error("cannot be answered", extra={"message_id": str(message_id), "code": type(error).__name__})

    def _conversation(self, number: str, at: datetime) -> uuid.UUID:
        hashed = number_hash(number, self._key)
        with self._database.read() as session:
            found = texts.conversation_of(session, hashed)
        if found is not None:
            return found.id
        try:
            with self._database.write() as session:
                found = texts.conversation_of(session, hashed)
                if found is None:
                    found = conversations.create(session, secrets.token_urlsafe(32), "sms", self._language, at)
                    session.add(Contact(conversation_id=found.id, address_hash=hashed, address=number))
                return found.id
        except IntegrityError:  # on PostgreSQL another was faster
            with self._database.read() as session:
                found = texts.conversation_of(session, hashed)
            if found is None:
                raise
            return found.id


def _wants(media: tuple[str, ...]) -> Callable[[Session, Message], None]:
    def add(session: Session, message: Message) -> None:
        at = message.received_at
        for url in media:
            row = Photo(message_id=message.id, conversation_id=message.conversation_id, source_url=url)
            row.next_at, row.created_at = at, at
            session.add(row)

    return add
