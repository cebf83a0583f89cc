"""From a case history to an assessment: red flags first, then urgency, the part, a check or the next question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot import content
from bot.triage.parts import Parts
from bot.triage.questions import Questions
from bot.triage.rules import Condition, ConditionError, parse, parse_named, union
from bot.triage.types import URGENCIES, Assessment, CaseHistory, Ground, RedFlag, Tier, Urgency
from bot.triage.view import View
from bot.understanding.types import ASSERTIONS, Finding

RED_FLAGS = Path(__file__).with_name("red_flags.yml")
URGENCY = Path(__file__).with_name("urgency.yml")
TIERS: tuple[Tier, ...] = ("day", "hour", "emergency")
"""From lowest to highest."""

_PRESENT = frozenset({"present"})


@dataclass(frozen=True)
class Level:
    """One level of a red flag: its condition and the response that is said."""

    tier: Tier
    when: Condition
    response: str


@dataclass(frozen=True)
class Rule:
    """A red flag; `accepted` are the assertions that count for it. A `last_resort` gives way to its equals."""

    id: str
    levels: tuple[Level, ...]
    accepted: frozenset[str]
    source: tuple[str, ...]
    last_resort: bool


@dataclass(frozen=True)
class Raise:
    """A modifier: where it holds, the named rules go one tier up."""

    id: str
    when: Condition
    rules: frozenset[str]
    source: tuple[str, ...]


@dataclass(frozen=True)
class Concern:
    """A rule below red-flag level."""

    id: str
    level: Urgency
    when: Condition
    source: tuple[str, ...]


class Triage:
    """The rules, loaded and checked once. Raises ContentError when a file is wrong."""

    def __init__(self) -> None:
        data = content.load(RED_FLAGS, RED_FLAGS.with_suffix(".schema.json"))
        named = _named(RED_FLAGS, data["named"])
        self._rules = [_rule(row, i, named) for i, row in enumerate(data["rules"])]
        self._raises = [
            Raise(
                row["id"],
                _condition(RED_FLAGS, ["raises", i, "when"], row["when"], named),
                frozenset(row["rules"]),
                tuple(row["source"]),
            )
            for i, row in enumerate(data["raises"])
        ]
        self._grave = [(rule, self._reads(rule)) for rule in map(self._gravest, self._rules) if rule.levels]
        data = content.load(URGENCY, URGENCY.with_suffix(".schema.json"))
        named = _named(URGENCY, data["named"])
        self._concerns = [
            Concern(
                row["id"],
                row["level"],
                _condition(URGENCY, ["rules", i, "when"], row["when"], named),
                tuple(row["source"]),
            )
            for i, row in enumerate(data["rules"])
        ]
        self._parts = Parts()
        self._questions = Questions.load()

    def assess(self, history: CaseHistory) -> Assessment:
        """The assessment of everything said so far; `history` is folded, i.e. holds the last message too.

        The urgency is never below `history.urgency`, and an emergency that was once raised stays among the red flags
        with the words that raised it, even when they are taken back later.
        """
        view = View.of(history)
        flags = self._flags(view)
        calm = 0 if history.urgency == "emergency" else history.assessed
        flags = _sorted(flags + self._earlier_emergencies(view, flags, calm))
        grounds = [
            Ground(concern.id, concern.level, _words(evidence), "; ".join(concern.source))
            for concern in self._concerns
            if (evidence := concern.when(view, _PRESENT)) is not None
        ]
        grounds.sort(key=lambda ground: -URGENCIES.index(ground.urgency))
        levels = [flag.urgency for flag in flags] + [ground.urgency for ground in grounds] + [history.urgency]
        urgency = max(levels, key=URGENCIES.index)
        check = self._questions.check(view, history, urgency)
        return Assessment(
            urgency=urgency,
            red_flags=tuple(flags),
            check=check,
            part=self._parts.guess(view),
            question=None if check else self._questions.next(view, history, urgency),
            reasons=tuple(ground.rule for ground in grounds),
            grounds=tuple(grounds),
        )

    def _gravest(self, rule: Rule) -> Rule:
        """The rule with those levels only that are, or may be raised to, an emergency."""
        lifts = sum(rule.id in modifier.rules for modifier in self._raises)
        levels = [level for level in rule.levels if TIERS.index(level.tier) + lifts >= TIERS.index(TIERS[-1])]
        return replace(rule, levels=tuple(levels))

    def _reads(self, rule: Rule) -> frozenset[str]:
        """The findings that the rule's tier depends on."""
        conditions = [level.when for level in rule.levels]
        conditions += [modifier.when for modifier in self._raises if rule.id in modifier.rules]
        return union(condition.reads for condition in conditions)

    def _flags(self, view: View, rules: Sequence[Rule] | None = None) -> list[RedFlag]:
        flags: list[RedFlag] = []
        for rule in self._rules if rules is None else rules:
            for level in rule.levels:
                evidence = level.when(view, rule.accepted)
                if evidence is None or _in_passing(evidence):
                    continue
                tier, response, source = level.tier, level.response, rule.source
                if rule.last_resort and any(TIERS.index(flag.tier) >= TIERS.index(tier) for flag in flags):
                    break
                for modifier in self._raises:
                    if rule.id not in modifier.rules or tier == TIERS[-1]:
                        continue
                    if (words := modifier.when(view, _PRESENT)) is not None:
                        tier = TIERS[TIERS.index(tier) + 1]
                        response = f"utter_flag_{rule.id.lower()}_{tier}"
                        evidence, source = evidence + words, source + modifier.source
                flags.append(RedFlag(rule.id, tier, response, _words(evidence), "; ".join(dict.fromkeys(source))))
                break
        return flags

    def _earlier_emergencies(self, view: View, flags: Sequence[RedFlag], calm: int) -> list[RedFlag]:
        """Emergencies that stood before something was taken back; up to turn `calm` there was none."""
        found = {flag.rule: flag for flag in flags if flag.tier == TIERS[-1]}
        seen = set(found)
        later = view
        for turn in sorted((turn for turn in view.overridden if turn > calm), reverse=True):
            earlier, differ = later.earlier(turn)
            # what reads nothing of `differ` says what it said of `later`: no emergency
            rules = [rule for rule, reads in self._grave if rule.id not in found and not reads.isdisjoint(differ)]
            for flag in self._flags(earlier, rules):
                if flag.tier == TIERS[-1]:
                    found.setdefault(flag.rule, flag)
            later = earlier
        return [flag for rule, flag in found.items() if rule not in seen]


def _in_passing(evidence: Sequence[Finding]) -> bool:
    """Whether nothing speaks for it but a bare word in a sentence that reads calm (understanding/second_look.py)."""
    return bool(evidence) and all(finding.attributes.get("in_passing") for finding in evidence)


def _sorted(flags: Sequence[RedFlag]) -> list[RedFlag]:
    """Highest tier first; within a tier as in the file. Of one rule only its highest level stays."""
    highest = sorted(flags, key=lambda flag: -TIERS.index(flag.tier))
    return list({flag.rule: flag for flag in reversed(highest)}.values())[::-1]


def _words(evidence: Sequence[Finding]) -> tuple[str, ...]:
    """The patient's own words, each once, in the order of the rule; never empty."""
    texts = tuple(dict.fromkeys(f.text.strip() for f in evidence if f.text.strip()))
    return texts or tuple(dict.fromkeys(f.name for f in evidence))


def _rule(row: Mapping[str, Any], index: int, named: Mapping[str, Condition]) -> Rule:
    levels = tuple(
        Level(level["tier"], _condition(RED_FLAGS, ["rules", index, "levels", i, "when"], level["when"], named),
              level["response"])
        for i, level in enumerate(row["levels"])
    )  # fmt: skip
    accepted = frozenset(ASSERTIONS) - frozenset(row["blocked_by"])
    return Rule(row["id"], levels, accepted, tuple(row["source"]), row.get("last_resort", False))


def _named(path: Path, section: Mapping[str, Any]) -> dict[str, Condition]:
    try:
        return parse_named(section)
    except ConditionError as error:
        raise content.error_at(path, ["named"], str(error)) from error


def _condition(path: Path, keys: list[str | int], data: Any, named: Mapping[str, Condition]) -> Condition:
    try:
        return parse(data, named)
    except ConditionError as error:
        raise content.error_at(path, keys, str(error)) from error
