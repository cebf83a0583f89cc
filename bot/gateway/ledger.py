"""What the way reads and stores of a conversation before the engine is asked; see settling.py for afterwards."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clinic import Clinic
from bot.gateway.burst import joined, together
from bot.gateway.look import Before, Look
from bot.gateway.metrics import MESSAGES
from bot.gateway.settings import Settings
from bot.gateway.speech import DISCLOSURE, Speech
from bot.gateway.text import for_engine
from bot.records import cases, conversations, photos, waiting
from bot.records.database import Database
from bot.records.models import Channel, Conversation, Message
from bot.triage.history import photographed
from bot.triage.types import CaseHistory

logger = logging.getLogger(__name__)

NEWEST = 2**31 - 1
"""Higher than the number of any message."""

Also = Callable[[Session, Message], None]
"""What else is stored with a message, in the same transaction; called for a new one only."""
Settles = Callable[[Conversation, Message, datetime], bool]
"""What is to be done with a scanned message before the engine: True if nothing is left to answer. Asked of each."""


@dataclass(frozen=True)
class Turn:
    """The oldest waiting messages of a conversation that belong together, with all the engine must know.

    `text` is theirs, a line each, empty where only photos came; `has_photo`: any did. `received_at`, of the last, is
    local. `asked` is what the engine gets of the text, None where it is not to be asked, and `handed` what was
    understood of exactly that.
    """

    conversation: Conversation
    messages: tuple[Message, ...]
    text: str
    has_photo: bool
    history: CaseHistory
    received_at: datetime
    asked: str | None = None
    handed: Mapping[str, Any] | None = None

    @property
    def last(self) -> Message:
        """The message the answer points at."""
        return self.messages[-1]

    @property
    def silent(self) -> bool:
        """Whether a person has the conversation, or the patient wants no texts: nobody is asked."""
        return self.conversation.taken_over or self.conversation.opted_out_at is not None


class Ledger:
    """Stores messages and says which are to be answered next. All methods block: call them in a thread."""

    def __init__(
        self,
        database: Database,
        look: Look,
        speech: Speech,
        clinic: Clinic,
        settings: Settings,
        before_engine: Sequence[Settles],
    ) -> None:
        self._database, self._look, self._speech, self._clinic = database, look, speech, clinic
        self._before_engine = before_engine
        self._limit = settings.engine_text_limit
        self._gap, self._quiet = timedelta(seconds=settings.burst_gap), timedelta(seconds=settings.sms_quiet)

    def open(
        self, token: str, channel: Channel, at: datetime, language: str | None
    ) -> tuple[Conversation, list[Message]]:
        """A new conversation that begins with the disclosure."""
        with self._database.write() as session:
            conversation = conversations.create(session, token, channel, language or self._clinic.languages[0], at)
            draft = self._speech.say(DISCLOSURE, channel, at)
            if channel == "web":  # who texts gets the notice on text messages, once their number is known
                conversations.noticed(conversation, draft.text, at)
            return conversation, conversations.reply(session, conversation.id, [draft], at, None)

    def store(
        self, conversation: uuid.UUID, text: str, client_id: str | None, at: datetime, also: Also | None
    ) -> tuple[Message, bool, Before | None]:
        """Commit a patient's message; one with a known `client_id` is found, not stored: then False.

        With a new one comes what a look at it needs.
        """
        with self._database.write() as session:
            message, new = conversations.store(session, conversation, text, client_id, at)
            if new and also:
                also(session, message)
                session.flush()
            before = self._look.before(session, message, photo=also is not None) if new else None
        if before is not None:
            MESSAGES.labels(before.scene.conversation.channel).inc()
        logger.info("stored" if new else "repeated", extra={"message_id": str(message.id)})
        return message, new, before

    def message(self, message_id: uuid.UUID) -> Message | None:
        """A message of either side."""
        with self._database.read() as session:
            return session.get(Message, message_id)

    def channel(self, conversation_id: uuid.UUID) -> Channel | None:
        """Which way the patient writes; None once the conversation is deleted."""
        with self._database.read() as session:
            return session.scalar(select(Conversation.channel).where(Conversation.id == conversation_id))

    def replies(self, message: Message) -> tuple[Message, list[Message], bool]:
        """A message as it is now, its replies, and whether staff have the conversation or a case of it.

        Of a conversation that was deleted meanwhile: the message as it was, and nothing.
        """
        with self._database.read() as session:
            conversation = session.get(Conversation, message.conversation_id)
            if conversation is None:
                return message, [], False
            handed = conversation.taken_over or cases.open_case(session, conversation.id) is not None
            found = session.get_one(Message, message.id)
            return found, conversations.replies_to(session, message.id), handed

    def until_quiet(self, message: Message, now: datetime) -> float:
        """Seconds to wait for more of a text message: quiet for a while after the latest, but never for long."""
        with self._database.read() as session:
            conversation = session.get(Conversation, message.conversation_id)
            if conversation is None or conversation.channel != "sms":
                return 0.0
            span = waiting.span(session, conversation.id)
        if span is None:
            return 0.0
        return (min(span[1] + self._quiet, span[0] + 4 * self._quiet) - now).total_seconds()

    def next_turn(self, up_to: Message, now: datetime) -> Turn | None:
        """The oldest waiting messages, scanned even if a crash prevented it. None if none is numbered `up_to` or less.

        Later ones that belong to them come along: who writes three texts while the engine is busy gets one answer.
        """
        with self._database.read() as session:
            left = conversations.waiting(session, up_to.conversation_id, NEWEST)
            if not left or left[0].seq > up_to.seq:
                return None
            conversation = conversations.read(session, up_to.conversation_id)
            if conversation is None:
                return None
            burst = together(left, self._gap, self._limit)
            history = self._look.histories.of(session, conversation)
            sent = photos.states(session, [message.id for message in burst])
        if unseen := [message for message in burst if message.understanding is None]:
            for message in unseen:
                self._look.look(message, now)
            return self.next_turn(up_to, now)
        if any(settles(conversation, message, now) for message in burst for settles in self._before_engine):
            return self.next_turn(up_to, now)
        text = burst[0].text if len(burst) == 1 else joined(message.text for message in burst)
        at = self._look.local(burst[-1].received_at)
        if any(state != "refused" for state in sent):
            history = photographed(history, at)
        turn = Turn(conversation, tuple(burst), text, bool(sent), history, at)
        if turn.silent or (turn.has_photo and not text.strip()):
            return turn
        asked = for_engine(text, self._limit)
        return replace(turn, asked=asked, handed=self._look.hand(asked, at))
