"""How much there is to do: what metrics show of the records, whichever process wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.records.models import WAITING, Case, Channel, Conversation, Delivery, DeliveryState, Level, Message


@dataclass(frozen=True)
class Counts:
    """`oldest_waiting` is when the message came that waits longest for its answer; None if none waits."""

    waiting: Mapping[Channel, int]
    oldest_waiting: datetime | None
    open_cases: Mapping[Level, int]
    overdue_cases: int
    deliveries: Mapping[DeliveryState, int]


def counts(session: Session, now: datetime) -> Counts:
    """As of now."""
    waiting = (
        select(Conversation.channel, func.count(), func.min(Message.received_at))
        .join_from(Message, Conversation)
        .where(Message.status.in_(WAITING))
        .group_by(Conversation.channel)
    )
    rows = session.execute(waiting).all()
    still_open = Case.state != "resolved"
    cases = select(Case.level, func.count()).where(still_open).group_by(Case.level)
    overdue = select(func.count()).select_from(Case).where(still_open, Case.due_at < now)
    deliveries = select(Delivery.state, func.count()).group_by(Delivery.state)
    return Counts(
        waiting={row[0]: row[1] for row in rows},
        oldest_waiting=min((row[2] for row in rows), default=None),
        open_cases={row[0]: row[1] for row in session.execute(cases)},
        overdue_cases=session.scalar(overdue) or 0,
        deliveries={row[0]: row[1] for row in session.execute(deliveries)},
    )
