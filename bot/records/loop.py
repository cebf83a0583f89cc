"""What the closed loop asks of the records: who waits for staff, whom to ask whether they came, and the alarm again."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from bot.records import audit
from bot.records.models import WAITING, Audit, Case, Conversation, Direction, Level, Message

REOPENED, STAFF_SILENT = "reopened", "staff_silent"
"""Actions of the trail: from the first the alarm's steps begin anew; the second says that the patient was told."""


def staff_wrote_at(session: Session, conversation_id: uuid.UUID) -> datetime | None:
    """When staff last wrote in a conversation."""
    last = _latest(session, conversation_id, "staff")
    return last.received_at if last else None


def to_ask(
    session: Session,
    now: datetime,
    after: Mapping[Level, timedelta],
    not_after: timedelta,
    calm: timedelta,
    only: uuid.UUID | None = None,
) -> list[Case]:
    """Cases, or the `only` one, whose patient may be asked now: overdue so long, not asked yet, nobody writes.

    Left out: what is resolved or has no conversation, who wants no texts, whom a person has or staff have written to.
    """
    due = or_(*(and_(Case.level == level, Case.due_at <= now - wait) for level, wait in after.items()))
    staff = exists().where(
        Message.conversation_id == Case.conversation_id,
        Message.direction == "staff",
        Message.received_at >= Case.opened_at,
    )
    writes = exists().where(
        Message.conversation_id == Case.conversation_id,
        Message.direction == "patient",
        or_(Message.status.in_(WAITING), Message.received_at > now - calm),
    )
    query = (
        select(Case)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(Case.state != "resolved", Case.follow_up_state == "none", due)
        .where(Case.due_at > now - not_after, Conversation.opted_out_at.is_(None), ~Conversation.taken_over)
        .where(~staff, ~writes)
    )
    if only is not None:
        query = query.where(Case.id == only)
    return list(session.scalars(query.order_by(Case.due_at), execution_options={"populate_existing": True}))


def asked(session: Session, message: Message) -> Case | None:
    """The case whose question this message of a patient answers: nothing else was said to them in between."""
    question = session.scalar(
        select(Message)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.direction != "patient",
            Message.seq < message.seq,
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    if question is None:
        return None
    query = select(Case).where(
        Case.conversation_id == message.conversation_id,
        Case.follow_up_state == "asked",
        Case.follow_up_at == question.received_at,
    )
    return session.scalar(query, execution_options={"populate_existing": True})


def with_staff(session: Session) -> list[uuid.UUID]:
    """Conversations that a person has."""
    return list(session.scalars(select(Conversation.id).where(Conversation.taken_over)))


def left_alone(session: Session, conversation: Conversation) -> tuple[Message, datetime] | None:
    """The message that waits for the person who has the conversation, and since when it does.

    None where they have answered, or the patient was told already that nobody does.
    """
    last = _latest(session, conversation.id, "staff")
    query = select(Message).where(Message.conversation_id == conversation.id, Message.direction == "patient")
    taken = conversation.taken_over_at
    if taken is not None and (last is None or last.received_at <= taken):  # they have not said a word yet
        message = session.scalar(query.order_by(Message.seq.desc()).limit(1))
        since = taken
    else:
        message = session.scalar(query.where(Message.seq > (last.seq if last else 0)).order_by(Message.seq).limit(1))
        since = message.received_at if message else conversation.updated_at
    told = exists().where(Audit.conversation_id == conversation.id, Audit.action == STAFF_SILENT, Audit.at >= since)
    return None if message is None or session.scalar(select(told)) else (message, since)


def alarm_again(session: Session, case: Case, actor: str, at: datetime, why: str) -> None:
    """Make a case one that nobody looked at and that is due now: whoever is alerted hears of it once more."""
    case.state, case.acknowledged_at, case.acknowledged_by = "open", None, None
    case.due_at, case.version = min(case.due_at, at), case.version + 1
    audit.add(session, actor, REOPENED, at, case.id, case.conversation_id, {"why": why})


def only_for(case: Case, rules: Collection[str]) -> bool:
    """Whether all that a case was opened for is among `rules`."""
    return bool(case.rules) and all(entry["rule"] in rules for entry in case.rules)


def _latest(session: Session, conversation_id: uuid.UUID, direction: Direction) -> Message | None:
    query = select(Message).where(Message.conversation_id == conversation_id, Message.direction == direction)
    return session.scalar(query.order_by(Message.seq.desc()).limit(1))
