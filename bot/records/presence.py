"""Who of staff has a conversation open now, who writes an answer, and how far anybody has read."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from bot.records.models import Conversation, Presence, Staff

FRESH = timedelta(seconds=45)
"""How long somebody counts as there after the last sign of life; their page gives one every 15 seconds."""


@dataclass(frozen=True)
class Here:
    """One who is there, and whether they write."""

    staff_id: uuid.UUID
    name: str
    answering: bool


def come(session: Session, conversation_id: uuid.UUID, staff_id: uuid.UUID, answering: bool, at: datetime) -> bool:
    """Somebody has the conversation open. True if others should hear: they just came, or began or ended to write."""
    row = session.get(Presence, (conversation_id, staff_id))
    if row is None:
        if session.get(Conversation, conversation_id) is None:
            return False
        row = Presence(conversation_id=conversation_id, staff_id=staff_id, at=at)
        row.answering_at = at if answering else None
        session.add(row)
        return True
    stale, wrote = at - row.at > FRESH, row.answering_at is not None
    row.at, row.answering_at = at, (row.answering_at or at) if answering else None
    return stale or wrote != answering


def leave(session: Session, conversation_id: uuid.UUID, staff_id: uuid.UUID) -> None:
    """They closed it."""
    session.execute(delete(Presence).where(Presence.conversation_id == conversation_id, Presence.staff_id == staff_id))


def here(session: Session, conversations: Collection[uuid.UUID], at: datetime) -> Mapping[uuid.UUID, Sequence[Here]]:
    """Who is there now, by conversation, in the order of their names."""
    query = (
        select(Presence, Staff.display_name)
        .join(Staff, Staff.id == Presence.staff_id)
        .where(Presence.conversation_id.in_(conversations), Presence.at > at - FRESH)
        .order_by(Staff.display_name)
    )
    found: dict[uuid.UUID, list[Here]] = {}
    for row, name in session.execute(query):
        found.setdefault(row.conversation_id, []).append(Here(row.staff_id, name, row.answering_at is not None))
    return found


def seen(session: Session, conversation_id: uuid.UUID, seq: int) -> bool:
    """Somebody has looked at everything up to the message number `seq`. True if nobody had before."""
    result = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.seen_seq < seq, Conversation.last_seq >= seq)
        .values(seen_seq=seq),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
