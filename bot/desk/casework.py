"""What staff do with a case: see it, take it in hand, give it to a colleague, close it, open it again.

Whoever comes second sees who was first, and nothing is overwritten.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Annotated, get_args

from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.orm import Session

from bot.desk.act import Act, Acting
from bot.desk.replying import give_back
from bot.records import audit, cases, dossier
from bot.records.cases import Acted
from bot.records.models import Case, CaseOutcome, Conversation, Role

CLINICAL: tuple[Role, ...] = ("clinician", "admin")
"""Roles that may say that an emergency is over."""
OUTCOMES: dict[str, CaseOutcome] = {word: word for word in get_args(CaseOutcome)}
Text = Annotated[str, Form()]
Number = Annotated[int, Form()]

router = APIRouter()


@router.post("/cases/{case_id}/acknowledge")
def acknowledge(act: Acting, case_id: uuid.UUID, version: Number) -> Response:
    """I have seen it: the alarm is silent."""
    return _on_case(act, case_id, "acknowledged", lambda session: cases.acknowledge(
        session, case_id, version, act.person.name, act.now))  # fmt: skip


@router.post("/cases/{case_id}/take")
def take(act: Acting, case_id: uuid.UUID, version: Number) -> Response:
    """I act on it, by telephone for example; the assistant goes on answering."""
    return _on_case(act, case_id, "in_hand", lambda session: cases.take_in_hand(
        session, case_id, version, act.person.name, act.now, act.person.id))  # fmt: skip


@router.post("/cases/{case_id}/assign")
def assign(act: Acting, case_id: uuid.UUID, version: Number, to: Text = "") -> Response:
    """Give it to a colleague, or to nobody."""

    def given(session: Session) -> Acted:
        colleagues = {str(id_): id_ for id_, _ in dossier.colleagues(session)}
        if to and to not in colleagues:
            raise HTTPException(404)
        return cases.assign(session, case_id, version, act.person.name, act.now, colleagues.get(to))

    return _on_case(act, case_id, "assigned", given)


@router.post("/cases/{case_id}/resolve")
def resolve(
    act: Acting, case_id: uuid.UUID, version: Number, outcome: Text = "", hand_back: Annotated[bool, Form()] = False
) -> Response:
    """It is done, with an outcome. An emergency may be closed only by who may judge one."""
    with act.desk.database.write() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise HTTPException(404)
        allowed = case.level != "emergency" or act.person.role in CLINICAL
        if not allowed:
            data = {"role": act.person.role, "what": "resolve"}
            audit.add(session, act.person.name, "refused", act.now, case.id, case.conversation_id, data)
    if not allowed:
        return act.refuse(case.conversation_id, "clinician", 403)
    if outcome not in OUTCOMES:
        return act.refuse(case.conversation_id, "no_outcome", 422)

    def resolved(session: Session) -> Acted:
        acted = cases.resolve(session, case_id, version, act.person.name, act.now, OUTCOMES[outcome])
        if acted.done and hand_back and acted.case is not None and acted.case.conversation_id is not None:
            conversation = session.get(Conversation, acted.case.conversation_id)
            if conversation is not None and conversation.taken_over:
                give_back(act, session, conversation.id, conversation.taken_over_by)
        return acted

    return _on_case(act, case_id, "resolved", resolved)


@router.post("/cases/{case_id}/reopen")
def reopen(act: Acting, case_id: uuid.UUID, version: Number) -> Response:
    """It is not done after all."""
    return _on_case(act, case_id, "reopened", lambda session: cases.reopen(
        session, case_id, version, act.person.name, act.now))  # fmt: skip


def _on_case(act: Act, case_id: uuid.UUID, done: str, change: Callable[[Session], Acted]) -> Response:
    with act.desk.database.write() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise HTTPException(404)
        conversation_id = case.conversation_id
        acted = change(session)
        first = acted.first
        who = dossier.names(session).get(first.actor, first.actor) if first else ""
    if acted.done:
        return act.end(conversation_id, case_id, done)
    action, at = (first.action, first.at) if first else ("", None)
    return act.refuse(conversation_id, "first", who=who, action=action, at=at)
