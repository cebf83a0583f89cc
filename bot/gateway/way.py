"""The way of a message: stored, scanned, its case opened, answered by the engine or held, exactly once."""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from bot.gateway.engine import Engine, EngineAway, EngineReply, Question
from bot.gateway.ledger import Also, Ledger, Turn
from bot.gateway.look import Before, Look
from bot.gateway.metrics import ENGINE_AWAY
from bot.gateway.moment import Moment
from bot.gateway.settings import Settings
from bot.gateway.settling import Receipt, Settling
from bot.gateway.text import clean
from bot.records.models import WAITING, Channel, Conversation, Message

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Hooks:
    """Who hears of what, by conversation. Each is called in the event loop, but `deliver` in a thread."""

    typing: Callable[[uuid.UUID, bool], None] = lambda _, __: None
    """The engine is asked (True), or no longer."""
    news: Callable[[uuid.UUID], None] = lambda _: None
    """Something was said to the patient."""
    deliver: Callable[[uuid.UUID], None] = lambda _: None
    """The same, where somebody must send it: by text message."""


class Way:
    """One per process and event loop. Several processes may meet at a message: one of them answers it."""

    def __init__(
        self, ledger: Ledger, look: Look, settling: Settling, engine: Engine, settings: Settings, hooks: Hooks
    ) -> None:
        self._ledger, self._look, self._settling = ledger, look, settling
        self._engine, self._settings, self._hooks = engine, settings, hooks
        # scans go one by one: those that wait must not take the threads in which messages are stored
        self._eye = ThreadPoolExecutor(1, "scan")
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

    async def take(
        self, conversation: uuid.UUID, text: str, client_id: str | None, received_at: datetime, also: Also | None = None
    ) -> tuple[Message, bool]:
        """Only store a patient's message, with what `also` adds: it is on disk, and the sender may be told so.

        `received_at` is aware. One with a `client_id` seen before is found, not stored: then False. Raises if the
        database fails. Whoever takes a message calls `answer` for it; the worker does if a crash prevents that.
        """
        message, new, _ = await self._store(conversation, text, client_id, received_at, also)
        return message, new

    async def receive(
        self, conversation: uuid.UUID, text: str, client_id: str | None, received_at: datetime, also: Also | None = None
    ) -> Receipt:
        """Take a patient's message all the way, within the engine's time. A repeated one gets the replies of then.

        See `take`.
        """
        moment = Moment(received_at)
        message, _, before = await self._store(conversation, text, client_id, received_at, also)
        if message.status == "received":
            first = partial(self._look.look, message, before=before)
            _, receipt = await self._answer_up_to(message, moment, self._settings.engine_timeout, first)
            if receipt is not None and receipt.message.id == message.id:
                return receipt
        found, replies, handed = await asyncio.to_thread(self._ledger.replies, message)
        return Receipt(found, tuple(replies), handed)

    async def see(self, message_id: uuid.UUID, now: datetime) -> None:
        """Scan a message nobody scanned yet: a red flag opens its case, and its safety line is said at once."""
        if message := await asyncio.to_thread(self._ledger.message, message_id):
            await self._see(message, Moment(now), partial(self._look.look, message))

    async def answer(self, message_id: uuid.UUID, now: datetime) -> bool:
        """Answer a message that was only taken, or was left waiting: text messages once no more of them come.

        True when it waits no longer (or is not known). A patient who was already told to wait is no reason to hurry.
        """
        moment = Moment(now)
        message = await asyncio.to_thread(self._ledger.message, message_id)
        if message is None or message.status not in WAITING:
            return True
        await self._see(message, moment, partial(self._look.look, message))
        while (seconds := await asyncio.to_thread(self._ledger.until_quiet, message, moment.now())) > 0:
            await asyncio.sleep(seconds)
        told = message.status == "pending"
        seconds = self._settings.late_timeout if told else self._settings.engine_timeout
        done, _ = await self._answer_up_to(message, moment, seconds)
        return done

    async def _store(
        self, conversation: uuid.UUID, text: str, client_id: str | None, received_at: datetime, also: Also | None
    ) -> tuple[Message, bool, Before | None]:
        return await asyncio.to_thread(self._ledger.store, conversation, clean(text), client_id, received_at, also)

    async def _see(self, message: Message, moment: Moment, look: Callable[[datetime], bool]) -> None:
        if await self._in_turn(look, moment.now()):
            await self._told(message.conversation_id)

    async def _answer_up_to(
        self, message: Message, moment: Moment, seconds: float, look: Callable[[datetime], bool] | None = None
    ) -> tuple[bool, Receipt | None]:
        """Answer the waiting messages of the conversation in order, at least up to this one; the receipt of the last.

        False when the engine is away or does not come to it within `seconds`: then the patient was told to wait.
        `look` is the scan of this one if it is still to be made: that waits for nobody's turn.
        """
        clock, lock = asyncio.get_running_loop().time, self._lock(message.conversation_id)
        if look is not None and lock.locked():
            await self._see(message, moment, look)
            look = None
        deadline = clock() + seconds
        try:
            async with _held(lock, deadline):
                if look is not None:
                    spoken, turn = await self._in_turn(self._begin, message, moment, look)
                    deadline = clock() + seconds
                    if spoken:
                        await self._told(message.conversation_id)
                else:
                    turn = await self._next(message, moment)
                while turn:
                    try:
                        receipt = await self._answer_one(turn, moment, deadline)
                    except EngineAway as away:
                        await self._hold(message, away, moment, turn)
                        return False, None
                    if receipt is not None and receipt.message.seq >= message.seq:
                        return True, receipt
                    turn = await self._next(message, moment)
        except EngineAway as away:  # its turn did not come
            await self._hold(message, away, moment)
            return False, None
        return True, None

    def _begin(self, message: Message, moment: Moment, look: Callable[[datetime], bool]) -> tuple[bool, Turn | None]:
        """Scan and hand over in one go."""
        return look(moment.now()), self._ledger.next_turn(message, moment.now())

    async def _next(self, message: Message, moment: Moment) -> Turn | None:
        return await self._in_turn(self._ledger.next_turn, message, moment.now())

    async def _in_turn(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Whatever may scan: one after the other, in a thread of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._eye, work, *arguments)

    def _lock(self, conversation: uuid.UUID) -> asyncio.Lock:
        return self._locks.setdefault(conversation, asyncio.Lock())

    async def _hold(self, message: Message, away: EngineAway, moment: Moment, failed: Turn | None = None) -> None:
        extra = {"message_id": str(message.id), "code": str(away), "ms": moment.ms()}
        logger.warning("engine away", extra=extra)
        ENGINE_AWAY.labels(str(away)).inc()
        if await asyncio.to_thread(self._settling.hold, message, away, moment, failed):
            await self._told(message.conversation_id)

    async def _answer_one(self, turn: Turn, moment: Moment, deadline: float) -> Receipt | None:
        if turn.silent:
            if await asyncio.to_thread(self._settling.leave_to_staff, turn, moment):
                await self._told(turn.conversation.id, turn.conversation.channel)
            return None
        reply = await self._ask(turn, turn.asked, deadline) if turn.asked is not None else None
        receipt = await asyncio.to_thread(self._settling.answered, turn, reply, moment)
        if receipt is not None:
            logger.info("answered", extra={"message_id": str(turn.last.id), "ms": moment.ms()})
            await self._told(turn.conversation.id, turn.conversation.channel)
        return receipt

    async def _ask(self, turn: Turn, text: str, deadline: float) -> EngineReply:
        question = Question(
            conversation_id=turn.conversation.id,
            message_id=turn.last.id,
            channel=turn.conversation.channel,
            text=text,
            history=turn.history,
            received_at=turn.received_at,
            handed=turn.handed,
        )
        self._hooks.typing(turn.conversation.id, True)
        try:
            return await self._engine.ask(question, deadline - asyncio.get_running_loop().time())
        finally:
            self._hooks.typing(turn.conversation.id, False)

    async def _told(self, conversation: uuid.UUID, channel: Channel | None = None) -> None:
        """Let everybody hear that something was said. Nobody who fails at that costs the patient the reply."""
        self._hooks.news(conversation)
        if (channel or await asyncio.to_thread(self._ledger.channel, conversation)) != "sms":
            return
        try:
            await asyncio.to_thread(self._hooks.deliver, conversation)
        except Exception as error:  # a queue that is full or away: the worker looks for texts to send by itself
            logger.error("queue away", extra={"code": type(error).__name__})


@asynccontextmanager
async def _held(lock: asyncio.Lock, deadline: float) -> AsyncIterator[None]:
    """One at a time in this process; between processes the database decides. Raises EngineAway at `deadline`."""
    try:
        async with asyncio.timeout_at(deadline):
            await lock.acquire()
    except TimeoutError:
        raise EngineAway("busy", reached=False) from None
    try:
        yield
    finally:
        lock.release()
