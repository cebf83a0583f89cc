"""The condition language of the rule files: parsed once, then matched against a view of the case.

A condition is a mapping. `all`, `any` and `not` combine conditions, `use` names one from the file's `named` section.
A leaf asks for a finding (`finding`, with any of `is`, `value`, `site`, `trend`, `class`, `attribute`, `words`,
`subject`), for the hours since surgery (`surgery_hours`) or for an `intent`. A leaf holds only when the patient said
so; `not` therefore holds when nothing is known, and silence never lowers an urgency.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.triage.view import SURGERY_HOURS, View
from bot.understanding.types import ASSERTIONS, Finding

Evidence = tuple[Finding, ...]
Match = Callable[[View, frozenset[str]], "Evidence | None"]
_UNTRIED: Any = object()


@dataclass(frozen=True, eq=False)
class Condition:
    """Takes a view and the assertions a leaf accepts by default; returns the findings that made it true, or None."""

    match: Match
    reads: frozenset[str]
    """The findings it asks for, held or not; SURGERY_HOURS stands for those hours."""
    needs: frozenset[str] | None
    """Findings of which one must be there; None where it can hold without."""

    def __call__(self, view: View, accepted: frozenset[str]) -> Evidence | None:
        """The evidence, which may be empty; None where it does not hold."""
        if self.needs is not None and self.needs.isdisjoint(view.names):
            return None
        key = (self, accepted)
        found: Evidence | None = view.memory.get(key, _UNTRIED)
        if found is _UNTRIED:
            found = view.memory[key] = self.match(view, accepted)
        return found


Named = Mapping[str, Condition]

_BOUNDS: dict[str, Callable[[float, float], bool]] = {
    "gte": operator.ge,
    "gt": operator.gt,
    "lte": operator.le,
    "lt": operator.lt,
}
_LEAF_KEYS = frozenset(["finding", "is", "value", "site", "trend", "class", "attribute", "words", "subject"])


class ConditionError(ValueError):
    """A condition that is not in the language; the message says what is wrong."""


def parse(data: Any, named: Named) -> Condition:
    """Turn the YAML of one condition into a function. Raises ConditionError."""
    if not isinstance(data, Mapping) or not data:
        raise ConditionError(f"not a condition: {data!r}")
    keys = set(data)
    if keys == {"all"}:
        return _all([parse(part, named) for part in _list(data["all"])])
    if keys == {"any"}:
        return _any([parse(part, named) for part in _list(data["any"])])
    if keys == {"not"}:
        return _not(parse(data["not"], named))
    if keys == {"use"}:
        if data["use"] not in named:
            raise ConditionError(f"no condition is named {data['use']!r}")
        return named[data["use"]]
    if keys == {"surgery_hours"}:
        return _surgery_hours(_test(data["surgery_hours"]))
    if keys == {"intent"}:
        return _intent(frozenset(_list(data["intent"])))
    if "finding" in keys and keys <= _LEAF_KEYS:
        return _leaf(data)
    raise ConditionError(f"unknown keys {sorted(keys)}")


def parse_named(section: Mapping[str, Any]) -> dict[str, Condition]:
    """The `named` section of a rule file; a condition may use those above it."""
    named: dict[str, Condition] = {}
    for name, data in section.items():
        named[name] = parse(data, named)
    return named


def union(names: Iterable[frozenset[str]]) -> frozenset[str]:
    """All names of all sets."""
    return frozenset[str]().union(*names)


def _all(parts: Sequence[Condition]) -> Condition:
    def match(view: View, accepted: frozenset[str]) -> Evidence | None:
        found: Evidence = ()
        for part in parts:
            evidence = part(view, accepted)
            if evidence is None:
                return None
            found += evidence
        return found

    return Condition(
        match,
        union(part.reads for part in parts),
        min((part.needs for part in parts if part.needs is not None), key=len, default=None),
    )


def _any(parts: Sequence[Condition]) -> Condition:
    def match(view: View, accepted: frozenset[str]) -> Evidence | None:
        found: Evidence | None = None
        for part in parts:
            evidence = part(view, accepted)
            if evidence is not None:
                found = evidence if found is None else found + evidence
        return found

    needs = [part.needs for part in parts if part.needs is not None]
    return Condition(
        match,
        union(part.reads for part in parts),
        union(needs) if len(needs) == len(parts) else None,
    )


def _not(part: Condition) -> Condition:
    def match(view: View, accepted: frozenset[str]) -> Evidence | None:
        return () if part(view, accepted) is None else None

    return Condition(match, part.reads, None)


def _surgery_hours(test: Callable[[Any], bool]) -> Condition:
    def match(view: View, _accepted: frozenset[str]) -> Evidence | None:
        known = view.surgery_hours()
        return (known[1],) if known is not None and test(known[0]) else None

    return Condition(match, frozenset({SURGERY_HOURS}), None)


def _intent(labels: frozenset[str]) -> Condition:
    def match(view: View, _accepted: frozenset[str]) -> Evidence | None:
        if labels.isdisjoint(view.intents):
            return None
        return tuple(f for f in view.findings(["intent"]) if f.value in labels)

    return Condition(match, frozenset({"intent"}), None)


def _leaf(data: Mapping[str, Any]) -> Condition:
    names = _list(data["finding"])
    wanted = frozenset(_list(data["is"])) if "is" in data else None
    if wanted is not None and not wanted <= set(ASSERTIONS):
        raise ConditionError(f"unknown assertion in {sorted(wanted)}")
    tests: list[Callable[[Finding], bool]] = []
    if "value" in data:
        value = _test(data["value"])
        tests.append(lambda f: value(f.value))
    if "subject" in data:
        subjects = frozenset(_list(data["subject"]))
        tests.append(lambda f: f.subject in subjects)
    if "words" in data:
        pattern = re.compile(data["words"], re.IGNORECASE)
        tests.append(lambda f: pattern.search(f.text) is not None)
    for key in ("site", "trend", "class"):
        if key in data:
            tests.append(_among(key, frozenset(_list(data[key]))))
    for key, wish in data.get("attribute", {}).items():
        tests.append(_attribute(key, _test(wish)))

    def match(view: View, accepted: frozenset[str]) -> Evidence | None:
        hits = view.accepted(names, accepted if wanted is None else wanted)
        for test in tests:
            hits = tuple([finding for finding in hits if test(finding)])
        return hits or None

    return Condition(match, frozenset(names), frozenset(names))


def _among(key: str, wanted: frozenset[str]) -> Callable[[Finding], bool]:
    """One of the attribute's values is wanted; `unknown` stands for an attribute that was not stated."""

    def test(finding: Finding) -> bool:
        stated = finding.attributes.get(key)
        if not stated:
            return "unknown" in wanted
        return not wanted.isdisjoint(stated) if isinstance(stated, (list, tuple)) else stated in wanted

    return test


def _attribute(key: str, test: Callable[[Any], bool]) -> Callable[[Finding], bool]:
    return lambda finding: finding.attributes.get(key) is not None and test(finding.attributes[key])


def _test(wish: Any) -> Callable[[Any], bool]:
    """A test of one value: bounds ({gte: 38}), a list of choices, or a single value."""
    if isinstance(wish, Mapping):
        if not wish or not set(wish) <= set(_BOUNDS):
            raise ConditionError(f"unknown bounds {sorted(wish)}")
        bounds = [(_BOUNDS[key], float(limit)) for key, limit in wish.items()]
        return lambda x: _is_number(x) and all(holds(x, limit) for holds, limit in bounds)
    choices = tuple(_list(wish))
    return lambda x: x in choices


def _is_number(x: Any) -> bool:
    return isinstance(x, (int, float)) and not isinstance(x, bool)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
