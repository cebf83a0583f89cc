"""Text messages: whose number belongs to which conversation, and the way of each of our texts to its telephone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, aliased

from bot.records.models import Contact, Conversation, Delivery, DeliveryState, Message

OPEN: tuple[DeliveryState, ...] = ("queued", "sending")
RANK: dict[DeliveryState, int] = dict.fromkeys(get_args(DeliveryState), 3) | {"queued": 0, "sending": 1, "sent": 2}
"""A delivery only ever moves to a higher rank: what the provider reports comes late, twice and out of order."""
Outcome = Literal["sent", "delivered", "undelivered", "failed"]


@dataclass(frozen=True)
class Text:
    """One of our texts that is still to be sent, with all that decides when. `answers` is the patient's message."""

    delivery: Delivery
    message: Message
    answers: Message | None
    conversation: Conversation


def conversation_of(session: Session, address_hash: str) -> Conversation | None:
    """The conversation with this number."""
    query = select(Conversation).join(Contact, Contact.conversation_id == Conversation.id)
    return session.scalar(query.where(Contact.address_hash == address_hash))


def address_of(session: Session, conversation_id: uuid.UUID) -> str | None:
    """The number of a conversation, to send to and for nothing else."""
    return session.scalar(select(Contact.address).where(Contact.conversation_id == conversation_id))


def unsent(session: Session, conversation_id: uuid.UUID) -> list[Text]:
    """Every text of a conversation that is not with the provider yet, in the order it was said."""
    answered = aliased(Message)
    query = (
        select(Delivery, Message, answered, Conversation)
        .join(Message, Message.id == Delivery.message_id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .outerjoin(answered, answered.id == Message.in_reply_to)
        .where(Delivery.conversation_id == conversation_id, Delivery.state.in_(OPEN))
        .order_by(Message.seq)
    )
    return [Text(*row) for row in session.execute(query)]


def talk(session: Session, conversation_id: uuid.UUID, latest: int) -> Sequence[tuple[Message, Delivery | None]]:
    """The `latest` texts of a conversation, oldest first; a patient's has no delivery."""
    query = select(Message, Delivery).outerjoin(Delivery, Delivery.message_id == Message.id)
    rows = session.execute(
        query.where(Message.conversation_id == conversation_id).order_by(Message.seq.desc()).limit(latest)
    )
    return [(message, delivery) for message, delivery in rows][::-1]


def due(session: Session, now: datetime, limit: int) -> list[uuid.UUID]:
    """Conversations with a text that may be sent at `now`, the longest waiting first."""
    query = select(Delivery.conversation_id, Delivery.next_at).where(Delivery.state.in_(OPEN), Delivery.next_at <= now)
    rows = session.execute(query.order_by(Delivery.next_at).limit(limit))
    return list(dict.fromkeys(row[0] for row in rows))


def advance(
    session: Session, message_id: uuid.UUID, state: Outcome, at: datetime, provider_id: str | None, code: str | None
) -> bool:
    """Move a delivery forward. False when it already was as far: then nothing changes."""
    lower = [known for known, rank in RANK.items() if rank < RANK[state]]
    values: dict[str, object] = {"state": state, "updated_at": at, "error_code": code}
    if provider_id is not None:
        values["provider_id"] = provider_id
    result = session.execute(
        update(Delivery).where(Delivery.message_id == message_id, Delivery.state.in_(lower)).values(values),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def provider_ids(session: Session, conversation_id: uuid.UUID) -> Sequence[str]:
    """What the provider calls the texts of a conversation that it has."""
    query = select(Delivery.provider_id).where(
        Delivery.conversation_id == conversation_id, Delivery.provider_id.is_not(None)
    )
    return [found for found in session.scalars(query) if found is not None]
