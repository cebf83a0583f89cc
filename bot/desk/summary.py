"""What a clinician reads first: situation, background, findings with times, the part, what the patient was told.

All of it is what the records say; nothing is concluded here that triage did not conclude.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.desk.words import Words
from bot.records.models import LEVELS, Case, Conversation, Level, Message
from bot.triage.timeline import Timeline
from bot.triage.types import CaseHistory, Fact
from bot.understanding.types import Finding

DAYS_A_WEEK, HOURS_A_DAY = 7, 24
LIKELY = 0.05
"""Probability below which a part is not named among what else it may be."""


@dataclass(frozen=True)
class Ground:
    """Why the case was raised: the reason's name, its level, the patient's words, when, and where the rule is from."""

    rule: str
    name: str
    level: Level
    evidence: tuple[str, ...]
    at: datetime
    source: str


@dataclass(frozen=True)
class Stated:
    """One finding that stands: `detail` is its value, place and course, `words` the patient's own, `at` when said."""

    name: str
    detail: str
    assertion: str
    words: str
    at: datetime
    doubtful: bool
    whose: str


@dataclass(frozen=True)
class PartSummary:
    """What came out, probably: the label, the most likely first with their shares in percent, and the clues."""

    label: str
    candidates: tuple[tuple[str, int], ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """Something the patient was told: by whom, when, in which words."""

    message_id: uuid.UUID
    by: str
    text: str
    at: datetime
    safety: bool


@dataclass(frozen=True)
class Summary:
    """The case on one screen."""

    situation: tuple[Ground, ...] = ()
    background: tuple[Stated, ...] = ()
    findings: tuple[Stated, ...] = ()
    denied: tuple[Stated, ...] = ()
    part_facts: tuple[Stated, ...] = ()
    part: PartSummary | None = None
    told: tuple[Told, ...] = ()
    urgency: str = ""


def summarise(words: Words, conversation: Conversation, messages: Sequence[Message], case: Case | None) -> Summary:
    """The summary of a conversation, with the grounds of `case`; `messages` are all of both sides, in order."""
    facts = _standing(conversation, messages)
    stated = [(fact.finding.name, _stated(words, fact)) for fact in facts]
    hidden, background, part = (set(words.lists[key]) for key in ("hidden", "background", "part"))
    shown = [(name, each) for name, each in stated if name not in hidden]
    other = [each for name, each in shown if name not in background | part]
    assessment = next((m.assessment for m in reversed(messages) if m.assessment), None)
    return Summary(
        situation=_situation(words, case),
        background=tuple(each for name, each in shown if name in background),
        findings=tuple(each for each in other if each.assertion != "absent"),
        denied=tuple(each for each in other if each.assertion == "absent"),
        part_facts=tuple(each for name, each in shown if name in part),
        part=_part(words, assessment, facts, part),
        told=_told(messages, case),
        urgency=words.say("urgencies", assessment["urgency"]) if assessment else "",
    )


def _standing(conversation: Conversation, messages: Sequence[Message]) -> list[Fact]:
    """What stands of all that was said, in the order it was said; also of messages the assistant was silent to."""
    history = CaseHistory.from_dict(conversation.history)
    known = datetime.fromisoformat(history.at) if history.at else None
    later = [
        Fact(Finding.from_dict(finding), history.turns + turn, message.received_at.isoformat())
        for turn, message in enumerate(messages, start=1)
        if message.direction == "patient" and (known is None or message.received_at > known)
        for finding in message.understanding or ()
    ]
    merged = CaseHistory(facts=history.facts + tuple(later))
    standing, _ = Timeline(merged).now()
    return sorted((fact for facts in standing.values() for fact in facts), key=lambda fact: (fact.at, fact.turn))


def _situation(words: Words, case: Case | None) -> tuple[Ground, ...]:
    rules = case.rules if case is not None else []
    grounds = [
        Ground(
            entry["rule"],
            words.say("reasons", entry["rule"]),
            entry["level"],
            tuple(entry["evidence"]),
            datetime.fromisoformat(entry["at"]),
            entry["source"],
        )
        for entry in rules
    ]
    return tuple(sorted(grounds, key=lambda ground: (-LEVELS.index(ground.level), ground.at)))


def _stated(words: Words, fact: Fact) -> Stated:
    finding = fact.finding
    return Stated(
        name=words.say("findings", finding.name),
        detail=", ".join(_details(words, finding)),
        assertion=finding.assertion,
        words=finding.text,
        at=datetime.fromisoformat(fact.at),
        doubtful=finding.uncertain or finding.assertion == "hypothetical",
        whose="" if finding.subject == "self" else words.say("subjects", finding.subject),
    )


def _details(words: Words, finding: Finding) -> list[str]:
    """Value with its unit, place, course and duration, as far as they were stated."""
    more: Mapping[str, Any] = finding.attributes
    found = [_value(words, finding)] if finding.value is not None else []
    if site := more.get("site"):
        found.append(", ".join(str(each).replace("_", " ") for each in site))
    found += [str(more[key]) for key in ("trend", "severity") if more.get(key) is not None]
    if more.get("heavy"):
        found.append("heavy")
    if more.get("uncontrolled"):
        found.append("not controlled")
    if more.get("on_biting"):
        found.append("on biting")
    if (hours := more.get("since_hours")) is not None:
        found.append(f"since {_span(float(hours))}")
    if (kind := more.get("class")) and kind not in ("other", finding.value):
        found.append(str(kind).replace("_", " "))
    if (surgery := more.get("surgery")) and finding.name == "time_since_placement_weeks":
        found.append(words.say("values", str(surgery)))
    return found


def _value(words: Words, finding: Finding) -> str:
    value, name = finding.value, finding.name
    if not isinstance(value, (int, float)):
        return words.say("values", str(value))
    if name == "time_since_placement_weeks":
        days_only = finding.attributes.get("precision") == "day"
        return _span(value * DAYS_A_WEEK * HOURS_A_DAY, days_only) + " ago"
    if name == "time_since_event_days":
        return _span(value * HOURS_A_DAY) + " ago"
    unit = {"part_size_mm": " mm", "thread_width_mm": " mm", "fever_c": " °C", "pain_severity": " of 10"}.get(name, "")
    number = f"{value:.1f}".removesuffix(".0")
    if name == "fever_c":
        return f"{number}{unit} ({value * 9 / 5 + 32:.1f} °F)"
    return f"{number}{unit}"


def _span(hours: float, days_only: bool = False) -> str:
    """Whichever unit reads shortest; hours to the end of the third day, for rules count in them, unless `days_only`."""
    least = {"year": 8766.0, "month": 1461.0, "week": 336.0, "day": 24.0 if days_only else 72.5, "hour": 0.0}
    for size, unit in ((8766, "year"), (730.5, "month"), (168, "week"), (24, "day"), (1, "hour")):
        if hours >= least[unit]:
            amount = round(hours / size)
            return f"{amount} {unit}{'' if amount == 1 else 's'}"
    raise AssertionError("an hour is the least")


def _part(
    words: Words, assessment: Mapping[str, Any] | None, facts: Sequence[Fact], names: set[str]
) -> PartSummary | None:
    """Triage's guess, but only where something of a part was said: without a clue it is the prior, and says nothing."""
    guess = (assessment or {}).get("part")
    if not guess or not any(fact.finding.name in names for fact in facts):
        return None
    ranked = sorted(guess["candidates"].items(), key=lambda item: -item[1])
    likely = tuple((name, round(share * 100)) for name, share in ranked if share >= LIKELY)
    return PartSummary(words.say("part_labels", guess["label"]), likely, tuple(guess["evidence"]))


def _told(messages: Sequence[Message], case: Case | None) -> tuple[Told, ...]:
    """What answered the messages that raised the case, and whatever staff said."""
    raised = {entry.get("message_id") for entry in (case.rules if case is not None else []) if entry.get("response")}
    return tuple(
        Told(m.id, m.direction, m.text, m.received_at, str(m.in_reply_to) in raised)
        for m in messages
        if m.direction == "staff" or (m.direction == "assistant" and str(m.in_reply_to) in raised)
    )
