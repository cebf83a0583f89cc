"""What is true now: the case history with later words overriding earlier ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.triage.timeline import SINGLE, VALUED, Standing, Timeline, lasts
from bot.triage.types import CaseHistory, Fact
from bot.understanding.types import Finding, Subject

HOURS_A_WEEK = 168.0
SURGERY_HOURS = "surgery_hours"
"""Stands among names of findings for what `View.surgery_hours` returns."""
_NO_SURGERY = "crown_fitting"  # leaves no wound: its days explain no swelling
_NO_SYMPTOMS = SINGLE | VALUED
_NOTICEABLE = 0.5  # hours between messages below which nothing is counted on

Surgery = tuple[float, Finding]
"""Hours since a surgery, and the words for it."""


@dataclass(frozen=True)
class View:
    """Facts that stand after some turn, by name, with the intents and the time they are seen from."""

    facts: Standing
    now: datetime | None
    intents: frozenset[str]
    timeline: Timeline
    memory: dict[tuple[Any, frozenset[str]], Any] = field(default_factory=dict)
    """What each condition (rules.py) found for the assertions it was asked with, so that it is worked out once."""
    _aged: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    _accepted: dict[tuple[str, frozenset[str]], tuple[Finding, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, history: CaseHistory, until: int | None = None) -> View:
        """The view after all turns, or after turn `until`."""
        timeline, intents = Timeline(history), frozenset(history.intents)
        if until is None:
            return cls(*timeline.now(), intents, timeline)
        return cls(*timeline.after(until), intents, timeline)

    @cached_property
    def names(self) -> frozenset[str]:
        """Of what stands."""
        return frozenset(self.facts)

    @property
    def overridden(self) -> frozenset[int]:
        """The last turns before something present was taken back: earlier emergencies are looked for there."""
        return frozenset(self.timeline.overridden)

    def earlier(self, turn: int) -> tuple[View, set[str]]:
        """The view of the same history after turn `turn`, and the names whose findings differ from this view.

        SURGERY_HOURS stands among the names where those hours differ.
        """
        view = View(*self.timeline.after(turn), self.intents, self.timeline)
        names = {name for name in self.facts if self.facts[name] is not view.facts.get(name)}
        if self.now != view.now:
            lasting = self.timeline.lasting & view.facts.keys()
            names |= {name for name in lasting - names if self._as_of_now(name) != view._as_of_now(name)}
        if self.surgery_hours() != view.surgery_hours():
            names.add(SURGERY_HOURS)
        view.memory.update({key: v for key, v in self.memory.items() if key[0].reads.isdisjoint(names)})
        view._aged.update({name: aged for name, aged in self._aged.items() if name not in names})
        view._accepted.update({key: v for key, v in self._accepted.items() if key[0] not in names})
        return view, names

    def findings(self, names: Iterable[str]) -> list[Finding]:
        """The findings of these names that stand, in the order they were said; what lasts has lasted longer by now."""
        return [finding for name in names if name in self.facts for finding in self._as_of_now(name)]

    def accepted(self, names: Iterable[str], assertions: frozenset[str]) -> tuple[Finding, ...]:
        """Those of `findings` with one of these assertions that are not of long ago."""
        found: tuple[Finding, ...] = ()
        for name in names:
            if name in self.facts:
                key = (name, assertions)
                told = self._accepted.get(key)
                if told is None:
                    told = self._accepted[key] = tuple(
                        [f for f in self._as_of_now(name) if f.assertion in assertions and not _is_old(f)]
                    )
                found += told
        return found

    def _as_of_now(self, name: str) -> tuple[Finding, ...]:
        aged = self._aged.get(name)
        if aged is None:
            aged = self._aged[name] = tuple([_aged(fact, self.now) for fact in self.facts[name]])
        return aged

    def surgery_hours(self) -> Surgery | None:
        """Hours since the latest surgery that was stated, and the words for it; time between turns is added.

        Of several people's surgeries that of the patient counts: of whom most symptoms are told.
        """
        return self._surgery

    @cached_property
    def _surgery(self) -> Surgery | None:
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
            [
                fact.finding.subject
                for name, facts in self.facts.items()
                if name not in _NO_SYMPTOMS
                for fact in facts
                if fact.finding.assertion == "present"
            ]
        )
        return max(told, key=lambda subject: (told[subject], subject == "self"), default="self")

    def _elapsed(self, fact: Fact) -> float:
        return _hours(fact, self.now)


def _is_old(finding: Finding) -> bool:
    return bool(finding.attributes.get("long_ago"))


def _hours(fact: Fact, now: datetime | None) -> float:
    return (now - datetime.fromisoformat(fact.at)).total_seconds() / 3600 if now else 0.0


def _aged(fact: Fact, now: datetime | None) -> Finding:
    """What lasts has lasted longer since it was told, what happened is longer ago."""
    finding = fact.finding
    if not lasts(finding) or (hours := _hours(fact, now)) < _NOTICEABLE:
        return finding
    if finding.name == "time_since_event_days" and isinstance(finding.value, (int, float)):
        return replace(finding, value=finding.value + hours / 24)
    since = finding.attributes["since_hours"]
    return replace(finding, attributes={**finding.attributes, "since_hours": since + hours})
