"""What staff do with a conversation: answer, take over, hand back, leave a note.

Whoever comes second sees who was first, and nothing is overwritten.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.orm import Session

from bot.desk.act import Act, Acting
from bot.desk.deps import Signed
from bot.desk.tools import JOINED, LEFT
from bot.records import audit, cases, conversations, dossier, presence, takeover
from bot.records.conversations import Draft
from bot.records.models import Channel, Conversation

LONGEST: dict[Channel, int] = {"web": 4_000, "sms": 1_600}
"""Characters of a reply; the provider takes no longer text message."""
LONGEST_NOTE = 4_000
Text = Annotated[str, Form()]
Id = Annotated[uuid.UUID | None, Form()]
Number = Annotated[int, Form()]

router = APIRouter()


@router.post("/conversations/{conversation_id}/reply")
def reply(
    act: Acting,
    conversation_id: uuid.UUID,
    text: Text = "",
    seen: Number = 0,
    holder: Id = None,
    mode: Annotated[Literal["take_over", "keep"], Form()] = "take_over",
) -> Response:
    """Write to the patient on their own channel. `seen` (a message's number) and `holder` are what the writer saw.

    Whoever is told that somebody was first has then seen it: sending again sends. `take_over` takes the conversation
    from whoever has it; `keep` leaves it there.
    """
    text = text.replace("\r\n", "\n").strip()
    with act.desk.database.write() as session:
        conversation = _locked(session, conversation_id)
        if not text:
            return act.refuse(conversation_id, "empty", 422)
        if len(text) > LONGEST[conversation.channel]:
            return act.refuse(conversation_id, "too_long", 422, text, most=LONGEST[conversation.channel])
        if conversation.opted_out_at is not None:
            return act.refuse(conversation_id, "opted_out", 409, text)
        first = _first(session, act.person, conversation, holder, seen)
        if first is not None:
            return act.refuse(conversation_id, draft=text, **first)
        if mode == "take_over" and conversation.taken_over_by != act.person.id:
            _take_over(act, session, conversation)
        (message,) = conversations.reply(session, conversation_id, [Draft(text)], act.now, None, by="staff")
        data = {"message_id": str(message.id)}
        audit.add(session, act.person.name, "replied", act.now, conversation_id=conversation_id, data=data)
        presence.come(session, conversation_id, act.person.id, False, act.now)
        presence.seen(session, conversation_id, message.seq)
        case = cases.open_case(session, conversation_id)
        if case is not None and case.state != "in_hand":
            cases.take_in_hand(session, case.id, None, act.person.name, act.now, act.person.id)
    act.said(conversation_id)
    return act.end(conversation_id, None, "replied")


@router.post("/conversations/{conversation_id}/take-over")
def take_over(act: Acting, conversation_id: uuid.UUID, holder: Id = None) -> Response:
    """From now on a person answers. `holder` is who had it when the button was pressed, nobody for the assistant."""
    with act.desk.database.write() as session:
        conversation = _locked(session, conversation_id)
        if conversation.taken_over_by != holder or (holder is None and conversation.taken_over):
            return act.refuse(conversation_id, "taken", who=_name(session, conversation), at=conversation.taken_over_at)
        _take_over(act, session, conversation)
        case = cases.open_case(session, conversation_id)
        if case is not None:
            cases.take_in_hand(session, case.id, None, act.person.name, act.now, act.person.id)
    return act.end(conversation_id, None, "taken_over")


@router.post("/conversations/{conversation_id}/hand-back")
def hand_back(act: Acting, conversation_id: uuid.UUID, holder: Id = None) -> Response:
    """The assistant answers again."""
    with act.desk.database.write() as session:
        conversation = _locked(session, conversation_id)
        if not give_back(act, session, conversation_id, holder):
            return act.refuse(conversation_id, "taken", who=_name(session, conversation), at=conversation.taken_over_at)
    return act.end(conversation_id, None, "handed_back")


@router.post("/conversations/{conversation_id}/notes")
def note(act: Acting, conversation_id: uuid.UUID, text: Text = "") -> Response:
    """Something for colleagues; the patient never sees it."""
    text = text.replace("\r\n", "\n").strip()
    with act.desk.database.write() as session:
        _locked(session, conversation_id)
        if not text or len(text) > LONGEST_NOTE:
            return act.refuse(conversation_id, "too_long" if text else "empty", 422, text, most=LONGEST_NOTE)
        case = cases.open_case(session, conversation_id)
        dossier.add_note(session, conversation_id, case.id if case else None, act.person.id, text, act.now)
        audit.add(session, act.person.name, "noted", act.now, case.id if case else None, conversation_id)
    return act.end(conversation_id, None, "noted")


def _locked(session: Session, conversation_id: uuid.UUID) -> Conversation:
    conversation = session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    if conversation is None:
        raise HTTPException(404)
    return conversation


def _first(
    session: Session, person: Signed, conversation: Conversation, holder: uuid.UUID | None, seen: int
) -> dict[str, Any] | None:
    """Who took the conversation, or answered in it, since the writer's page was made; None if nobody did."""
    by = conversation.taken_over_by
    if conversation.taken_over and by not in (holder, person.id):
        return {"why": "taken", "who": _name(session, conversation), "at": conversation.taken_over_at}
    newer = {str(message.id): message for message in dossier.staff_since(session, conversation.id, seen)}
    for line in audit.of_conversation(session, conversation.id):
        message = newer.get(line.data.get("message_id", ""))
        if message is not None and line.actor != person.name:
            who = dossier.names(session).get(line.actor, line.actor)
            return {"why": "answered", "who": who, "at": message.received_at, "quoted": message.text}
    return None


def _name(session: Session, conversation: Conversation) -> str:
    return dossier.names(session).get(conversation.taken_over_by or "", "") if conversation.taken_over else ""


def give_back(act: Act, session: Session, conversation_id: uuid.UUID, holder: uuid.UUID | None) -> bool:
    """The assistant answers again, and the patient hears of it, if the conversation still is with `holder`."""
    held = takeover.hand_back(session, conversation_id, holder, act.person.name, act.now)
    if held.done and held.conversation is not None:
        _tell(act, session, held.conversation, LEFT)
    return held.done


def _take_over(act: Act, session: Session, conversation: Conversation) -> None:
    """The patient hears of the first person, not of each colleague after them."""
    was, by = conversation.taken_over, conversation.taken_over_by
    held = takeover.take_over(session, conversation.id, was, by, act.person.id, act.person.name, act.now)
    if held.done and not was:
        _tell(act, session, conversation, JOINED)


def _tell(act: Act, session: Session, conversation: Conversation, response: str) -> None:
    if conversation.opted_out_at is None:
        draft = act.desk.tools.say(response, conversation.channel, act.now)
        conversations.reply(session, conversation.id, [draft], act.now, None)
        act.said(conversation.id)
