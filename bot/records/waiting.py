"""What the way of a message must know of others: which wait, which were not scanned, what was said meanwhile."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.records import conversations
from bot.records.models import LEVELS, WAITING, Conversation, Level, Message
from bot.records.rows import CASES, MESSAGES, PHOTOS, detached

# built once: to build such a statement takes as long as to run it
_BEFORE = (
    select(*MESSAGES.c["id", "text", "seq", "status", "received_at"])
    .where(
        MESSAGES.c.conversation_id == bindparam("conversation"),
        MESSAGES.c.direction == "patient",
        MESSAGES.c.seq <= bindparam("up_to"),
        or_(MESSAGES.c.status.in_(WAITING), MESSAGES.c.received_at >= bindparam("since")),
    )
    .order_by(MESSAGES.c.seq)
)
_WITH_PHOTO = select(exists().where(PHOTOS.c.message_id == bindparam("message"), PHOTOS.c.state != "refused"))
_RULES = select(CASES.c.rules).where(CASES.c.conversation_id == bindparam("conversation"))


@dataclass(frozen=True)
class Scene:
    """What a scan reads beside a message. `earlier`, oldest first and the message itself last: what waits or just came.

    `has_photo`: it came with one that staff can look at, or will be able to.
    """

    conversation: Conversation
    earlier: list[Message]
    has_photo: bool


def scene(session: Session, message: Message, since: datetime, photo: bool = True) -> Scene | None:
    """The scene of a patient's message: of others, what waits or came at `since` or later. None without conversation.

    `photo` False: it is known to have none.
    """
    conversation = conversations.read(session, message.conversation_id)
    if conversation is None:
        return None
    asked = {"conversation": message.conversation_id, "up_to": message.seq, "since": since}
    earlier = [detached(Message, row._mapping) for row in session.execute(_BEFORE, asked)]
    has_photo = photo and session.scalar(_WITH_PHOTO, {"message": message.id}) is True
    return Scene(conversation, earlier, has_photo)


def unscanned(session: Session, received_before: datetime, limit: int) -> list[uuid.UUID]:
    """Messages received before this time that no scan has seen, the longest waiting first."""
    query = select(Message.id).where(
        Message.status == "received", Message.understanding.is_(None), Message.received_at < received_before
    )
    return list(session.scalars(query.order_by(Message.received_at).limit(limit)))


def span(session: Session, conversation_id: uuid.UUID) -> tuple[datetime, datetime] | None:
    """When the first and the last of the messages came that wait in a conversation. None if none does."""
    query = select(func.min(Message.received_at), func.max(Message.received_at)).where(
        Message.conversation_id == conversation_id, Message.status.in_(WAITING)
    )
    first, last = session.execute(query).one()
    return None if first is None else (first, last)


def said_after(session: Session, conversation_id: uuid.UUID, seq: int) -> set[str]:
    """The texts of the assistant numbered higher than `seq`."""
    query = select(Message.text).where(
        Message.conversation_id == conversation_id, Message.direction == "assistant", Message.seq > seq
    )
    return set(session.scalars(query))


def levels(session: Session, conversation_id: uuid.UUID) -> dict[str, Level]:
    """The highest level at which staff ever heard of each rule in this conversation, in cases resolved or not."""
    found: dict[str, Level] = {}
    for rules in session.scalars(_RULES, {"conversation": conversation_id}):
        for entry in rules:
            levels: tuple[Level, ...] = (entry["level"], found.get(entry["rule"], entry["level"]))
            found[entry["rule"]] = max(levels, key=LEVELS.index)
    return found
