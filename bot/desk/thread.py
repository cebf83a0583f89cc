"""A conversation from its first message to its last: both sides, staff's notes, and what happened to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.desk.clock import Clock, Moment
from bot.desk.marks import Piece, pieces
from bot.desk.words import Words
from bot.records.dossier import Dossier
from bot.records.models import Audit, Delivery, Message, Photo

Names = Mapping[uuid.UUID | str, str]
"""How members of staff are called, see Dossier."""
FAILED = ("undelivered", "failed")
SHOWN = ("opened", "raised", "acknowledged", "in_hand", "assigned", "resolved", "reopened", "taken_over",
         "handed_back", "nobody_reached", "follow_up_asked", "follow_up_reached", "follow_up_not_needed",
         "opted_out")  # fmt: skip
"""Lines of the trail that are told between the messages; the rest stands in the history alone."""


LAST = 10**9
"""In place of a message's number: what was done about a message stands after it."""


@dataclass(frozen=True)
class Receipt:
    """What became of a text message: a word, why if it failed, and when."""

    words: str
    failed: bool
    why: str
    at: Moment


@dataclass(frozen=True)
class Entry:
    """Something in the course of a conversation. `pieces` are its text, cut where it raised a flag.

    `rules` are names of what it raised; `buttons` the quick replies it offered; `day` is set where a new day begins.
    """

    kind: Literal["message", "note", "event"]
    id: str
    by: str
    author: str
    at: Moment
    pieces: Sequence[Piece] = ()
    rules: Sequence[str] = ()
    receipt: Receipt | None = None
    photos: Sequence[Photo] = ()
    buttons: Sequence[str] = ()
    unread: bool = False
    seq: int = 0
    day: str = ""


def entries(words: Words, clock: Clock, dossier: Dossier) -> list[Entry]:
    """Everything in the order it happened."""
    raised = _raised(dossier)
    authors = _authors(dossier)
    found: list[tuple[datetime, int, Entry]] = []
    for message in dossier.messages:
        entry = _message(words, clock, dossier, message, raised.get(message.id, ()), authors.get(str(message.id), ""))
        found.append((message.received_at, message.seq, entry))
    first = dossier.messages[0].received_at if dossier.earlier else None
    for note in dossier.notes:
        author = dossier.name_of(note.staff_id)
        entry = Entry("note", f"n-{note.id}", "note", author, clock.moment(note.at), (Piece(note.text),))
        found.append((note.at, 0, entry))
    took = {(event.actor, event.at) for event in dossier.events if event.action == "taken_over"}
    for event in dossier.events:
        twice = event.action == "in_hand" and (event.actor, event.at) in took  # one press did both
        if event.action in SHOWN and not twice:
            found.append((event.at, LAST, _event(words, clock, dossier, event)))
    # what is older than the messages that are shown is not shown either
    kept = [item for item in found if first is None or item[0] >= first]
    return _with_days(entry for _, _, entry in sorted(kept, key=lambda item: item[:2]))


def said(words: Words, names: Names, event: Audit) -> str:
    """A line of the trail: what was done, and to what end."""
    action = words.say("actions", event.action)
    data = event.data
    if rules := data.get("rules"):
        action += ": " + ", ".join(words.say("reasons", rule) for rule in rules)
    if outcome := data.get("outcome"):
        action += f": {words.say('outcomes', outcome)}"
    if "assignee" in data and event.action == "assigned":
        to = names.get(_uuid(data["assignee"]) or "", words.say("actors", "nobody"))
        action += f": {to}"
    if why := data.get("why"):
        action += f" ({words.say('whys', why)})"
    return action


def actor(words: Words, names: Names, event: Audit) -> str:
    """Who did it: a member of staff, the target of an alert, or none of them."""
    return names.get(event.actor) or words.all("actors").get(event.actor, event.actor)


def _raised(dossier: Dossier) -> Mapping[uuid.UUID, Sequence[tuple[str, Sequence[str]]]]:
    """By patient's message: the red flags, with their words, that may be marked in it: its own, and the same again."""
    flags = [
        (entry["rule"], entry["evidence"]) for case in dossier.cases for entry in case.rules if entry.get("response")
    ]
    own: dict[uuid.UUID, list[tuple[str, Sequence[str]]]] = {}
    for message in dossier.messages:
        if message.direction == "patient":
            mine = [(flag["rule"], flag["evidence"]) for flag in (message.assessment or {}).get("red_flags", ())]
            own[message.id] = [*flags, *mine]
    return own


def _authors(dossier: Dossier) -> Mapping[str, str]:
    """Who of staff wrote which message."""
    return {
        event.data["message_id"]: dossier.names.get(event.actor, event.actor)
        for event in dossier.events
        if event.action == "replied" and "message_id" in event.data
    }


def _message(
    words: Words, clock: Clock, dossier: Dossier, message: Message, raised: Sequence[tuple[str, Sequence[str]]], by: str
) -> Entry:
    cut = pieces(message.text, raised) if message.text else []
    rules = dict.fromkeys(rule for piece in cut for rule in piece.rules)
    return Entry(
        kind="message",
        id=f"m-{message.seq}",
        by=message.direction,
        author=by or words.say("actors", message.direction),
        at=clock.moment(message.received_at),
        pieces=cut,
        rules=[words.say("reasons", rule) for rule in rules],
        receipt=_receipt(words, clock, dossier.deliveries.get(message.id)),
        photos=dossier.photos.get(message.id, ()),
        buttons=[button["title"] for button in message.buttons or ()],
        unread=message.direction == "patient" and message.seq > dossier.conversation.seen_seq,
        seq=message.seq,
    )


def _receipt(words: Words, clock: Clock, delivery: Delivery | None) -> Receipt | None:
    if delivery is None:
        return None
    failed = delivery.state in FAILED
    code = delivery.error_code or ""
    why = words.all("delivery_errors").get(code, code) if failed else ""
    return Receipt(words.say("deliveries", delivery.state), failed, why, clock.moment(delivery.updated_at))


def _event(words: Words, clock: Clock, dossier: Dossier, event: Audit) -> Entry:
    author, done = actor(words, dossier.names, event), Piece(said(words, dossier.names, event))
    return Entry("event", f"e-{event.id}", "event", author, clock.moment(event.at), (done,))


def _with_days(found: Iterable[Entry]) -> list[Entry]:
    """The first of each day says which it is."""
    named: list[Entry] = []
    before = ""
    for entry in found:
        day = entry.at.full.rpartition(",")[0]
        named.append(entry if day == before else replace(entry, day=day))
        before = day
    return named


def _uuid(value: object) -> uuid.UUID | None:
    return uuid.UUID(str(value)) if value else None
