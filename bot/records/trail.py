"""Reading the audit: filtered, a page at a time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.records.models import Audit


@dataclass(frozen=True)
class Wanted:
    """What to look for; None means any. `about` is the id of a case or of a conversation."""

    actor: str | None = None
    action: str | None = None
    about: uuid.UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(session: Session, wanted: Wanted, before: int | None, most: int) -> list[Audit]:
    """At most so many lines, the newest first, of those with an id below `before`."""
    query = select(Audit).order_by(Audit.id.desc()).limit(most)
    if wanted.actor is not None:
        query = query.where(Audit.actor == wanted.actor)
    if wanted.action is not None:
        query = query.where(Audit.action == wanted.action)
    if wanted.about is not None:
        query = query.where(or_(Audit.case_id == wanted.about, Audit.conversation_id == wanted.about))
    if wanted.since is not None:
        query = query.where(Audit.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Audit.at < wanted.until)
    if before is not None:
        query = query.where(Audit.id < before)
    return list(session.scalars(query))


def choices(session: Session) -> tuple[list[str], list[str]]:
    """Every actor and every action that is in it, in alphabetical order."""
    actors, actions = (
        session.scalars(select(column).distinct().order_by(column)) for column in (Audit.actor, Audit.action)
    )
    return list(actors), list(actions)
