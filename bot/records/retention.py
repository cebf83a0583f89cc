"""What is kept too long is deleted, in small transactions, and a line in the trail says how much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, exists, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Delete

from bot.records import audit, conversations
from bot.records.database import Database
from bot.records.models import Audit, Case, Conversation, Photo, Presence, StaffSession

BATCH = 50
"""Conversations, or photos, in one transaction: patients' messages are stored between two."""
EXPIRED = "expired"
"""Why a photo that was kept is not any more."""
Remove = Callable[[Iterable[str]], None]
"""Deletes photos' files."""


class Periods(Protocol):
    """How long what is kept: from a conversation's last message, a photo's coming, a case's end, a line's writing."""

    @property
    def conversations(self) -> timedelta: ...
    @property
    def photos(self) -> timedelta: ...
    @property
    def cases(self) -> timedelta: ...
    @property
    def audit(self) -> timedelta: ...


def purge(database: Database, periods: Periods, now: datetime, remove: Remove) -> Mapping[str, int]:
    """Delete what is older. Gives how many of each kind; nothing is deleted of whom a person must still act on."""
    counts = {
        "conversations": _in_batches(database, remove, lambda session: _conversations(session, now, periods)),
        "photos": _in_batches(database, remove, lambda session: _photos(session, now - periods.photos)),
    }
    with database.write() as session:
        old = now - periods.cases
        counts["cases"] = _count(session, delete(Case).where(Case.state == "resolved", Case.resolved_at < old))
        counts["audit"] = _count(session, delete(Audit).where(Audit.at < now - periods.audit))
        _count(session, delete(StaffSession).where(StaffSession.expires_at < now))
        _count(session, delete(Presence).where(Presence.at < now - timedelta(days=1)))
        if any(counts.values()):
            audit.add(session, audit.SYSTEM, "purged", now, data=counts)
    return counts


def _in_batches(database: Database, remove: Remove, some: Callable[[Session], tuple[int, list[str]]]) -> int:
    """Until nothing is left. Files go after the commit: what a crash leaves between is swept as nobody's."""
    total = 0
    while True:
        with database.write() as session:
            count, files = some(session)
        remove(files)
        total += count
        if count < BATCH:
            return total


def _conversations(session: Session, now: datetime, periods: Periods) -> tuple[int, list[str]]:
    query = select(Conversation.id).where(
        Conversation.updated_at < now - periods.conversations,
        Conversation.taken_over.is_(False),
        ~exists().where(Case.conversation_id == Conversation.id, Case.state != "resolved"),
    )
    old = list(session.scalars(query.order_by(Conversation.updated_at).limit(BATCH)))
    return len(old), [file for each in old for file in conversations.erase(session, each, audit.SYSTEM, now)]


def _photos(session: Session, before: datetime) -> tuple[int, list[str]]:
    query = select(Photo).where(
        Photo.state == "stored",
        Photo.created_at < before,
        ~exists().where(Case.conversation_id == Photo.conversation_id, Case.state != "resolved"),
    )
    old = list(session.scalars(query.order_by(Photo.created_at).limit(BATCH)))
    files = [photo.file for photo in old if photo.file]
    for photo in old:
        photo.state, photo.file, photo.reason = "refused", None, EXPIRED
    return len(old), files


def _count(session: Session, statement: Delete) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount
