"""Names that nobody has, tried at the sign-in: who tries them must not find out that nobody has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.records.models import Stranger

MOST = 10_000
"""Of which failures are remembered; then those go that were free again first."""


def failed(session: Session, digest: str, now: datetime, pause: Callable[[int], timedelta]) -> datetime | None:
    """Until when a name is locked, as an account would be; else one more failure counts, None.

    `digest` is a hash of the name; `pause` tells how long one waits after so many failures in a row.
    """
    row = session.get(Stranger, digest, with_for_update=True) or _added(session, digest, now)
    if row.locked_until > now:
        return row.locked_until
    row.failures += 1
    row.locked_until = now + pause(row.failures)
    return None


def _added(session: Session, digest: str, now: datetime) -> Stranger:
    try:
        with session.begin_nested():
            session.add(Stranger(id=digest, failures=0, locked_until=now))
    except IntegrityError:  # another process was first
        pass
    else:
        if session.scalar(select(func.count()).select_from(Stranger)) > MOST:  # type: ignore[operator]
            oldest = select(Stranger.id).where(Stranger.id != digest).order_by(Stranger.locked_until).limit(1)
            session.execute(delete(Stranger).where(Stranger.id == oldest.scalar_subquery()))
    return session.get_one(Stranger, digest, with_for_update=True)
