"""Conversations and their messages: stored, found, and answered exactly once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, aliased, defer
from sqlalchemy.sql.dml import Update

from bot.records import audit
from bot.records.models import (
    WAITING,
    Case,
    Channel,
    Contact,
    Conversation,
    Delivery,
    Direction,
    Message,
    Photo,
    Status,
)
from bot.records.rows import CASES, CONVERSATIONS, MESSAGES, detached

# built once: to build such a statement takes as long as to run it
_CONVERSATION = CONVERSATIONS.c.id == bindparam("conversation")
_MESSAGE = MESSAGES.c.id == bindparam("message")
_WAITS = or_(*(MESSAGES.c.status == status for status in WAITING))
_BY_TOKEN = select(*CONVERSATIONS.c["id", "channel", "language"]).where(
    CONVERSATIONS.c.token_hash == bindparam("token")
)
_READ = select(*(column for column in CONVERSATIONS.c if column.key != "history")).where(_CONVERSATION)
_HISTORY = select(CONVERSATIONS.c.version, CONVERSATIONS.c.history).where(_CONVERSATION)
_LOCKED = (
    select(Conversation)
    .options(defer(Conversation.history))
    .where(Conversation.id == bindparam("conversation"))
    .with_for_update()
)
_ALONE = select(CONVERSATIONS.c.id).where(_CONVERSATION).with_for_update()
_KNOWN = select(MESSAGES).where(
    MESSAGES.c.conversation_id == bindparam("conversation"), MESSAGES.c.client_id == bindparam("client_id")
)
_NUMBERS = (
    update(CONVERSATIONS)
    .where(_CONVERSATION)
    .values(last_seq=CONVERSATIONS.c.last_seq + bindparam("count"), updated_at=bindparam("at"))
    .returning(CONVERSATIONS.c.last_seq, CONVERSATIONS.c.channel)
)
_ADD = insert(MESSAGES)
_UNDERSTOOD = update(MESSAGES).where(_MESSAGE, MESSAGES.c.understanding.is_(None))
_TELL = update(MESSAGES).where(_MESSAGE, MESSAGES.c.status == "received")
_SETTLE = update(MESSAGES).where(_MESSAGE, _WAITS)
_REMEMBER = update(CONVERSATIONS).where(
    _CONVERSATION,
    CONVERSATIONS.c.version == bindparam("read"),
    CONVERSATIONS.c.taken_over == bindparam("with_staff"),
)
_IN_REPLY = MESSAGES.c.in_reply_to.in_(bindparam("to", expanding=True))
_STANDING = select(
    exists().where(CASES.c.conversation_id == bindparam("conversation"), CASES.c.state != "resolved"),
    exists().where(_IN_REPLY),
)
_REPLIES = select(MESSAGES).where(_IN_REPLY).order_by(MESSAGES.c.seq)
_WAITING = (
    select(
        *MESSAGES.c[
            "id",
            "conversation_id",
            "seq",
            "direction",
            "text",
            "received_at",
            "status",
            "attempts",
            "understanding",
            "assessment",
            "intents",
        ]
    )
    .where(MESSAGES.c.conversation_id == bindparam("conversation"), _WAITS, MESSAGES.c.seq <= bindparam("up_to"))
    .order_by(MESSAGES.c.seq)
)
_EMPTY = dict.fromkeys(MESSAGES.c.keys())
VERSION = 16
"""Digits of a notice's SHA-256 that name its wording."""


@dataclass(frozen=True)
class Draft:
    """A reply before it is stored; `buttons` are {title, payload, picture?}, `image` is an address on this server."""

    text: str
    buttons: tuple[Mapping[str, str], ...] = field(default=())
    image: str | None = None


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def create(session: Session, token: str, channel: Channel, language: str, at: datetime) -> Conversation:
    """A new, empty conversation."""
    conversation = Conversation(
        token_hash=token_hash(token), channel=channel, language=language, created_at=at, updated_at=at
    )
    session.add(conversation)
    session.flush()
    return conversation


def by_token(session: Session, token: str) -> Conversation | None:
    """The conversation of this token, if there is one: its id, channel and language."""
    row = session.execute(_BY_TOKEN, {"token": token_hash(token)}).one_or_none()
    return detached(Conversation, row._mapping) if row else None


def read(session: Session, conversation_id: uuid.UUID) -> Conversation | None:
    """A conversation as it is now, without its history."""
    row = session.execute(_READ, {"conversation": conversation_id}).one_or_none()
    return detached(Conversation, row._mapping) if row else None


def history(session: Session, conversation_id: uuid.UUID) -> tuple[int, dict[str, Any]] | None:
    """The case history of a conversation, and its version. None once the conversation is deleted."""
    row = session.execute(_HISTORY, {"conversation": conversation_id}).one_or_none()
    return (row[0], row[1]) if row else None


def locked(session: Session, conversation_id: uuid.UUID) -> Conversation | None:
    """A conversation, kept from other writers until the transaction ends; its history is loaded when it is read."""
    return session.scalar(_LOCKED, {"conversation": conversation_id})


def _numbers(session: Session, conversation_id: uuid.UUID, count: int, at: datetime) -> tuple[int, Channel]:
    """The first of `count` numbers for messages, and the conversation's channel."""
    # one UPDATE hands them out and holds the row, so that order is the database's on every database
    last, channel = session.execute(_NUMBERS, {"conversation": conversation_id, "count": count, "at": at}).one()
    return last - count + 1, channel


def _row(
    conversation_id: uuid.UUID, seq: int, direction: Direction, text: str, at: datetime, **columns: Any
) -> dict[str, Any]:
    """All columns of a new message."""
    known = {
        "id": uuid.uuid4(),
        "conversation_id": conversation_id,
        "seq": seq,
        "direction": direction,
        "text": text,
        "received_at": at,
        "buttons": [],
        "attempts": 0,
    }
    return _EMPTY | known | columns


def store(
    session: Session, conversation_id: uuid.UUID, text: str, client_id: str | None, received_at: datetime
) -> tuple[Message, bool]:
    """Store a patient's message and whether it is new: a repeated `client_id` gives the one stored before.

    Raises sqlalchemy.exc.NoResultFound if there is no such conversation.
    """
    if client_id is not None:
        session.execute(_ALONE, {"conversation": conversation_id})
        known = session.execute(_KNOWN, {"conversation": conversation_id, "client_id": client_id}).one_or_none()
        if known is not None:
            return detached(Message, known._mapping), False
    seq, _ = _numbers(session, conversation_id, 1, received_at)
    row = _row(conversation_id, seq, "patient", text, received_at, client_id=client_id, status="received")
    session.execute(_ADD, row)
    return detached(Message, row), True


def reply(
    session: Session,
    conversation_id: uuid.UUID,
    drafts: Sequence[Draft],
    at: datetime,
    to: uuid.UUID | None,
    by: Direction = "assistant",
    author: str | None = None,
) -> list[Message]:
    """Store what the assistant, or staff, say, in order; with a delivery each where there is a number to text to.

    `author` is who of staff it was, as the patient may read it.
    """
    if not drafts:
        return []
    first, channel = _numbers(session, conversation_id, len(drafts), at)
    rows = [
        _row(
            conversation_id,
            seq,
            by,
            draft.text,
            at,
            buttons=[dict(button) for button in draft.buttons],
            image=draft.image,
            author=author,
            in_reply_to=to,
        )
        for seq, draft in enumerate(drafts, first)
    ]
    session.execute(_ADD, rows)
    messages = [detached(Message, row) for row in rows]
    if channel == "sms" and session.get(Contact, conversation_id) is not None:
        session.add_all(
            Delivery(message_id=message.id, conversation_id=conversation_id, next_at=at, updated_at=at)
            for message in messages
        )
        session.flush()
    return messages


def erase(session: Session, conversation_id: uuid.UUID, actor: str, at: datetime) -> list[str]:
    """Delete a conversation for good. Gives the names of its photos' files, which the caller must delete.

    Its cases stay, without the patient's words: rules, levels and times are what the clinic must be able to show.
    """
    conversation = session.get(Conversation, conversation_id, with_for_update=True)
    if conversation is None:
        return []
    files = session.scalars(select(Photo.file).where(Photo.conversation_id == conversation_id, Photo.file.is_not(None)))
    names = [name for name in files if name is not None]
    for case in session.scalars(select(Case).where(Case.conversation_id == conversation_id)):
        case.rules = [rule | {"evidence": []} for rule in case.rules]
    audit.add(session, actor, "erased", at, conversation_id=conversation_id, data={"photos": len(names)})
    session.execute(delete(Conversation).where(Conversation.id == conversation_id))
    session.expunge(conversation)
    return names


def noticed(conversation: Conversation, text: str, at: datetime) -> None:
    """Keep which wording of a notice the patient got, and when."""
    conversation.noticed_at = at
    conversation.notice_version = hashlib.sha256(text.encode()).hexdigest()[:VERSION]


def understood(
    session: Session, message_id: uuid.UUID, findings: Sequence[Any], assessment: Mapping[str, Any] | None
) -> bool:
    """Keep what a scan saw in a message. False when another was first, or the message is gone."""
    return _one(session, _UNDERSTOOD, message=message_id, understanding=list(findings), assessment=assessment)


def settle(session: Session, message_id: uuid.UUID, status: Status, **columns: Any) -> bool:
    """Move a waiting message to `status`. False when another was first: then nothing may be sent for it."""
    statement = _TELL if status == "pending" else _SETTLE
    return _one(session, statement, message=message_id, status=status, **columns)


def remember(
    session: Session, conversation_id: uuid.UUID, history: Mapping[str, Any], version: int, taken_over: bool
) -> bool:
    """Put a new case history in place of the one read as `version`. False when it, or who has the talk, changed."""
    return _one(
        session,
        _REMEMBER,
        conversation=conversation_id,
        read=version,
        with_staff=taken_over,
        history=dict(history),
        version=version + 1,
    )


def standing(session: Session, conversation_id: uuid.UUID, message_ids: Sequence[uuid.UUID]) -> tuple[bool, bool]:
    """Whether a conversation has a case that is not resolved, and whether any of these messages has a reply."""
    row = session.execute(_STANDING, {"conversation": conversation_id, "to": message_ids}).one()
    return row[0], row[1]


def replies_to(session: Session, *message_ids: uuid.UUID) -> list[Message]:
    """Every reply to any of these messages, oldest first."""
    return [detached(Message, row._mapping) for row in session.execute(_REPLIES, {"to": message_ids})]


def after(session: Session, conversation_id: uuid.UUID, seq: int) -> list[Message]:
    """Messages of both sides with a higher number than `seq`."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq)
    return list(session.scalars(query.order_by(Message.seq)))


def waiting(session: Session, conversation_id: uuid.UUID, up_to: int) -> list[Message]:
    """Messages of a conversation without their full answer, numbered `up_to` or less, oldest first."""
    found = session.execute(_WAITING, {"conversation": conversation_id, "up_to": up_to})
    return [detached(Message, row._mapping) for row in found]


def left_waiting(session: Session, before: datetime, limit: int) -> list[Message]:
    """The newest waiting message of each conversation, received before `before`; the longest waiting first."""
    later = aliased(Message)
    newer = select(later.id).where(
        later.conversation_id == Message.conversation_id,
        later.status.in_(WAITING),
        later.received_at < before,
        later.seq > Message.seq,
    )
    query = select(Message).where(Message.status.in_(WAITING), Message.received_at < before, ~newer.exists())
    return list(session.scalars(query.order_by(Message.received_at).limit(limit)))


def answered_since(session: Session, moment: datetime) -> bool:
    """Whether any message got its full answer after `moment`: proof that the engine works."""
    return session.scalar(select(exists().where(Message.answered_at > moment))) is True


def _one(session: Session, statement: Update, **values: Any) -> bool:
    """Whether an UPDATE met its row as it was to be."""
    result = session.execute(statement, values)
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
