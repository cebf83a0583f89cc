"""Cases: one open per conversation; it can be raised and extended, never doubled and never lowered; staff act on it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from bot.records import audit
from bot.records.models import LEVELS, Audit, Case, CaseOutcome, CaseState, Conversation, Level

UNRESOLVED: tuple[CaseState, ...] = ("open", "acknowledged", "in_hand")
# built once: to build such a statement takes as long as to run it
_ALONE = select(Conversation.id).where(Conversation.id == bindparam("conversation")).with_for_update()
_UNRESOLVED = select(Case).where(Case.conversation_id == bindparam("conversation"), Case.state != "resolved")


@dataclass(frozen=True)
class Reason:
    """Why staff must act: the rule, its level, by when, and the patient's own words. `response` may be empty."""

    rule: str
    level: Level
    due_at: datetime
    evidence: tuple[str, ...]
    source: str
    response: str = ""


@dataclass(frozen=True)
class Acted:
    """Whether an action was `done`, the case as it is now (None: there is none), and who was `first` if it was not."""

    done: bool
    case: Case | None
    first: Audit | None = None


def _alone(session: Session, conversation_id: uuid.UUID) -> None:
    """One writer of a conversation's cases at a time."""
    session.execute(_ALONE, {"conversation": conversation_id})


def open_case(session: Session, conversation_id: uuid.UUID) -> Case | None:
    """The case of this conversation that is not resolved."""
    # as it is now, not as it was read
    return session.scalar(_UNRESOLVED, {"conversation": conversation_id}, execution_options={"populate_existing": True})


def raise_case(
    session: Session, conversation_id: uuid.UUID, message_id: uuid.UUID, reasons: Sequence[Reason], at: datetime
) -> Case | None:
    """Open a case for `reasons`, or add them to the one that is not resolved. No reasons: nothing happens, None.

    A higher level, or a new reason for acting within the hour, makes an acknowledged case open again.
    """
    if not reasons:
        return None
    _alone(session, conversation_id)
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
        data = {"level": top, "rules": [reason.rule for reason in reasons]}
        _note(session, case, audit.ASSISTANT, "opened", at, data)
        return case
    rules = _merged(case.rules, reasons, message_id, at)
    if rules != case.rules:
        _extend(session, case, rules, reasons, at)
    return case


def acknowledge(session: Session, case_id: uuid.UUID, version: int | None, actor: str, at: datetime) -> Acted:
    """Somebody has seen an open case.

    Here and below: `version` is the one the actor saw, None for whatever it is; `actor` is a name, see Audit.
    """
    values = {"state": "acknowledged", "acknowledged_at": at, "acknowledged_by": actor}
    return _change(session, case_id, version, actor, "acknowledged", at, ("open",), values)


def take_in_hand(
    session: Session, case_id: uuid.UUID, version: int | None, actor: str, at: datetime, assignee: uuid.UUID
) -> Acted:
    """The member of staff `assignee` acts on a case from now on."""
    values = {"state": "in_hand", "assignee_id": assignee}
    seen = session.scalar(select(Case.acknowledged_at).where(Case.id == case_id))
    if seen is None:
        values |= {"acknowledged_at": at, "acknowledged_by": actor}
    return _change(session, case_id, version, actor, "in_hand", at, UNRESOLVED, values, {"assignee": str(assignee)})


def assign(
    session: Session, case_id: uuid.UUID, version: int | None, actor: str, at: datetime, assignee: uuid.UUID | None
) -> Acted:
    """Give a case to a member of staff, or (None) back to everybody."""
    data = {"assignee": str(assignee) if assignee else None}
    return _change(session, case_id, version, actor, "assigned", at, UNRESOLVED, {"assignee_id": assignee}, data)


def resolve(
    session: Session, case_id: uuid.UUID, version: int | None, actor: str, at: datetime, outcome: CaseOutcome
) -> Acted:
    """A case is done."""
    values = {"state": "resolved", "resolved_at": at, "outcome": outcome}
    return _change(session, case_id, version, actor, "resolved", at, UNRESOLVED, values, {"outcome": outcome})


def reopen(
    session: Session,
    case_id: uuid.UUID,
    version: int | None,
    actor: str,
    at: datetime,
    due_at: datetime | None = None,
    why: str = "",
) -> Acted:
    """Make a case open again, as if nobody had looked; `why` is a word for the trail, `due_at` a new time if given.

    Not done if its conversation has another that is not resolved: that one is to be acted on.
    """
    case = session.get(Case, case_id)
    if case is not None and case.conversation_id is not None:
        _alone(session, case.conversation_id)
        other = open_case(session, case.conversation_id)
        if other is not None and other.id != case_id:
            return Acted(False, case, audit.latest(session, other.id))
    values: dict[str, Any] = {"state": "open", "acknowledged_at": None, "acknowledged_by": None}
    values |= {"resolved_at": None, "outcome": None} | ({"due_at": due_at} if due_at else {})
    states: tuple[CaseState, ...] = ("acknowledged", "in_hand", "resolved")
    return _change(session, case_id, version, actor, "reopened", at, states, values, {"why": why} if why else {})


def _change(
    session: Session,
    case_id: uuid.UUID,
    version: int | None,
    actor: str,
    action: str,
    at: datetime,
    allowed: Sequence[CaseState],
    values: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
) -> Acted:
    """One UPDATE decides who is first, on any database."""
    case = session.get(Case, case_id)
    if case is None:
        return Acted(False, None)
    if case.conversation_id is not None:  # in the order of raise_case: who waits for whom is then no circle
        _alone(session, case.conversation_id)
    statement = update(Case).where(Case.id == case_id, Case.state.in_(allowed))
    if version is not None:
        statement = statement.where(Case.version == version)
    result = session.execute(
        statement.values(version=Case.version + 1, **values), execution_options={"synchronize_session": False}
    )
    assert isinstance(result, CursorResult)
    session.refresh(case)
    if result.rowcount != 1:
        return Acted(False, case, audit.latest(session, case_id))
    _note(session, case, actor, action, at, data)
    return Acted(True, case)


def _extend(session: Session, case: Case, rules: list[Any], reasons: Sequence[Reason], at: datetime) -> None:
    before, state = case.level, case.state
    known = {entry["rule"]: entry["level"] for entry in case.rules}
    news = [each for each in reasons if each.rule not in known or _higher(each.level, known[each.rule])]
    for reason in news:
        case.level = max(case.level, reason.level, key=LEVELS.index)
        case.due_at = min(case.due_at, reason.due_at)
    case.rules = rules
    if news:
        case.version += 1
    if case.level != before or any(reason.level != "day" for reason in news):
        case.state, case.acknowledged_at, case.acknowledged_by = "open", None, None
    kind = "raised" if case.level != before else "extended"
    data = {"from": before, "level": case.level, "rules": [reason.rule for reason in reasons]}
    _note(session, case, audit.ASSISTANT, kind, at, data | ({"was": state} if state != case.state else {}))


def _note(session: Session, case: Case, actor: str, action: str, at: datetime, data: Mapping[str, Any] | None) -> None:
    audit.add(session, actor, action, at, case.id, case.conversation_id, data)


def _higher(level: Level, than: Level) -> bool:
    return LEVELS.index(level) > LEVELS.index(than)


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
        if _higher(reason.level, same["level"]):
            same |= {"level": reason.level, "response": reason.response, "source": reason.source}
    return merged
