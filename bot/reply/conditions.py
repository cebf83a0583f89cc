"""When a row of the reply tables applies: a small declarative language over one turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.content import error_at
from bot.triage.types import CaseHistory, Urgency
from bot.understanding.types import Finding, Understanding

# several of these can be true at once; of every other finding the latest one holds
MANY_VALUED = ("part", "tooth_location", "condition", "allergy", "medication", "surgery", "stage")
PRESENT = ("present",)
MENTIONED = ("present", "past", "hypothetical")


@dataclass(frozen=True)
class Scene:
    """What a condition looks at: the text and findings of a turn (or of the whole conversation) and its assessment.

    `known` are all findings of the conversation, `said` the responses given before this turn, `tier` is that of the
    highest red flag, `reported` are the reports that the engine is sure of though nothing was found.
    """

    text: str
    findings: tuple[Finding, ...]
    intents: frozenset[str]
    urgency: Urgency = "info"
    part: str | None = None
    known: tuple[Finding, ...] = ()
    said: tuple[str, ...] = ()
    tier: str | None = None
    reported: frozenset[str] = frozenset()


def this_turn(history: CaseHistory, understanding: Understanding) -> tuple[Finding, ...]:
    """What this message states, and what it answered to a question."""
    return (*understanding.findings, *(fact.finding for fact in history.facts if fact.turn == history.turns))


def latest(history: CaseHistory) -> tuple[Finding, ...]:
    """What holds in the conversation so far: a later finding overrides an earlier one of the same name and site."""
    kept: dict[tuple[object, ...], Finding] = {}
    for fact in history.facts:
        finding = fact.finding
        value = finding.value if finding.name in MANY_VALUED else None
        kept[(finding.name, value, str(finding.attributes.get("site")))] = finding
    return tuple(kept.values())


def holds(when: Mapping[str, Any] | None, scene: Scene) -> bool:
    """Whether every key of `when` is true of the scene; an empty condition always is."""
    when = when or {}
    for key, wanted in when.items():
        test = _TESTS.get(key)
        if test is not None and not test(wanted, scene, when):
            return False
    return True


def check_patterns(path: Path, keys: Sequence[str | int], when: Mapping[str, Any] | None) -> None:
    """Raise ContentError at the line of a `text` pattern that is not a regular expression."""
    for key, value in (when or {}).items():
        if key == "text":
            try:
                _pattern(value)
            except re.error as error:
                raise error_at(path, [*keys, key], f"not a regular expression: {error}") from error
        elif key in ("any", "all"):
            for index, inner in enumerate(value):
                check_patterns(path, [*keys, key, index], inner)
        elif key == "not":
            check_patterns(path, [*keys, key], value)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _found(names: Sequence[str], scene: Scene, when: Mapping[str, Any], asserted: Sequence[str]) -> Iterator[Finding]:
    for finding in scene.findings:
        if (
            finding.name in names
            and finding.assertion in asserted
            and ("value" not in when or finding.value in when["value"])
            and ("class" not in when or finding.attributes.get("class") in when["class"])
            and ("trend" not in when or finding.attributes.get("trend") in when["trend"])
        ):
            yield finding


def _age(limits: Mapping[str, float], scene: Scene, _: Mapping[str, Any]) -> bool:
    return any(
        limits.get("from", 0) <= finding.value < limits.get("below", 200)
        for finding in scene.findings
        if finding.name == "age" and isinstance(finding.value, (int, float))
    )


_Test = Callable[[Any, Scene, Mapping[str, Any]], bool]
# `value`, `class` and `trend` narrow the finding named beside them, so they are no tests of their own
_TESTS: dict[str, _Test] = {
    "finding": lambda names, scene, when: any(_found(names, scene, when, PRESENT)),
    "known": lambda names, scene, _: any(f.name in names and f.assertion == "present" for f in scene.known),
    "said": lambda names, scene, _: not set(names).isdisjoint(scene.said),
    "mentioned": lambda names, scene, when: any(_found(names, scene, when, MENTIONED)),
    "text": lambda pattern, scene, _: bool(_pattern(pattern).search(scene.text)),
    "intents": lambda intents, scene, _: not scene.intents.isdisjoint(intents),
    "urgency": lambda levels, scene, _: scene.urgency in levels,
    "reported": lambda intents, scene, _: not scene.reported.isdisjoint(intents),
    "tier": lambda tiers, scene, _: scene.tier in tiers,
    "part": lambda labels, scene, _: scene.part in labels,
    "subject": lambda who, scene, _: any(finding.subject in who for finding in scene.findings),
    "age": _age,
    "any": lambda inner, scene, _: any(holds(when, scene) for when in inner),
    "all": lambda inner, scene, _: all(holds(when, scene) for when in inner),
    "not": lambda inner, scene, _: not holds(inner, scene),
}
