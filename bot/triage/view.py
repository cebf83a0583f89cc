"""What is true now: the case history with later words overriding earlier ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.triage.types import CaseHistory, Fact
from bot.understanding.types import Finding

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


@dataclass(frozen=True)
class View:
    """Facts that still stand after `until` turns, by name, with the intents and the time they are seen from."""

    facts: dict[str, tuple[Fact, ...]]
    intents: frozenset[str]
    now: datetime | None
    overridden: frozenset[int]
    """The last turns before something present was taken back: earlier emergencies are looked for there."""

    @classmethod
    def of(cls, history: CaseHistory, until: int | None = None) -> View:
        """The view after all turns, or after turn `until`."""
        facts = [f for f in history.facts if until is None or f.turn <= until]
        kept: list[Fact] = []
        overridden: set[int] = set()
        for fact in facts:
            gone = [old for old in kept if _overrides(fact, old)]
            if any(old.finding.assertion == "present" for old in gone):
                overridden.add(fact.turn - 1)
            kept = [old for old in kept if old not in gone] + [fact]
        by_name: dict[str, list[Fact]] = {}
        for fact in kept:
            by_name.setdefault(fact.finding.name, []).append(fact)
        now = max((datetime.fromisoformat(f.at) for f in facts), default=None)
        return cls({k: tuple(v) for k, v in by_name.items()}, frozenset(history.intents), now, frozenset(overridden))

    def findings(self, names: Iterable[str]) -> list[Finding]:
        """The findings of these names that stand, in the order they were said."""
        return [fact.finding for name in names for fact in self.facts.get(name, ())]

    def surgery_hours(self) -> tuple[float, Finding] | None:
        """Hours since the latest surgery that was stated, and the words for it; time between turns is added."""
        ages = [
            (float(fact.finding.value) * HOURS_A_WEEK + self._elapsed(fact), fact.finding)
            for fact in self.facts.get("time_since_placement_weeks", ())
            if isinstance(fact.finding.value, (int, float))
        ]
        ages += [
            (float(fact.finding.attributes["since_hours"]) + self._elapsed(fact), fact.finding)
            for fact in self.facts.get("surgery", ())
            if fact.finding.attributes.get("since_hours") is not None and fact.finding.assertion != "hypothetical"
        ]
        return min(ages, key=lambda pair: pair[0]) if ages else None

    def _elapsed(self, fact: Fact) -> float:
        return (self.now - datetime.fromisoformat(fact.at)).total_seconds() / 3600 if self.now else 0.0


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
