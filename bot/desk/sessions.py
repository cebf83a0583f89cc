"""Sessions: a cookie nobody can guess, of which the database holds only the hash."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Response
from sqlalchemy.orm import Session

from bot.desk.desk import Desk
from bot.desk.headers import PREFIX
from bot.desk.tokens import digest, new_token
from bot.records import staff as records
from bot.records.models import Staff, StaffSession

COOKIE = "desk_session"
VISIT = "desk_visit"
"""Before a session: what the form to sign in is bound to."""
HALF = timedelta(minutes=10)
"""How long the second factor may take."""
TOUCH = timedelta(minutes=1)
"""Written down at most that often: not each look at a page is worth a write."""


@dataclass(frozen=True)
class Found:
    """A session that is not over, and whose it is."""

    session: StaffSession
    staff: Staff


def find(desk: Desk, token: str) -> Found | None:
    """The session of a cookie's token, if it is not over; remembers that it was used."""
    return _used(desk, digest(token)) if token else None


def lives(desk: Desk, session_id: str) -> bool:
    """Whether a session is still on, asked by an open page's stream, which must end with it.

    It counts as use: a desk that nobody touched for half an hour must still sound the alarm.
    """
    return _used(desk, session_id) is not None


def begin(desk: Desk, session: Session, staff_id: uuid.UUID, whole: bool, now: datetime) -> str:
    """A new session, always with a new token, which is returned; old ones that are over go."""
    records.tidy_sessions(session, now, desk.idle)
    token = new_token()
    ends = now + (desk.longest if whole else HALF)
    records.begin_session(session, staff_id, digest(token), secrets.token_hex(32), whole, now, ends)
    return token


def _used(desk: Desk, session_id: str) -> Found | None:
    now = desk.now()
    with desk.database.read() as session:
        row = records.find_session(session, session_id, now, desk.idle)
    if row is None:
        return None
    if now - row[0].last_seen_at > TOUCH:
        with desk.database.write() as session:
            records.touch(session, session_id, now)
    return Found(*row)


def set_cookie(response: Response, desk: Desk, name: str, value: str) -> None:
    """For this browser until it is closed, for the desk's pages alone, out of reach of scripts and other websites."""
    response.set_cookie(name, value, path=PREFIX, secure=desk.secure, httponly=True, samesite="strict")


def clear_cookie(response: Response, desk: Desk, name: str) -> None:
    """Take it back."""
    response.delete_cookie(name, path=PREFIX, secure=desk.secure, httponly=True, samesite="strict")
