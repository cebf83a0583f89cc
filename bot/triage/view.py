"""What is true now: the case history with later words overriding earlier ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.triage.types import CaseHistory, Fact
from bot.understanding.types import Finding, Subject

SINGLE = frozenset(
    {
        *("part_size_mm", "thread_width_mm", "thread_width", "threads", "pain_severity", "fever_c", "age", "stage"),
        *("count", "time_since_placement_weeks", "time_since_event_days", "tooth_location"),
    }
)
"""Findings of which only the latest turn counts: a new number replaces the old one."""

VALUED = frozenset(("part", "condition", "medication", "allergy", "surgery"))
"""Findings that are told apart by their value: "no crown" does not take back "the abutment"."""

HOURS_A_WEEK = 168.0
_NO_SURGERY = "crown_fitting"  # leaves no wound: its days explain no swelling
_NOTICEABLE = 0.5  # hours between messages below which nothing is counted on


@dataclass(frozen=True)
class View:
    """Facts that still stand after `until` turns, by name, with the intents and the time they are seen from."""

    facts: dict[str, tuple[Fact, ...]]
    aged: dict[str, tuple[Finding, ...]]
    """The findings of `facts` as of `now`: what lasts has lasted longer."""
    intents: frozenset[str]
    now: datetime | None
    overridden: frozenset[int]
    """The last turns before something present was taken back: earlier emergencies are looked for there."""

    @classmethod
    def of(cls, history: CaseHistory, until: int | None = None) -> View:
        """The view after all turns, or after turn `until`."""
        facts = [f for f in history.facts if until is None or f.turn <= until]
        overridden: set[int] = set()
        by_name: dict[str, list[Fact]] = {}
        for fact in facts:
            kept = by_name.setdefault(fact.finding.name, [])
            gone = [old for old in kept if _overrides(fact, old) and _same_person(fact, old, kept)]
            if gone:
                if any(old.finding.assertion == "present" for old in gone):
                    overridden.add(fact.turn - 1)
                kept[:] = [old for old in kept if not any(old is one for one in gone)]
            kept.append(fact)
        times = {f.at for f in facts} | ({history.at} if history.at and until is None else set())
        now = max((datetime.fromisoformat(at) for at in times), default=None)
        return cls(
            {name: tuple(held) for name, held in by_name.items()},
            {name: tuple(_aged(fact, now) for fact in held) for name, held in by_name.items()},
            frozenset(history.intents),
            now,
            frozenset(overridden),
        )

    def findings(self, names: Iterable[str]) -> list[Finding]:
        """The findings of these names that stand, in the order they were said."""
        return [finding for name in names for finding in self.aged.get(name, ())]

    def surgery_hours(self) -> tuple[float, Finding] | None:
        """Hours since the latest surgery that was stated, and the words for it; time between turns is added.

        Of several people's surgeries that of the patient counts: of whom most symptoms are told.
        """
        ages = [
            (float(fact.finding.value) * HOURS_A_WEEK + self._elapsed(fact), fact.finding)
            for fact in self.facts.get("time_since_placement_weeks", ())
            if isinstance(fact.finding.value, (int, float)) and fact.finding.attributes.get("surgery") != _NO_SURGERY
        ]
        ages += [
            (float(fact.finding.attributes["since_hours"]) + self._elapsed(fact), fact.finding)
            for fact in self.facts.get("surgery", ())
            if fact.finding.attributes.get("since_hours") is not None
            and fact.finding.assertion != "hypothetical"
            and fact.finding.value != _NO_SURGERY
        ]
        if len({finding.subject for _, finding in ages}) > 1:
            patient = self.patient()
            ages = [pair for pair in ages if pair[1].subject == patient] or ages
        return min(ages, key=lambda pair: pair[0]) if ages else None

    def patient(self) -> Subject:
        """Of whom most symptoms are told; the writer when equal."""
        told = Counter(
            fact.finding.subject
            for name, facts in self.facts.items()
            for fact in facts
            if fact.finding.assertion == "present" and name not in SINGLE | VALUED
        )
        return max(told, key=lambda subject: (told[subject], subject == "self"), default="self")

    def _elapsed(self, fact: Fact) -> float:
        return _hours(fact, self.now)


def _hours(fact: Fact, now: datetime | None) -> float:
    return (now - datetime.fromisoformat(fact.at)).total_seconds() / 3600 if now else 0.0


def _aged(fact: Fact, now: datetime | None) -> Finding:
    """What lasts has lasted longer since it was told, what happened is longer ago."""
    finding, hours = fact.finding, _hours(fact, now)
    if hours < _NOTICEABLE:
        return finding
    if finding.name == "time_since_event_days" and isinstance(finding.value, (int, float)):
        return replace(finding, value=finding.value + hours / 24)
    since = finding.attributes.get("since_hours")
    if since is None or finding.assertion != "present":
        return finding
    return replace(finding, attributes={**finding.attributes, "since_hours": since + hours})


def _same_person(new: Fact, old: Fact, kept: Sequence[Fact]) -> bool:
    """Whether `new` can be said of the person of `old`.

    A message that names nobody ("self") goes on about the person named before, unless the writer told the same of
    themselves; what is said of a child or of another person takes back nothing of anybody else.
    """
    if new.finding.subject == old.finding.subject:
        return True
    return new.finding.subject == "self" and not any(
        f.finding.name == new.finding.name and f.finding.subject == "self" and f.finding.assertion == "present"
        for f in kept
    )


def _overrides(new: Fact, old: Fact) -> bool:
    """Whether `new` takes the place of `old`: said in a later turn of the same thing at the same site."""
    a, b = new.finding, old.finding
    if a.name != b.name or new.turn <= old.turn or a.assertion == "hypothetical":
        return False
    if a.name in SINGLE:
        return True
    if a.name in VALUED and a.value != b.value:
        return False
    said_again = a.assertion == "present" and b.assertion == "present"
    return not said_again and _same_place(a, b)


def _same_place(new: Finding, old: Finding) -> bool:
    sites, before = set(new.attributes.get("site") or ()), set(old.attributes.get("site") or ())
    return not sites or bool(sites & before)
