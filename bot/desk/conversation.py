"""The page of one conversation with its case: what was said, what it means, what was done, and the box to answer in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import phonenumbers
from fastapi import APIRouter, HTTPException, Request, Response

from bot.desk.clock import Clock
from bot.desk.deps import Inside, Person, Signed
from bot.desk.desk import Desk
from bot.desk.inbox import Asked, listing
from bot.desk.lines import short, telephone, who
from bot.desk.pages import back_to, show
from bot.desk.summary import summarise
from bot.desk.thread import actor, entries, said
from bot.records import audit, dossier, notifications, presence
from bot.records.dossier import Dossier
from bot.records.models import Case, Message

router = APIRouter()


@router.get("/conversations/{conversation_id}")
def page(
    request: Request,
    desk: Inside,
    person: Person,
    conversation_id: uuid.UUID,
    case: uuid.UUID | None = None,
    everything: bool = False,
    canned: str = "",
) -> Response:
    """A conversation, by default with the case that is not done or else its latest; now it counts as read."""
    values = talk(desk, person, conversation_id, case, everything)
    arrive(desk, person, conversation_id, values["last_seq"])
    chosen = next((reply.text for reply in values["canned"] if reply.id == canned), "")
    return show(request, "conversation.html", draft=chosen, **values, **listing(desk, person, Asked(), conversation_id))


@router.get("/cases/{case_id}")
def of_case(request: Request, desk: Inside, person: Person, case_id: uuid.UUID) -> Response:
    """A case: on its conversation's page, or alone if the patient deleted that."""
    with desk.database.read() as session:
        case = session.get(Case, case_id)
        lines = audit.of_case(session, case_id)
        names, colleagues = dossier.names(session), dossier.colleagues(session)
        alerts = notifications.of_case(session, case_id)
    if case is None:
        raise HTTPException(404)
    if case.conversation_id is not None:
        return back_to(f"/desk/conversations/{case.conversation_id}?case={case_id}")
    words, clock = desk.tools.words, Clock(desk.now())
    history = [(actor(words, names, e), said(words, names, e), clock.moment(e.at)) for e in reversed(lines)]
    values: dict[str, Any] = {
        "case": case,
        "clock": clock,
        "short": short(case.id),
        "history": history,
        "names": names,
        "colleagues": colleagues,
        "alerts": alerts,
    }
    return show(request, "case_alone.html", **values, **listing(desk, person, Asked()))


@router.get("/live/conversations/{conversation_id}")
def fragment(
    request: Request,
    desk: Inside,
    person: Person,
    conversation_id: uuid.UUID,
    case: uuid.UUID | None = None,
    everything: bool = False,
) -> Response:
    """What of the page changes, for a page that is open."""
    return changed(request, desk, person, conversation_id, case, everything)


def changed(
    request: Request,
    desk: Desk,
    person: Signed,
    conversation_id: uuid.UUID,
    case: uuid.UUID | None = None,
    everything: bool = False,
    status: int = 200,
    **told: Any,
) -> Response:
    """The pieces of the page that may differ now; `told` is what an action that was asked for has to say."""
    values = talk(desk, person, conversation_id, case, everything)
    return show(request, "changed.html", status, told=told, say=desk.tools.words.say, words=desk.tools.words, **values)


def talk(
    desk: Desk, person: Signed, conversation_id: uuid.UUID, case_id: uuid.UUID | None = None, everything: bool = False
) -> dict[str, Any]:
    """What the templates of a conversation need. 404 if there is none."""
    now, words = desk.now(), desk.tools.words
    with desk.database.read() as session:
        found = dossier.dossier(session, conversation_id, everything)
        if found is None:
            raise HTTPException(404)
        case = found.case(case_id)
        here = presence.here(session, [conversation_id], now).get(conversation_id, ())
        colleagues = dossier.colleagues(session)
        alerts = notifications.of_case(session, case.id) if case else []
    if case_id is not None and case is None:
        raise HTTPException(404)
    clock = Clock(now)
    conversation = found.conversation
    return {
        "dossier": found,
        "conversation": conversation,
        "case": case,
        "clock": clock,
        "who": who(words, conversation, found.address),
        "short": short(conversation.id),
        "number": telephone(found.address) if found.address else "",
        "numbers": _numbers(desk, found.messages),
        "entries": entries(words, clock, found),
        "summary": summarise(words, conversation, found.messages, case),
        "history": _history(desk, clock, found),
        "holder": found.name_of(conversation.taken_over_by) or words.say("actors", "staff"),
        "mine": conversation.taken_over and conversation.taken_over_by == person.id,
        "others": [each for each in here if each.staff_id != person.id],
        "colleagues": colleagues,
        "names": found.names,
        "outcomes": words.all("outcomes"),
        "canned": desk.tools.canned.replies(person.display_name, now),
        "last_seq": conversation.last_seq,
        "everything": everything,
        "alerts": alerts,
    }


def arrive(desk: Desk, person: Signed, conversation_id: uuid.UUID, seq: int, answering: bool = False) -> None:
    """Somebody has the page open and has read up to `seq`; who looks at a patient's words stands in the trail."""
    now = desk.now()
    with desk.database.write() as session:
        came = presence.come(session, conversation_id, person.id, answering, now)
        if came and not answering:
            audit.add(session, person.name, "viewed", now, conversation_id=conversation_id)
        read = presence.seen(session, conversation_id, seq)
    if came or read:
        desk.tools.live.hurry()


def _history(desk: Desk, clock: Clock, found: Dossier) -> list[tuple[str, str, Any]]:
    """The whole trail, the newest first: who, what, when."""
    words = desk.tools.words
    return [(actor(words, found.names, e), said(words, found.names, e), clock.moment(e.at)) for e in found.events[::-1]]


def _numbers(desk: Desk, messages: Iterable[Message]) -> list[tuple[str, str]]:
    """Telephone numbers the patient wrote, for a link and as people read them."""
    region = desk.clinic.sms.country if desk.clinic.sms else None
    own = {"".join(filter(str.isdigit, number)) for number in (desk.clinic.phone, desk.clinic.oncall_phone)}
    found: dict[str, str] = {}
    for message in messages:
        if message.direction != "patient":
            continue
        for match in phonenumbers.PhoneNumberMatcher(message.text, region):
            dialled = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            if not any(dialled.endswith(number) for number in own if number):
                found[dialled] = telephone(dialled)
    return list(found.items())
