"""What the way of a message must know of others: which wait, which were not scanned, what was said meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.records.models import LEVELS, WAITING, Level, Message
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
_WITH_PHOTO = select(
    exists().where(PHOTOS.c.message_id.in_(bindparam("messages", expanding=True)), PHOTOS.c.state != "refused")
)
_RULES = select(CASES.c.rules).where(CASES.c.conversation_id == bindparam("conversation"))


def before(session: Session, message: Message, since: datetime) -> list[Message]:
    """The patient's messages up to this one that wait or came at `since` or later, oldest first; what a scan reads."""
    asked = {"conversation": message.conversation_id, "up_to": message.seq, "since": since}
    return [detached(Message, row._mapping) for row in session.execute(_BEFORE, asked)]


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


def with_photo(session: Session, messages: Collection[uuid.UUID]) -> bool:
    """Whether any of these messages came with a photo that staff can look at, or will be able to."""
    return session.scalar(_WITH_PHOTO, {"messages": list(messages)}) is True


def levels(session: Session, conversation_id: uuid.UUID) -> dict[str, Level]:
    """The highest level at which staff ever heard of each rule in this conversation, in cases resolved or not."""
    found: dict[str, Level] = {}
    for rules in session.scalars(_RULES, {"conversation": conversation_id}):
        for entry in rules:
            levels: tuple[Level, ...] = (entry["level"], found.get(entry["rule"], entry["level"]))
            found[entry["rule"]] = max(levels, key=LEVELS.index)
    return found
