"""What a patient says to "did we reach you?", and that a person is no longer needed, whenever they say so."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.gateway.handover import Handover
from bot.gateway.loop.policy import Answer, Policy, Words
from bot.gateway.speech import Speech
from bot.records import audit, cases, conversations, loop
from bot.records.database import Database
from bot.records.models import WAITING, Case, Conversation, Message

logger = logging.getLogger(__name__)


class Answers:
    """Comes after the scan for red flags and before the engine. Blocks: call it in a thread."""

    def __init__(
        self,
        database: Database,
        speech: Speech,
        handover: Handover,
        policy: Policy,
        deliver: Callable[[uuid.UUID], None],
    ) -> None:
        """`deliver` is told of a conversation in which something was said."""
        self._database, self._speech, self._handover = database, speech, handover
        self._policy, self._deliver = policy, deliver

    def settle(self, conversation: Conversation, message: Message, now: datetime) -> bool:
        """Do what a waiting message means for its case. True if it is settled with that: the engine is not asked.

        A second call for the same message changes nothing. Most messages mean nothing here and cost no look at the
        database.
        """
        answer = self._policy.answer(message.text)
        if answer is None:
            return False
        with self._database.write() as session:
            found = session.get(Conversation, conversation.id, with_for_update=True)
            stored = session.get(Message, message.id)
            if found is None or stored is None or stored.status not in WAITING:
                return True
            asked = loop.asked(session, stored)
            case = asked or (self._unasked(session, found, answer, now) if answer.anytime else None)
            if case is None:
                return False
            if asked is not None:
                case.follow_up_state = "answered"
            words = self._take(session, case, stored, answer, found.taken_over, now)
            if answer.goes_on or found.taken_over or found.opted_out_at is not None:
                return False
            conversations.settle(session, stored.id, "answered", answered_at=now)
            draft = self._speech.say(words.to(found), found.channel, now)
            conversations.reply(session, found.id, [draft], now, stored.id)
            found.held_at = now
        self._deliver(conversation.id)
        return True

    def _unasked(self, session: Session, conversation: Conversation, answer: Answer, now: datetime) -> Case | None:
        """The case that an unasked answer is about. That nobody came counts once somebody should have."""
        case = cases.open_case(session, conversation.id)
        early = case is not None and answer.means == "not_reached" and now < case.due_at
        return None if early else case

    def _take(
        self, session: Session, case: Case, message: Message, answer: Answer, taken_over: bool, now: datetime
    ) -> Words:
        """Write down what the answer means for the case, and give what is to be said to it."""
        logger.info("follow-up", extra={"message_id": str(message.id), "code": answer.means})
        if answer.means == "not_reached":
            self._alarm(session, case, message, now)
            return self._policy.not_reached[case.level]
        audit.add(session, audit.PATIENT, f"follow_up_{answer.means}", now, case.id, case.conversation_id)
        if answer.means == "reached":
            return self._policy.reached
        resolved = case.state == "resolved"
        if case.level in self._policy.patient_may_resolve and not (resolved or taken_over):
            session.flush()
            resolved = cases.resolve(session, case.id, None, audit.PATIENT, now, "not_needed").done
        return self._policy.not_needed if resolved else self._policy.not_needed_kept

    def _alarm(self, session: Session, case: Case, message: Message, now: datetime) -> None:
        """Nobody came: the case is due at once, or, if staff took it for done, there is a new one."""
        reason = replace(self._handover.ground("not_reached", message.text, now), level=case.level, due_at=now)
        if (again := cases.raise_case(session, message.conversation_id, message.id, [reason], now)) is case:
            loop.alarm_again(session, again, audit.PATIENT, now, "not_reached")
