"""The steps of the way that touch the database: each is one short transaction, safe to repeat after a crash."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clinic import Clinic
from bot.gateway.engine import EngineAssessment, EngineAway, EngineReply
from bot.gateway.handover import Handover
from bot.gateway.moment import Moment
from bot.gateway.scan import Said, Scan, Seen, combined, with_unsent
from bot.gateway.speech import DISCLOSURE, Speech
from bot.records import cases, conversations
from bot.records.database import Database
from bot.records.models import Channel, Conversation, Message, Status
from bot.triage.types import CaseHistory

logger = logging.getLogger(__name__)

ATTEMPTS = 5
"""Failures of one message after which, if the engine answers others, it is given up and left to staff."""


@dataclass(frozen=True)
class Turn:
    """The oldest waiting message of a conversation, with all the engine must know. `received_at` is local."""

    conversation: Conversation
    message: Message
    history: CaseHistory
    received_at: datetime


class Ledger:
    """Stores, scans, opens cases, settles. All methods block: call them in a thread."""

    def __init__(
        self, database: Database, scan: Scan, speech: Speech, clinic: Clinic, handover: Handover, engine_text_limit: int
    ) -> None:
        self._database, self._scan, self._speech = database, scan, speech
        self._clinic, self._handover, self._limit = clinic, handover, engine_text_limit

    def open(
        self, token: str, channel: Channel, at: datetime, language: str | None
    ) -> tuple[Conversation, list[Message]]:
        """A new conversation that begins with the disclosure."""
        with self._database.write() as session:
            conversation = conversations.create(session, token, channel, language or self._clinic.languages[0], at)
            draft = self._speech.say(DISCLOSURE, channel, at)
            return conversation, conversations.reply(session, conversation.id, [draft], at, None)

    def store(self, conversation: uuid.UUID, text: str, client_id: str | None, at: datetime) -> Message:
        """Commit a patient's message; one with a known `client_id` is found, not stored."""
        with self._database.write() as session:
            message, new = conversations.store(session, conversation, text, client_id, at)
        logger.info("stored" if new else "repeated", extra={"message_id": str(message.id)})
        return message

    def message(self, message_id: uuid.UUID) -> Message | None:
        """A message of either side."""
        with self._database.read() as session:
            return session.get(Message, message_id)

    def replies(self, message_id: uuid.UUID) -> tuple[Message, list[Message], bool]:
        """A message as it is now, its replies, and whether staff have the conversation or a case of it."""
        with self._database.read() as session:
            message = session.get_one(Message, message_id)
            conversation = session.get_one(Conversation, message.conversation_id)
            handed = conversation.taken_over or cases.open_case(session, conversation.id) is not None
            return message, conversations.replies_to(session, message_id), handed

    def look(self, message_id: uuid.UUID) -> None:
        """Scan a message that was not scanned yet and commit what was seen, with a case for every red flag."""
        with self._database.read() as session:
            message = session.get_one(Message, message_id)
            if message.assessment is not None:
                return
            conversation = session.get_one(Conversation, message.conversation_id)
            unanswered = conversations.waiting(session, conversation.id, message.seq - 1)
        seen = self._seen(conversation, unanswered, message)
        at = message.received_at.astimezone(self._clinic.timezone)
        with self._database.write() as session:
            if seen is None:
                reasons = [self._handover.ground("scan_failed", message.text, at)]
            else:
                assessment = _plain(seen)
                reasons = self._handover.flags(assessment.red_flags, at)
                stored = session.get_one(Message, message_id)
                stored.understanding = [finding.to_dict() for finding in seen.understanding.findings]
                stored.assessment = assessment.model_dump(mode="json")
            cases.raise_case(session, conversation.id, message_id, reasons, at)
        for reason in reasons:
            logger.warning("case", extra={"message_id": str(message_id), "rule": reason.rule, "tier": reason.level})

    def next_turn(self, up_to: Message) -> Turn | None:
        """The oldest waiting message numbered like `up_to` or less, scanned even if a crash prevented it."""
        with self._database.read() as session:
            waiting = conversations.waiting(session, up_to.conversation_id, up_to.seq)
        if not waiting:
            return None
        if waiting[0].assessment is None:
            self.look(waiting[0].id)
        with self._database.read() as session:
            message = session.get_one(Message, waiting[0].id)
            conversation = session.get_one(Conversation, message.conversation_id)
        at = message.received_at.astimezone(self._clinic.timezone)
        return Turn(conversation, message, CaseHistory.from_dict(conversation.history), at)

    def answered(self, turn: Turn, reply: EngineReply, moment: Moment) -> bool:
        """Commit the full answer. False, and nothing is kept, when another answered it or a person took over."""
        message, conversation = turn.message, turn.conversation
        assessment, missed = combined(_assessment(message), reply.assessment)
        channel, at = conversation.channel, turn.received_at
        safety = self._speech.safety(missed, channel, at)
        drafts = ([safety] if safety else []) + list(reply.drafts)
        history = reply.history
        if len(message.text) > self._limit and (seen := self._seen(conversation, (), message)) is not None:
            history = with_unsent(reply, seen.understanding, self._limit, at)
        reasons = self._handover.flags(assessment.red_flags, at)
        reasons += self._handover.intents(reply.intents, message.text, at)
        with self._database.write() as session:
            settled = conversations.settle(
                session,
                message.id,
                "answered",
                answered_at=moment.at,
                latency_ms=moment.ms(message.received_at),
                intents=list(reply.intents),
                assessment=assessment.model_dump(mode="json"),
                understanding=list(reply.findings) if message.understanding is None else message.understanding,
            )
            if not settled or not conversations.remember(
                session, conversation.id, history.to_dict(), conversation.version, taken_over=False
            ):
                session.rollback()
                return False
            conversations.reply(session, conversation.id, self._speech.packed(drafts, channel), moment.at, message.id)
            cases.raise_case(session, conversation.id, message.id, reasons, at)
        return True

    def hold(self, failed: Turn, up_to: Message, away: EngineAway, moment: Moment) -> bool:
        """The engine failed at `failed`: tell the patient, once a message, that it is here. True if any was told."""
        told = False
        channel = failed.conversation.channel
        with self._database.write() as session:
            for message in conversations.waiting(session, up_to.conversation_id, up_to.seq):
                if not conversations.settle(session, message.id, "pending", latency_ms=moment.ms(message.received_at)):
                    continue
                told = True
                assessment = _assessment(message)
                flags = assessment.red_flags if assessment else []
                draft = self._speech.hold(flags, channel, message.received_at.astimezone(self._clinic.timezone))
                drafts = self._speech.packed([draft], channel)
                conversations.reply(session, message.conversation_id, drafts, moment.at, message.id)
            message = session.get_one(Message, failed.message.id)
            message.attempts += int(away.reached)
            hopeless = message.attempts >= ATTEMPTS and conversations.answered_since(session, message.received_at)
            if hopeless or moment.at - message.received_at >= self._handover.patience:
                reason = self._handover.ground("unanswered", message.text, failed.received_at)
                cases.raise_case(session, message.conversation_id, message.id, [reason], moment.at)
        if hopeless:  # it must not block what comes after it; the case tells staff
            self._leave(failed, "failed")
        return told

    def leave_to_staff(self, turn: Turn) -> None:
        """A person has the conversation: remember what was said, say nothing."""
        self._leave(turn, "with_staff")

    def _leave(self, turn: Turn, status: Status) -> None:
        conversation = turn.conversation
        seen = self._seen(conversation, (), turn.message)
        history = seen.history.to_dict() if seen else conversation.history
        with self._database.write() as session:
            if not conversations.settle(session, turn.message.id, status) or not conversations.remember(
                session, conversation.id, history, conversation.version, conversation.taken_over
            ):
                session.rollback()

    def _seen(self, conversation: Conversation, unanswered: Sequence[Message], message: Message) -> Seen | None:
        """The scan of a message. None, logged, when it breaks: the message still goes its way."""
        zone = self._clinic.timezone
        try:
            return self._scan.look(
                CaseHistory.from_dict(conversation.history),
                [Said(earlier.text, earlier.received_at.astimezone(zone)) for earlier in unanswered],
                Said(message.text, message.received_at.astimezone(zone)),
            )
        except Exception as error:
            logger.error("scan failed", extra={"message_id": str(message.id), "code": type(error).__name__})
            return None


def _plain(seen: Seen) -> EngineAssessment:
    return EngineAssessment.model_validate(seen.assessment.to_dict())


def _assessment(message: Message) -> EngineAssessment | None:
    return None if message.assessment is None else EngineAssessment.model_validate(message.assessment)
