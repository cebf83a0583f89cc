"""The lines of the inbox, in words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import phonenumbers

from bot.desk.clock import Clock, Moment
from bot.desk.words import Words
from bot.records.desk import Row
from bot.records.models import LEVELS, Channel, Conversation
from bot.records.presence import Here

QUOTED = 160
"""Characters of a message that a line shows."""
UNDELIVERED = ("undelivered", "failed")


@dataclass(frozen=True)
class Line:
    """One line. `level` and `state` are codes for its looks, `late` that its time is over and nobody acts on it."""

    id: str
    href: str
    who: str
    short: str
    channel: Channel | None
    level: str
    level_words: str
    state: str
    state_words: str
    reason: str
    more: int
    evidence: str
    due: Moment | None
    late: bool
    last_by: str
    last_text: str
    last_at: Moment | None
    unread: int
    assignee: str
    holder: str
    here: Sequence[Here]
    undelivered: bool
    outcome: str
    resolved_at: Moment | None


def line(words: Words, clock: Clock, row: Row, here: Mapping[uuid.UUID, Sequence[Here]]) -> Line:
    """One row as it is shown."""
    case, conversation, last = row.case, row.conversation, row.last
    rules = sorted(case.rules, key=lambda rule: -LEVELS.index(rule["level"])) if case else []
    top = rules[0] if rules else None
    return Line(
        id=f"c-{conversation.id if conversation else case.id if case else ''}",
        href=f"/desk/conversations/{conversation.id}" if conversation else f"/desk/cases/{case.id if case else ''}",
        who=who(words, conversation, row.address),
        short=short(conversation.id if conversation else case.id if case else None),
        channel=conversation.channel if conversation else None,
        level=case.level if case else "none",
        level_words=words.say("levels", case.level) if case else "",
        state=case.state if case else "none",
        state_words=words.say("states", case.state) if case else "",
        reason=words.say("reasons", top["rule"]) if top else "",
        more=max(len(rules) - 1, 0),
        evidence=cut(next(iter(top["evidence"]), "")) if top else "",
        due=clock.moment(case.due_at) if case and case.state != "resolved" else None,
        late=case is not None and case.state in ("open", "acknowledged") and case.due_at <= clock.now,
        last_by=last.direction if last else "",
        last_text=cut(last.text) if last else "",
        last_at=clock.moment(last.received_at) if last else None,
        unread=row.unread,
        assignee=row.assignee or "",
        holder=(row.holder or words.say("actors", "staff")) if conversation and conversation.taken_over else "",
        here=here.get(conversation.id, ()) if conversation else (),
        undelivered=row.receipt in UNDELIVERED,
        outcome=words.say("outcomes", case.outcome) if case else "",
        resolved_at=clock.moment(case.resolved_at) if case and case.resolved_at else None,
    )


def who(words: Words, conversation: Conversation | None, address: str | None) -> str:
    """Whom it is about: the number they text from, or the channel. Patients of the website have no name."""
    if conversation is None:
        return words.say("channels", "gone")
    return telephone(address) if address else words.say("channels", conversation.channel)


def short(id_: uuid.UUID | None) -> str:
    """Four characters to speak of a conversation by."""
    return id_.hex[:4].upper() if id_ else ""


def telephone(address: str) -> str:
    """A number as people of its country write it."""
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return address
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def cut(text: str) -> str:
    """The beginning of a text, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED else flat[: QUOTED - 1].rstrip() + "…"
