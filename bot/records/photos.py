"""Photos of messages: the row of each, written with its message or once it was fetched."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.records.models import Message, Photo, PhotoState
from bot.records.rows import PHOTOS

# built once: to build such a statement takes as long as to run it
_STATES = select(PHOTOS.c.state).where(PHOTOS.c.message_id.in_(bindparam("messages", expanding=True)))
LOST = "lost"
"""The reason of a photo that died with the process that had it."""


@dataclass(frozen=True)
class Outcome:
    """What became of a photo: kept as `file` (its size in pixels and bytes), or refused for a `reason`, a word."""

    state: PhotoState
    file: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    reason: str | None = None


def attach(session: Session, message: Message, outcome: Outcome, at: datetime) -> Photo:
    """A photo that came with the message."""
    photo = Photo(message_id=message.id, conversation_id=message.conversation_id, next_at=at, created_at=at)
    _write(photo, outcome)
    session.add(photo)
    session.flush()
    return photo


def settle(session: Session, photo_id: uuid.UUID, outcome: Outcome) -> bool:
    """What became of a photo that was wanted, or that was lost and came again. False if none is any more.

    Then its file is nobody's.
    """
    photo = session.get(Photo, photo_id, with_for_update=True)
    if photo is None or not (photo.state == "wanted" or photo.reason == LOST):
        return False
    _write(photo, outcome)
    return True


def abandoned(session: Session, before: datetime) -> list[Photo]:
    """Uploads from before this time that never came to an end; what is at the provider's can still be fetched."""
    query = select(Photo).where(Photo.state == "wanted", Photo.source_url.is_(None), Photo.created_at < before)
    return list(session.scalars(query.order_by(Photo.created_at)))


def of(session: Session, messages: Collection[uuid.UUID]) -> list[Photo]:
    """The photos of these messages, in the order they came."""
    query = select(Photo).where(Photo.message_id.in_(messages))
    return list(session.scalars(query.order_by(Photo.created_at)))


def states(session: Session, messages: Collection[uuid.UUID]) -> list[PhotoState]:
    """The state of each photo of these messages."""
    return list(session.scalars(_STATES, {"messages": list(messages)}))


def files(session: Session) -> set[str]:
    """The names of all files that belong to a photo."""
    return {name for name in session.scalars(select(Photo.file)) if name is not None}


def _write(photo: Photo, outcome: Outcome) -> None:
    photo.state, photo.file, photo.reason = outcome.state, outcome.file, outcome.reason
    photo.width, photo.height, photo.bytes = outcome.width, outcome.height, outcome.bytes
    photo.content_type = "image/jpeg" if outcome.file else None
    photo.source_url = None  # the provider's address is of no more use
