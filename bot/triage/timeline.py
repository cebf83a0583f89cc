"""Which facts stand after which turn: later words override earlier ones. One pass over a case history."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter

from bot.triage.types import CaseHistory, Fact
from bot.understanding.types import Finding

SINGLE = frozenset(
    {
        *("part_size_mm", "thread_width_mm", "thread_width", "threads", "looks_like", "pain_severity", "fever_c"),
        *("age", "stage", "count", "time_since_placement_weeks", "time_since_event_days", "tooth_location"),
    }
)
"""Findings of which only the latest turn counts: a new number replaces the old one."""

VALUED = frozenset(("part", "condition", "medication", "allergy", "surgery"))
"""Findings that are told apart by their value: "no crown" does not take back "the abutment"."""

Standing = Mapping[str, Sequence[Fact]]
"""Facts by name, in the order they were said. While a name's facts stay the same, so does the sequence object."""


class Timeline:
    """The facts of one history, turn by turn.

    `overridden`: the last turns before something present was taken back: earlier emergencies are looked for there.
    """

    def __init__(self, history: CaseHistory) -> None:
        self._states: dict[str, tuple[list[int], list[list[Fact]]]] = {}
        """By name: the turns in which its facts changed, and what stood after each."""
        self._turns: list[int] = []
        self._times: list[datetime] = []
        """The latest time up to and with each of `_turns`."""
        self._at = history.at
        self._facts = history.facts
        self.overridden: set[int] = set()
        said = ""
        replaced = set(SINGLE)  # names of which even something present may take the place of an earlier one
        for fact in sorted(history.facts, key=attrgetter("turn")):
            turn, name, assertion = fact.turn, fact.finding.name, fact.finding.assertion
            if fact.at != said or turn != self._turns[-1]:
                said = fact.at
                at = datetime.fromisoformat(said)
                self._turns.append(turn)
                self._times.append(max(at, self._times[-1]) if self._times else at)
            if assertion != "present":
                replaced.add(name)
            if (changes := self._states.get(name)) is None:
                changes = self._states[name] = ([], [])
            turns, states = changes
            if not turns or turns[-1] != turn:
                turns.append(turn)
                states.append(states[-1].copy() if states else [])
            kept = states[-1]
            if kept and assertion != "hypothetical" and name in replaced:
                gone = [old for old in kept if _overrides(fact, old) and _same_person(fact, old, kept)]
                if gone:
                    if any(old.finding.assertion == "present" for old in gone):
                        self.overridden.add(turn - 1)
                    kept[:] = [old for old in kept if not any(old is one for one in gone)]
            kept.append(fact)

    @cached_property
    def lasting(self) -> frozenset[str]:
        """The names of findings that change with the time."""
        return frozenset([fact.finding.name for fact in self._facts if lasts(fact.finding)])

    def now(self) -> tuple[Standing, datetime | None]:
        """The facts that stand after all turns, and the time of the last message."""
        standing: Standing = {name: states[-1] for name, (_, states) in self._states.items()}
        times = self._times[-1:] + ([datetime.fromisoformat(self._at)] if self._at else [])
        return standing, max(times, default=None)

    def after(self, turn: int) -> tuple[Standing, datetime | None]:
        """The facts that stood after `turn`, and the time of the latest message by then that told one."""
        standing: dict[str, Sequence[Fact]] = {}
        for name, (turns, states) in self._states.items():
            place = bisect_right(turns, turn)
            if place:
                standing[name] = states[place - 1]
        place = bisect_right(self._turns, turn)
        return standing, self._times[place - 1] if place else None


def lasts(finding: Finding) -> bool:
    """Whether the finding tells for how long, or how long ago: both grow with the time."""
    if finding.name == "time_since_event_days" and isinstance(finding.value, (int, float)):
        return True
    return finding.assertion == "present" and finding.attributes.get("since_hours") is not None


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
    """Whether `new` takes the place of `old`, of the same name: said in a later turn, at the same site."""
    if new.turn <= old.turn:
        return False
    a, b = new.finding, old.finding
    if a.name in SINGLE:
        return True
    if a.assertion == "present" and b.assertion == "present":
        return False
    return (a.name not in VALUED or a.value == b.value) and _same_place(a, b)


def _same_place(new: Finding, old: Finding) -> bool:
    sites, before = set(new.attributes.get("site") or ()), set(old.attributes.get("site") or ())
    return not sites or bool(sites & before)
