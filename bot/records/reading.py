"""What the web door reads of conversations: what is shown of one, and what changed in many."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bot.records.models import Case, Conversation, Message, Photo, PhotoState


@dataclass(frozen=True)
class State:
    """Whatever of a conversation a patient's device must hear of: another value of any of it is news."""

    last_seq: int
    taken_over: bool
    """A person has the conversation."""
    open_case: bool
    """Staff have been told and have not resolved it yet."""
    photos_settled: int = 0
    """Photos whose fate is known: it only grows, so that no look can miss one that was quick."""

    @property
    def handed_to_staff(self) -> bool:
        """Whether a person will act on the conversation."""
        return self.taken_over or self.open_case


def states(session: Session, conversations: Collection[uuid.UUID]) -> Mapping[uuid.UUID, State]:
    """The state of each of these conversations, in one query. One that was deleted is left out."""
    case = exists().where(Case.conversation_id == Conversation.id, Case.state != "resolved")
    settled = select(func.count()).where(Photo.conversation_id == Conversation.id, Photo.state != "wanted")
    query = select(Conversation.id, Conversation.last_seq, Conversation.taken_over, case, settled.scalar_subquery())
    rows = session.execute(query.where(Conversation.id.in_(conversations)))
    return {row[0]: State(*row[1:]) for row in rows}


def recent(session: Session, conversation: uuid.UUID, after: int, since: datetime) -> list[Message]:
    """Messages of both sides with a higher number than `after` that came at `since` or later, oldest first."""
    query = select(Message).where(
        Message.conversation_id == conversation, Message.seq > after, Message.received_at >= since
    )
    return list(session.scalars(query.order_by(Message.seq)))


def photos(session: Session, messages: Collection[uuid.UUID]) -> Mapping[uuid.UUID, PhotoState]:
    """What became of the photo of each of these messages that has one."""
    rows = session.execute(select(Photo.message_id, Photo.state).where(Photo.message_id.in_(messages)))
    return {row[0]: row[1] for row in rows}


def photos_of(session: Session, conversation: uuid.UUID) -> Mapping[uuid.UUID, PhotoState]:
    """What became of the photo of each message of a conversation that has one."""
    rows = session.execute(select(Photo.message_id, Photo.state).where(Photo.conversation_id == conversation))
    return {row[0]: row[1] for row in rows}
