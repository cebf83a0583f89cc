"""One line in some minutes for a patient who waits for a person: not silence, and not one for each message."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.gateway.loop.policy import Line, Policy
from bot.gateway.speech import Speech
from bot.records import conversations, loop
from bot.records.conversations import Draft
from bot.records.models import Case, Conversation, Message


class Holding:
    """All methods are called inside the caller's transaction, with the conversation locked."""

    def __init__(self, speech: Speech, policy: Policy) -> None:
        self._speech, self._policy = speech, policy

    @property
    def engine_away(self) -> timedelta:
        """How long "we have your message" is not said again."""
        return self._policy.engine_away

    def with_person(
        self, session: Session, conversation: Conversation, messages: Collection[Message], now: datetime
    ) -> Draft | None:
        """To messages that a person will answer. None while that person writes, or if these got a safety line."""
        if not conversation.taken_over or conversations.replies_to(session, *(message.id for message in messages)):
            return None
        heard = loop.staff_wrote_at(session, conversation.id)
        return self._line(conversation, self._policy.with_person, (conversation.taken_over_at, heard), now)

    def behind(
        self,
        session: Session,
        conversation: Conversation,
        case: Case | None,
        messages: Collection[Message],
        now: datetime,
    ) -> Draft | None:
        """Behind an answer, while `case` (not resolved) waits and none of these messages opened or added to it."""
        ids = {str(message.id) for message in messages}
        if case is None or any(rule["message_id"] in ids for rule in case.rules):
            return None
        heard = loop.staff_wrote_at(session, conversation.id)
        if heard is not None and heard >= case.opened_at:
            return None  # they talk
        return self._line(conversation, self._of(case, now), (case.opened_at, case.follow_up_at), now)

    def _of(self, case: Case, now: datetime) -> Line:
        if case.level == "emergency" and case.state == "open":
            return self._policy.waiting["emergency"]  # an hour late or not: they must not wait for us at all
        if case.due_at < now:
            return self._policy.late
        return self._policy.waiting[case.level] if case.state == "open" else self._policy.seen

    def _line(
        self, conversation: Conversation, line: Line, heard: Collection[datetime | None], now: datetime
    ) -> Draft | None:
        """The line, unless the patient heard something of the kind a short time ago or wants no texts."""
        times = [at for at in (conversation.held_at, *heard) if at is not None]
        if conversation.opted_out_at is not None or any(now - at < line.every for at in times):
            return None
        conversation.held_at = now
        return self._speech.say(line.words.to(conversation), conversation.channel, now)
