"""What time alone brings about: the question whether the promised call came, and a patient left alone by a person."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.clinic import Clinic
from bot.gateway.handover import Handover
from bot.gateway.loop.policy import Policy, Words
from bot.gateway.speech import Speech
from bot.records import audit, cases, conversations, loop
from bot.records.database import Database
from bot.records.models import Case, Conversation

logger = logging.getLogger(__name__)


class Watch:
    """The worker looks now and then. Several may at once: each thing is done by one, in one transaction."""

    def __init__(
        self,
        database: Database,
        speech: Speech,
        handover: Handover,
        policy: Policy,
        clinic: Clinic,
        deliver: Callable[[uuid.UUID], None],
    ) -> None:
        """`deliver` is told of a conversation in which something was said."""
        self._database, self._speech, self._handover = database, speech, handover
        self._policy, self._clinic, self._deliver = policy, clinic, deliver

    def look(self, now: datetime) -> int:
        """Do what is due at `now`. Gives the number of patients that were told or asked something."""
        with self._database.read() as session:
            left, due = loop.with_staff(session), [case.id for case in self._due(session, now)]
        return self._each(left, self._left_alone, now) + self._each(due, self._ask, now)

    def _each(self, ids: Iterable[uuid.UUID], do: Callable[[uuid.UUID, datetime], bool], now: datetime) -> int:
        done = 0
        for each in ids:
            try:
                done += do(each, now)
            except Exception as error:  # one that breaks must not keep the others; it is tried again
                logger.error("loop failed", extra={"code": type(error).__name__})
        return done

    def _due(self, session: Session, now: datetime, only: uuid.UUID | None = None) -> list[Case]:
        if self._clinic.in_quiet_hours(now):
            return []
        policy = self._policy
        return loop.to_ask(session, now, policy.ask_after, policy.not_after, policy.calm, only)

    def _ask(self, case_id: uuid.UUID, now: datetime) -> bool:
        """Ask the patient of a case, once, whether we reached them."""
        with self._database.write() as session:
            case = session.get(Case, case_id)
            conversation = self._locked(session, case.conversation_id if case else None)
            if case is None or conversation is None or not self._due(session, now, case_id):
                return False  # resolved, deleted, asked by another process, or written to meanwhile
            unwelcome = not self._policy.never_after.isdisjoint(conversation.history.get("said", ()))
            if unwelcome or loop.only_for(case, self._policy.never_for):
                return False
            self._say(session, conversation, self._policy.ask[case.level], now)
            case.follow_up_at, case.follow_up_state = now, "asked"
            audit.add(session, audit.ASSISTANT, "follow_up_asked", now, case.id, conversation.id)
        self._deliver(conversation.id)
        return True

    def _left_alone(self, conversation_id: uuid.UUID, now: datetime) -> bool:
        """Alarm staff again and tell the patient, once, where a person took over and lets them wait."""
        with self._database.write() as session:
            conversation = self._locked(session, conversation_id)
            if conversation is None or not conversation.taken_over:
                return False
            waits, case = loop.left_alone(session, conversation), cases.open_case(session, conversation_id)
            level = case.level if case else "day"
            if waits is None or now - waits[1] < self._policy.silent_after[level]:
                return False
            reason = replace(self._handover.ground("staff_silent", waits[0].text, now), level=level, due_at=now)
            opened = cases.raise_case(session, conversation_id, waits[0].id, [reason], now)
            assert opened is not None
            if case is not None:
                loop.alarm_again(session, opened, audit.ASSISTANT, now, loop.STAFF_SILENT)
            audit.add(session, audit.ASSISTANT, loop.STAFF_SILENT, now, opened.id, conversation_id)
            if tell := conversation.opted_out_at is None:
                self._say(session, conversation, self._policy.staff_silent, now)
        if tell:
            self._deliver(conversation_id)
        return tell

    def _locked(self, session: Session, conversation_id: uuid.UUID | None) -> Conversation | None:
        return session.get(Conversation, conversation_id, with_for_update=True) if conversation_id else None

    def _say(self, session: Session, conversation: Conversation, words: Words, now: datetime) -> None:
        draft = self._speech.say(words.to(conversation), conversation.channel, now)
        conversations.reply(session, conversation.id, [draft], now, None)
        conversation.held_at = now
