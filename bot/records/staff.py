"""The clinic's staff and the browsers they are signed in with."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from bot.records.models import Role, Staff, StaffSession


def normal(name: str) -> str:
    """A name as it is stored: nobody needs to remember capitals or blanks."""
    return " ".join(name.split()).casefold()


def by_name(session: Session, name: str, lock: bool = False) -> Staff | None:
    """Who signs in with this name; `lock` keeps another writer away from the row until the transaction ends."""
    query = select(Staff).where(Staff.name == normal(name))
    return session.scalar(query.with_for_update() if lock else query)


def locked(session: Session, staff_id: uuid.UUID) -> Staff | None:
    """The row, kept from other writers until the transaction ends."""
    return session.get(Staff, staff_id, with_for_update=True)


def get(session: Session, staff_id: uuid.UUID) -> Staff | None:
    """The row."""
    return session.get(Staff, staff_id)


def everybody(session: Session) -> list[Staff]:
    """All of them by name, those who may not sign in last."""
    return list(session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name)))


def anybody(session: Session) -> bool:
    """Whether there is any account at all."""
    return session.scalar(select(Staff.id).limit(1)) is not None


def add(session: Session, name: str, display_name: str, role: Role, at: datetime) -> Staff:
    """A new account, without a password yet. Raises sqlalchemy.exc.IntegrityError if the name is taken."""
    staff = Staff(name=normal(name), display_name=display_name, role=role, password_hash="", created_at=at)
    session.add(staff)
    session.flush()
    return staff


def forget_failures(staff: Staff) -> None:
    """The account is no longer locked."""
    staff.failures, staff.locked_until = 0, None


def begin_session(
    session: Session, staff_id: uuid.UUID, digest: str, csrf: str, whole: bool, at: datetime, expires_at: datetime
) -> StaffSession:
    """A signed-in browser; without `whole` its second factor is still to come."""
    row = StaffSession(
        id=digest,
        staff_id=staff_id,
        csrf=csrf,
        second_factor_done=whole,
        created_at=at,
        last_seen_at=at,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return row


def find_session(session: Session, digest: str, now: datetime, idle: timedelta) -> tuple[StaffSession, Staff] | None:
    """A session that is not over, and whose it is; None too if they may no longer sign in."""
    query = (
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.id == digest, StaffSession.expires_at > now, StaffSession.last_seen_at > now - idle)
        .where(Staff.active)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def sessions_of(session: Session, staff_id: uuid.UUID, now: datetime, idle: timedelta) -> list[StaffSession]:
    """Where somebody is signed in, the latest first."""
    query = (
        select(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.expires_at > now)
        .where(StaffSession.last_seen_at > now - idle, StaffSession.second_factor_done)
    )
    return list(session.scalars(query.order_by(StaffSession.last_seen_at.desc())))


def touch(session: Session, digest: str, now: datetime) -> None:
    """It was used just now. Nothing happens if it has ended meanwhile."""
    if row := session.get(StaffSession, digest):
        row.last_seen_at = now


def end_session(session: Session, digest: str) -> None:
    """Sign one browser out."""
    session.execute(delete(StaffSession).where(StaffSession.id == digest))


def end_sessions(session: Session, staff_id: uuid.UUID, but: Collection[str] = ()) -> None:
    """Sign somebody out everywhere, `but` in these."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.id.not_in(list(but))))


def tidy_sessions(session: Session, now: datetime, idle: timedelta) -> None:
    """Delete what is over anyway."""
    session.execute(
        delete(StaffSession).where(or_(StaffSession.expires_at <= now, StaffSession.last_seen_at <= now - idle))
    )
