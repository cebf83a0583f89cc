"""What becomes of messages once the engine was asked: answered, held, left to staff. Each exactly once.

Each step is one short transaction, safe to repeat after a crash. It locks the conversation first, so that processes
wait for each other instead of for ever, and changes nothing unless every message still waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.gateway.engine import EngineAssessment, EngineAway, EngineReply
from bot.gateway.handover import Handover
from bot.gateway.ledger import Turn
from bot.gateway.look import Look
from bot.gateway.loop.holding import Holding
from bot.gateway.metrics import ANSWER
from bot.gateway.moment import Moment
from bot.gateway.photos import words
from bot.gateway.scan import combined, strongest, with_unsent
from bot.gateway.settings import Settings
from bot.gateway.sms import stopping
from bot.gateway.speech import TECHNICAL_PROBLEM, TOO_LONG, Speech
from bot.records import cases, conversations, photos
from bot.records.cases import Reason
from bot.records.conversations import Draft
from bot.records.database import Database
from bot.records.models import Conversation, Message, Status
from bot.triage.types import CaseHistory

ATTEMPTS = 5
"""Failures of one message after which, if the engine answers others, it is given up and left to staff."""
WORTH_TRYING = timedelta(minutes=1)
"""So long it is tried in any case: an engine that starts again may fail more often than that."""


@dataclass(frozen=True)
class Receipt:
    """The stored message, what the patient gets for it now, and whether a person will act on the conversation.

    `replies` is empty where a later message of the same burst has the answer of both.
    """

    message: Message
    replies: tuple[Message, ...]
    handed_to_staff: bool


class Settling:
    """All methods block: call them in a thread."""

    def __init__(
        self, database: Database, look: Look, speech: Speech, handover: Handover, holding: Holding, settings: Settings
    ) -> None:
        self._database, self._look, self._speech, self._handover = database, look, speech, handover
        self._holding = holding
        self._limit, self._gap = settings.engine_text_limit, timedelta(seconds=settings.burst_gap)

    def answered(self, turn: Turn, reply: EngineReply | None, moment: Moment) -> Receipt | None:
        """Commit the full answer; `reply` is None where nothing was asked, because only a photo came.

        None, and nothing is kept, when another process answered any of it or a person took over.
        """
        conversation, channel, at = turn.conversation, turn.conversation.channel, turn.received_at
        scan = strongest([each for each in map(_assessment, turn.messages) if each])
        assessment, missed = combined(scan, reply.assessment) if reply else (scan, None)
        safety = self._speech.safety(missed, channel, at)
        drafts = [safety] if safety else []
        drafts += reply.drafts if reply else ()
        history = self._history_after(turn, reply)
        reasons = self._handover.replied(turn.history.said, reply, turn.text, at) if reply else []
        stopped = stopping.confirmation(conversation, turn.history.said, reply) if reply and not missed else None
        if stopped:  # one text confirms it, no more
            drafts = [self._speech.say(stopped, channel, at)]
        flags = assessment.red_flags if assessment else []
        reasons += self._look.new_reasons(conversation.id, flags, turn.text, at)
        columns: dict[str, Any] = {
            "status": "answered",
            "assessment": assessment.model_dump(mode="json") if assessment else None,
            "intents": list(reply.intents) if reply else [],
        }
        if not turn.last.understanding and reply:
            columns["understanding"] = list(reply.findings)
        # after a power cut a web message would be answered anew; a text must not go out twice, nor staff hear nothing
        with self._database.write(durable=bool(reasons) or channel == "sms") as session:
            # first of all: it keeps other writers of the conversation waiting
            if not conversations.remember(
                session, conversation.id, history.to_dict(), conversation.version, taken_over=False
            ) or not all(
                self._settle(session, message, moment, **(columns if message is turn.last else {}))
                for message in turn.messages
            ):
                session.rollback()
                return None
            drafts += self._extras(session, turn)
            ids = [message.id for message in turn.messages]
            handed, spoken = conversations.standing(session, conversation.id, ids)
            before = conversations.replies_to(session, *ids) if spoken else []
            told = {each.text for each in before}
            unsaid = [draft for draft in drafts if draft.text not in told]
            if reasons:
                cases.raise_case(session, conversation.id, turn.last.id, reasons, at)
            elif handed and not stopped:
                line = self._behind(session, turn, moment)
                unsaid += [line] if line else []
            now = moment.now()
            new = conversations.reply(session, conversation.id, self._speech.packed(unsaid, channel), now, turn.last.id)
            if stopped and (locked := conversations.locked(session, conversation.id)):
                stopping.stop(session, locked, turn.last, now)
        if reply and history is reply.history:
            self._look.histories.keep(conversation.id, conversation.version + 1, history)
        ANSWER.labels(channel, "full").observe(moment.ms(turn.last.received_at) / 1000)
        for name, value in columns.items():
            setattr(turn.last, name, value)
        earlier = (each for each in before if each.in_reply_to == turn.last.id)
        return Receipt(turn.last, (*earlier, *new), handed or bool(reasons))

    def hold(self, up_to: Message, away: EngineAway, moment: Moment, failed: Turn | None = None) -> bool:
        """The engine is away: tell the patient, once, that all up to this message is here. True if anything was said.

        `failed` is the turn the engine was asked, if it was.
        """
        failures = failed.messages if failed and away.reached else ()
        with self._database.read() as session:
            left = conversations.waiting(session, up_to.conversation_id, up_to.seq)
        overdue = bool(left) and moment.now() - left[0].received_at >= self._handover.patience
        if not failures and not overdue and all(message.status == "pending" for message in left):
            return False
        said = False
        with self._database.write() as session:
            conversation = conversations.locked(session, up_to.conversation_id)
            left = conversations.waiting(session, up_to.conversation_id, up_to.seq)
            if conversation is None or not left:
                return False
            new = [message for message in left if self._settle(session, message, moment, "pending")]
            if new and not (conversation.taken_over or conversation.opted_out_at):
                said = self._tell_held(session, conversation, left, new[-1], moment)
            for message in failures:
                session.get_one(Message, message.id).attempts += 1
            if overdue:
                reason = self._handover.ground("unanswered", left[0].text, self._look.local(left[0].received_at))
                cases.raise_case(session, conversation.id, left[0].id, [reason], moment.now())
        if said:
            ANSWER.labels(conversation.channel, "held").observe(moment.ms(new[-1].received_at) / 1000)
        return (failed is not None and bool(failures) and self._given_up(failed, moment)) or said

    def leave_to_staff(self, turn: Turn, moment: Moment) -> bool:
        """A person has the conversation: remember what was said. True if the patient was told that they will answer."""
        said: list[Draft] = []

        def hold(session: Session, conversation: Conversation) -> Sequence[Draft]:
            line = self._holding.with_person(session, conversation, turn.messages, moment.now())
            said.extend([line] if line else [])
            return said

        return self._leave(turn, "with_staff", moment, hold) and bool(said)

    def _given_up(self, failed: Turn, moment: Moment) -> bool:
        """A message the engine fails at again and again must not block what comes after it; a case tells staff."""
        message = failed.messages[0]
        if moment.now() - message.received_at < WORTH_TRYING:
            return False
        with self._database.read() as session:
            tried = session.get_one(Message, message.id).attempts
            if tried < ATTEMPTS or not conversations.answered_since(session, message.received_at):
                return False
        at, channel = self._look.local(message.received_at), failed.conversation.channel
        reason = self._handover.ground("unanswered", message.text, at)
        sorry = self._speech.say(TECHNICAL_PROBLEM, channel, at)
        return self._leave(failed, "failed", moment, lambda _, __: [sorry], [reason])

    def _tell_held(
        self, session: Session, conversation: Conversation, left: Sequence[Message], last: Message, moment: Moment
    ) -> bool:
        """The safety line of what waits, else "we have your message"; not what these messages were already told."""
        scan, at = strongest([each for each in map(_assessment, left) if each]), self._look.local(last.received_at)
        draft = self._speech.hold(scan.red_flags if scan else [], conversation.channel, at)
        again = self._gap if scan and scan.red_flags else self._holding.engine_away
        near = [message.id for message in left if last.received_at - message.received_at <= again]
        if draft.text in {each.text for each in conversations.replies_to(session, *near)}:
            return False
        drafts = self._speech.packed([draft], conversation.channel)
        conversations.reply(session, conversation.id, drafts, moment.now(), last.id)
        return True

    def _leave(
        self,
        turn: Turn,
        status: Status,
        moment: Moment,
        say: Callable[[Session, Conversation], Sequence[Draft]],
        reasons: Sequence[Reason] = (),
    ) -> bool:
        conversation = turn.conversation
        seen = self._look.seen(turn.history, (), turn.text, turn.received_at)
        history = seen.history if seen else turn.history
        with self._database.write() as session:
            locked = conversations.locked(session, conversation.id)
            settled = [self._settle(session, message, moment, status) for message in turn.messages]
            if (
                locked is None
                or not all(settled)
                or not conversations.remember(
                    session, conversation.id, history.to_dict(), conversation.version, conversation.taken_over
                )
            ):
                session.rollback()
                return False
            conversations.reply(session, conversation.id, say(session, locked), moment.now(), turn.last.id)
            cases.raise_case(session, conversation.id, turn.last.id, reasons, moment.now())
        return True

    def _behind(self, session: Session, turn: Turn, moment: Moment) -> Draft | None:
        """What who waits for a person is told behind the answer, now and then."""
        locked = conversations.locked(session, turn.conversation.id)
        case = cases.open_case(session, turn.conversation.id)
        return self._holding.behind(session, locked, case, turn.messages, moment.now()) if locked else None

    def _extras(self, session: Session, turn: Turn) -> list[Draft]:
        """What the engine does not know of: a text that was cut, a photo, and what became of it while it was asked."""
        sent = photos.of(session, [message.id for message in turn.messages]) if turn.has_photo else []
        names = [TOO_LONG] * (len(turn.text) > self._limit) + words.lines(sent)
        return [self._speech.say(name, turn.conversation.channel, turn.received_at) for name in names]

    def _history_after(self, turn: Turn, reply: EngineReply | None) -> CaseHistory:
        if reply is None:
            return replace(turn.history, at=turn.received_at.isoformat())
        seen = None
        if len(turn.text) > self._limit:
            seen = self._look.seen(turn.history, (), turn.text, turn.received_at)
        return with_unsent(reply, seen.understanding, self._limit, turn.received_at) if seen else reply.history

    def _settle(
        self, session: Session, message: Message, moment: Moment, status: Status = "answered", **columns: Any
    ) -> bool:
        columns["latency_ms"] = moment.ms(message.received_at)
        if status == "answered":
            columns["answered_at"] = moment.now()
        return conversations.settle(session, message.id, status, **columns)


def _assessment(message: Message) -> EngineAssessment | None:
    return None if message.assessment is None else EngineAssessment.model_validate(message.assessment)
