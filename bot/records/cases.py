"""Cases: one open per conversation; it can be raised and extended, never doubled and never lowered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.records.models import LEVELS, Case, CaseEvent, Conversation, Level

ASSISTANT = "assistant"


@dataclass(frozen=True)
class Reason:
    """Why staff must act: the rule, its level, by when, and the patient's own words. `response` may be empty."""

    rule: str
    level: Level
    due_at: datetime
    evidence: tuple[str, ...]
    source: str
    response: str = ""


def open_case(session: Session, conversation_id: uuid.UUID) -> Case | None:
    """The case of this conversation that is not closed."""
    return session.scalar(select(Case).where(Case.conversation_id == conversation_id, Case.state != "closed"))


def raise_case(
    session: Session, conversation_id: uuid.UUID, message_id: uuid.UUID, reasons: Sequence[Reason], at: datetime
) -> Case | None:
    """Open a case for `reasons`, or add them to the open one. No reasons: nothing happens, None."""
    if not reasons:
        return None
    session.get(Conversation, conversation_id, with_for_update=True)  # one writer at a time
    case = open_case(session, conversation_id)
    if case is None:
        top = max((reason.level for reason in reasons), key=LEVELS.index)
        case = Case(
            conversation_id=conversation_id,
            message_id=message_id,
            level=top,
            opened_at=at,
            due_at=min(reason.due_at for reason in reasons),
            rules=_merged([], reasons, message_id, at),
        )
        session.add(case)
        session.flush()
        _note(session, case, "opened", at, {"level": top, "rules": [reason.rule for reason in reasons]})
        return case
    rules = _merged(case.rules, reasons, message_id, at)
    if rules != case.rules:
        _extend(session, case, rules, reasons, at)
    return case


def events(session: Session, case_id: uuid.UUID) -> list[CaseEvent]:
    """What happened to a case, oldest first."""
    return list(session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)))


def _extend(session: Session, case: Case, rules: list[Any], reasons: Sequence[Reason], at: datetime) -> None:
    before = case.level
    known = {entry["rule"]: entry["level"] for entry in case.rules}
    for reason in reasons:
        if LEVELS.index(reason.level) > LEVELS.index(case.level):
            case.level = reason.level
        if reason.rule not in known or LEVELS.index(reason.level) > LEVELS.index(known[reason.rule]):
            case.due_at = min(case.due_at, reason.due_at)
    case.rules = rules
    kind = "raised" if case.level != before else "extended"
    _note(session, case, kind, at, {"from": before, "level": case.level, "rules": [reason.rule for reason in reasons]})


def _merged(rules: Sequence[Any], reasons: Sequence[Reason], message_id: uuid.UUID, at: datetime) -> list[Any]:
    """`rules` with each reason added, or its words and higher level put into the entry of the same rule."""
    merged = [dict(entry) for entry in rules]
    for reason in reasons:
        same = next((entry for entry in merged if entry["rule"] == reason.rule), None)
        if same is None:
            merged.append(
                {
                    "rule": reason.rule,
                    "level": reason.level,
                    "response": reason.response,
                    "source": reason.source,
                    "evidence": list(dict.fromkeys(reason.evidence)),
                    "message_id": str(message_id),
                    "at": at.isoformat(),
                }
            )
            continue
        same["evidence"] = list(dict.fromkeys([*same["evidence"], *reason.evidence]))
        if LEVELS.index(reason.level) > LEVELS.index(same["level"]):
            same |= {"level": reason.level, "response": reason.response, "source": reason.source}
    return merged


def _note(session: Session, case: Case, kind: str, at: datetime, data: dict[str, Any]) -> None:
    session.add(CaseEvent(case_id=case.id, at=at, actor=ASSISTANT, kind=kind, data=data))
    session.flush()
