"""What the desk's inbox shows: cases and conversations as rows, counts, and a pulse that changes when they do."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session, aliased, load_only

from bot.records.models import (
    LEVELS,
    Audit,
    Case,
    CaseState,
    Channel,
    Contact,
    Conversation,
    Delivery,
    DeliveryState,
    Level,
    Message,
    Staff,
)

View = Literal["waiting", "all", "done"]
"""What waits for a person; every conversation; cases that are done."""

_LOOKED_AT: tuple[CaseState, ...] = ("open", "acknowledged")
_RANK = sql_case({level: rank for rank, level in enumerate(LEVELS, start=1)}, value=Case.level, else_=0)
_ASSIGNEE, _HOLDER = aliased(Staff), aliased(Staff)


@dataclass(frozen=True)
class Filters:
    """What of a view is shown; None for whatever it is. `mine` is the member of staff whose work is meant."""

    level: Level | None = None
    state: CaseState | None = None
    channel: Channel | None = None
    mine: uuid.UUID | None = None


@dataclass(frozen=True)
class Row:
    """One line of the inbox. A case whose conversation was deleted has none, a conversation need not have a case.

    `last` is what the patient said last, if nobody of staff has read it, else what anybody said last.
    `assignee` and `holder` (who took the conversation over) are names; `unread` counts the patient's messages nobody of
    staff looked at; `receipt` is the state of our latest text message; `address` the patient's number.
    """

    case: Case | None
    conversation: Conversation | None
    last: Message | None
    assignee: str | None
    holder: str | None
    unread: int
    receipt: DeliveryState | None
    address: str | None


@dataclass(frozen=True)
class Tally:
    """How many cases wait for a person, how many of them are `mine`, how many after their time and not in hand.

    `unseen` of these nobody has even looked at: the alarm is for them. `newest` is when the latest was opened.
    """

    waiting: int
    mine: int
    overdue: int
    unseen: int
    newest: datetime | None


def rows(session: Session, view: View, filters: Filters, limit: int) -> list[Row]:
    """At most `limit` lines: what waits by level and due time, conversations and done cases by their latest news."""
    query = _filtered(_query(view), filters)
    if view == "waiting":
        query = query.order_by(_RANK.desc(), Case.due_at, Conversation.updated_at.desc())
    elif view == "all":
        query = query.order_by(Conversation.updated_at.desc())
    else:
        query = query.order_by(Case.resolved_at.desc())
    found = [Row(*row) for row in session.execute(query.limit(limit))]
    if view == "waiting" and filters.channel is None:
        orphans = _filtered(_orphans(), filters, Case.assignee_id == filters.mine)
        for case, who in session.execute(orphans.order_by(_RANK.desc(), Case.due_at).limit(limit)):
            found.append(Row(case, None, None, who.display_name if who else None, None, 0, None, None))
        found.sort(key=_urgency)
    return found[:limit]


def rows_of(session: Session, conversations: Collection[uuid.UUID]) -> list[Row]:
    """The lines of these conversations, the latest news first."""
    query = _query("all").where(Conversation.id.in_(conversations)).order_by(Conversation.updated_at.desc())
    return [Row(*row) for row in session.execute(query)]


def tally(session: Session, staff_id: uuid.UUID, now: datetime) -> Tally:
    """How much waits for whom."""
    overdue = and_(Case.due_at <= now, Case.state.in_(_LOOKED_AT))
    query = select(
        func.count(),
        func.count().filter(Case.assignee_id == staff_id),
        func.count().filter(overdue),
        func.count().filter(overdue, Case.state == "open"),
        func.max(Case.opened_at),
    )
    return Tally(*session.execute(query.where(Case.state != "resolved")).one())


def pulse(session: Session, now: datetime) -> tuple[Any, ...]:
    """Another value whenever the inbox may look different; cheap enough to be asked each second."""
    overdue = select(func.count()).select_from(Case).where(Case.state != "resolved", Case.due_at <= now)
    query = select(
        select(func.max(Audit.id)).scalar_subquery(),
        select(func.max(Conversation.updated_at)).scalar_subquery(),
        overdue.scalar_subquery(),
    )
    return tuple(session.execute(query).one())


def _query(view: View) -> Select[Any]:
    unseen = and_(
        Message.conversation_id == Conversation.id, Message.seq > Conversation.seen_seq, Message.direction == "patient"
    )
    unread = select(func.count(Message.id)).where(unseen).correlate(Conversation).scalar_subquery()
    new = select(func.max(Message.seq)).where(unseen).correlate(Conversation).scalar_subquery()
    shown = func.coalesce(new, Conversation.last_seq)
    texted = aliased(Message)
    receipt = (
        select(Delivery.state)
        .join(texted, texted.id == Delivery.message_id)
        .where(Delivery.conversation_id == Conversation.id)
        .order_by(texted.seq.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    last = aliased(Message, name="last")
    query = select(Case, Conversation, last, _ASSIGNEE.display_name, _HOLDER.display_name, unread, receipt,
                   Contact.address)  # fmt: skip
    mine = and_(Case.conversation_id == Conversation.id, Case.state != "resolved")
    if view == "done":
        query = query.select_from(Case).join(Conversation, Conversation.id == Case.conversation_id, isouter=True)
        query = query.where(Case.state == "resolved")
    else:
        query = query.select_from(Conversation).join(Case, mine, isouter=True)
    if view == "waiting":
        query = query.where(or_(Case.id.is_not(None), Conversation.taken_over))
    return (
        query.join(
            last,
            and_(
                last.conversation_id == Conversation.id,
                last.seq == shown,
            ),
            isouter=True,
        )
        .join(_ASSIGNEE, _ASSIGNEE.id == Case.assignee_id, isouter=True)
        .join(_HOLDER, _HOLDER.id == Conversation.taken_over_by, isouter=True)
        .join(Contact, Contact.conversation_id == Conversation.id, isouter=True)
        .options(
            load_only(Conversation.channel, Conversation.taken_over, Conversation.updated_at, Conversation.last_seq),
            load_only(last.direction, last.text, last.received_at),
        )
    )


def _orphans() -> Any:
    """Cases that still wait though the patient deleted the conversation."""
    query = select(Case, _ASSIGNEE).join(_ASSIGNEE, _ASSIGNEE.id == Case.assignee_id, isouter=True)
    return query.where(Case.conversation_id.is_(None), Case.state != "resolved")


def _filtered(query: Select[Any], filters: Filters, mine: ColumnElement[bool] | None = None) -> Select[Any]:
    """`mine` is what makes a line somebody's, by default case or conversation."""
    if mine is None:
        mine = or_(Case.assignee_id == filters.mine, Conversation.taken_over_by == filters.mine)
    wanted: Sequence[tuple[object, ColumnElement[bool]]] = (
        (filters.level, Case.level == filters.level),
        (filters.state, Case.state == filters.state),
        (filters.channel, Conversation.channel == filters.channel),
        (filters.mine, mine),
    )
    return query.where(*(condition for value, condition in wanted if value is not None))


def _urgency(row: Row) -> tuple[int, float]:
    if row.case is None:
        return 0, -row.conversation.updated_at.timestamp() if row.conversation else 0.0
    return -1 - LEVELS.index(row.case.level), row.case.due_at.timestamp()
