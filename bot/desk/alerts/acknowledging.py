"""What the link in an alert can do: show whether a case still needs somebody, and acknowledge it once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bot.desk.alerts.links import LASTS
from bot.records import audit, cases, notifications
from bot.records.models import Case, Level, Notification

State = Literal["open", "taken", "first", "used", "expired", "unknown"]
BY_LINK = "link: "
"""Before the target's name in the trail: a link says which address was told, not which person pressed."""


@dataclass(frozen=True)
class Page:
    """What stands behind a link. Nothing of the patient.

    `level`, `since`, `due_at` and `version` are an open case's; it is to be taken as it was shown, so `changed` says
    that it is another since. `at` is when the link was used, or when `who` was first.
    """

    state: State
    level: Level = "day"
    since: datetime | None = None
    due_at: datetime | None = None
    version: int = 0
    changed: bool = False
    who: str = ""
    at: datetime | None = None
    conversation_id: uuid.UUID | None = None


def look(session: Session, notification_id: uuid.UUID | None, now: datetime) -> Page:
    """The page of a link; `notification_id` is None for a link that is not ours."""
    row = session.get(Notification, notification_id) if notification_id else None
    case = session.get(Case, row.case_id) if row else None
    if row is None or case is None:
        return Page("unknown")
    if row.ack_used_at is not None:
        return Page("used", at=row.ack_used_at, conversation_id=case.conversation_id)
    if now >= (row.sent_at or row.created_at) + LASTS:
        return Page("expired", conversation_id=case.conversation_id)
    alarm = next(iter(notifications.alarms(session, case.id)), None)
    if alarm is None:
        return _first(session, case)
    return Page("open", alarm.level, alarm.since, alarm.due_at, case.version, conversation_id=case.conversation_id)


def take(session: Session, notification_id: uuid.UUID | None, version: int, now: datetime) -> Page:
    """Acknowledge the case as it was shown, as `version`. Whoever is second learns who was first."""
    page = look(session, notification_id, now)
    if page.state != "open":
        return page
    row = session.get_one(Notification, notification_id)
    acted = cases.acknowledge(session, row.case_id, version, BY_LINK + row.target, now)
    if acted.done:
        row.ack_used_at = now
        notifications.cancel_stale(session)
        return Page("taken", conversation_id=page.conversation_id)
    shown = look(session, notification_id, now)
    return replace(shown, changed=shown.state == "open")


def _first(session: Session, case: Case) -> Page:
    line = audit.latest(session, case.id)
    who = case.acknowledged_by or (line.actor if line else "")
    at = case.acknowledged_at or (line.at if line else None)
    return Page("first", who=who.removeprefix(BY_LINK), at=at, conversation_id=case.conversation_id)
