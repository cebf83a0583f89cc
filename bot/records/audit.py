"""The trail of what was done, by whom: added to, read, never changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.records.models import Audit

ASSISTANT, PATIENT, SYSTEM = "assistant", "patient", "system"
"""Actors that are not staff."""


def add(
    session: Session,
    actor: str,
    action: str,
    at: datetime,
    case_id: uuid.UUID | None = None,
    conversation_id: uuid.UUID | None = None,
    data: Mapping[str, Any] | None = None,
) -> Audit:
    """One more line. `data` must be what `json.dumps` can write, and never a patient's words."""
    line = Audit(
        at=at, actor=actor, action=action, case_id=case_id, conversation_id=conversation_id, data=dict(data or {})
    )
    session.add(line)
    session.flush()
    return line


def of_case(session: Session, case_id: uuid.UUID) -> list[Audit]:
    """What happened to a case, oldest first."""
    return list(session.scalars(select(Audit).where(Audit.case_id == case_id).order_by(Audit.id)))


def of_conversation(session: Session, conversation_id: uuid.UUID) -> list[Audit]:
    """What happened in a conversation and to its cases, oldest first."""
    query = select(Audit).where(Audit.conversation_id == conversation_id)
    return list(session.scalars(query.order_by(Audit.id)))


def latest(session: Session, case_id: uuid.UUID) -> Audit | None:
    """The last thing that happened to a case: who was first, to somebody who came second."""
    return session.scalar(select(Audit).where(Audit.case_id == case_id).order_by(Audit.id.desc()).limit(1))
