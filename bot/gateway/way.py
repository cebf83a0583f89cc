"""The way of a message: stored, scanned, its case opened, answered by the engine or held, exactly once."""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary

from bot.gateway.engine import Engine, EngineAway, Question
from bot.gateway.ledger import Ledger, Turn
from bot.gateway.moment import Moment
from bot.gateway.settings import Settings
from bot.gateway.text import clean, for_engine
from bot.records.models import WAITING, Channel, Conversation, Message

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Receipt:
    """The stored message, what the patient gets for it now, and whether a person will act on the conversation."""

    message: Message
    replies: tuple[Message, ...]
    handed_to_staff: bool


class Way:
    """One per process and event loop. `answer_later` asks the worker to come back to a message."""

    def __init__(
        self, ledger: Ledger, engine: Engine, settings: Settings, answer_later: Callable[[uuid.UUID], None]
    ) -> None:
        self._ledger, self._engine, self._settings, self._answer_later = ledger, engine, settings, answer_later
        self._locks: WeakValueDictionary[uuid.UUID, asyncio.Lock] = WeakValueDictionary()

    async def open(
        self, channel: Channel, at: datetime, language: str | None = None
    ) -> tuple[str, Conversation, list[Message]]:
        """A new conversation: its token, which is nowhere else, and the first thing the patient reads.

        `language` is one of the clinic's; by default its first.
        """
        token = secrets.token_urlsafe(32)
        conversation, said = await asyncio.to_thread(self._ledger.open, token, channel, at, language)
        return token, conversation, said

    async def receive(
        self, conversation: uuid.UUID, text: str, client_id: str | None, received_at: datetime
    ) -> Receipt:
        """Take a patient's message all the way. It is on disk before anything else happens to it.

        `received_at` is aware. A `client_id` seen before gives the replies of then. Raises if the database fails.
        """
        moment = Moment(received_at)
        message = await asyncio.to_thread(self._ledger.store, conversation, clean(text), client_id, received_at)
        if message.status == "received":
            await asyncio.to_thread(self._ledger.look, message.id)  # before the queue: a red flag does not wait
            async with self._lock(conversation):
                await self._answer_up_to(message, moment)
        return await asyncio.to_thread(self._receipt, message.id)

    async def answer(self, message_id: uuid.UUID, now: datetime) -> bool:
        """Come back to a message left waiting. True when it waits no longer (or is not known)."""
        message = await asyncio.to_thread(self._ledger.message, message_id)
        if message is None or message.status not in WAITING:
            return True
        async with self._lock(message.conversation_id):
            return await self._answer_up_to(message, Moment(now))

    async def _answer_up_to(self, message: Message, moment: Moment) -> bool:
        """Answer the waiting messages of the conversation in order, this one last; hold them if the engine is away."""
        deadline = asyncio.get_running_loop().time() + self._settings.engine_timeout
        while turn := await asyncio.to_thread(self._ledger.next_turn, message):
            try:
                await self._answer_one(turn, moment, deadline)
            except EngineAway as away:
                extra = {"message_id": str(turn.message.id), "code": str(away), "ms": moment.ms()}
                logger.warning("engine away", extra=extra)
                held = await asyncio.to_thread(self._ledger.hold, turn, message, away, moment)
                if held:
                    await self._call_worker(message.id)
                return False
        return True

    async def _answer_one(self, turn: Turn, moment: Moment, deadline: float) -> None:
        if turn.conversation.taken_over:
            await asyncio.to_thread(self._ledger.leave_to_staff, turn)
            return
        question = Question(
            conversation_id=turn.conversation.id,
            message_id=turn.message.id,
            channel=turn.conversation.channel,
            text=for_engine(turn.message.text, self._settings.engine_text_limit),
            history=turn.history,
            received_at=turn.received_at,
        )
        reply = await self._engine.ask(question, deadline - asyncio.get_running_loop().time())
        done = await asyncio.to_thread(self._ledger.answered, turn, reply, moment)
        if done:
            logger.info("answered", extra={"message_id": str(turn.message.id), "ms": moment.ms()})

    async def _call_worker(self, message_id: uuid.UUID) -> None:
        try:
            await asyncio.to_thread(self._answer_later, message_id)
        except Exception as error:  # the sweep finds the message anyway
            logger.error("queue away", extra={"message_id": str(message_id), "code": type(error).__name__})

    def _receipt(self, message_id: uuid.UUID) -> Receipt:
        message, replies, handed = self._ledger.replies(message_id)
        return Receipt(message, tuple(replies), handed)

    def _lock(self, conversation: uuid.UUID) -> asyncio.Lock:
        return self._locks.setdefault(conversation, asyncio.Lock())
