"""The condition language, piece by piece."""

from __future__ import annotations

from typing import Any

import pytest
from triage_builders import found, told

from bot.triage.rules import ConditionError, parse, parse_named
from bot.triage.view import View
from bot.understanding.types import Finding

PRESENT = frozenset({"present"})


def holds(condition: Any, *findings: Finding, intents: tuple[str, ...] = ()) -> bool:
    view = View.of(told(*findings, intents=intents))
    return parse(condition, {})(view, PRESENT) is not None


SWELLING = found("swelling", site=["cheek", "neck"], trend="worse")


@pytest.mark.parametrize(
    ("condition", "finding", "expected"),
    [
        ({"finding": "swelling"}, SWELLING, True),
        ({"finding": ["pus", "swelling"]}, SWELLING, True),
        ({"finding": "pus"}, SWELLING, False),
        ({"finding": "swelling", "site": ["neck", "eye"]}, SWELLING, True),
        ({"finding": "swelling", "site": "eye"}, SWELLING, False),
        ({"finding": "swelling", "site": ["unknown"]}, SWELLING, False),
        ({"finding": "swelling", "site": ["unknown"]}, found("swelling"), True),
        ({"finding": "swelling", "trend": ["worse", "returned"]}, SWELLING, True),
        ({"finding": "swelling", "trend": ["better"]}, SWELLING, False),
        ({"finding": "fever_c", "value": {"gte": 37.95}}, found("fever_c", 38.0), True),
        ({"finding": "fever_c", "value": {"gte": 37.95}}, found("fever_c", 37.9), False),
        ({"finding": "fever_c", "value": {"gt": 37, "lt": 38}}, found("fever_c", 37.5), True),
        ({"finding": "pain_severity", "value": "severe"}, found("pain_severity", "severe"), True),
        ({"finding": "pain_severity", "value": {"gte": 8}}, found("pain_severity", "severe"), False),
        ({"finding": "bleeding", "attribute": {"heavy": True}}, found("bleeding", heavy=True), True),
        ({"finding": "bleeding", "attribute": {"heavy": True}}, found("bleeding", heavy=False), False),
        ({"finding": "bleeding", "attribute": {"heavy": True}}, found("bleeding"), False),
        ({"finding": "bleeding", "attribute": {"after_pressure_minutes": {"gte": 20}}},
         found("bleeding", after_pressure_minutes=30), True),
        ({"finding": "medication", "class": ["anticoagulant"]},
         found("medication", "eliquis", **{"class": "anticoagulant"}), True),
        ({"finding": "swelling", "words": "hard"}, found("swelling", text="a HARD lump"), True),
        ({"finding": "swelling", "words": "hard"}, found("swelling", text="a soft lump"), False),
        ({"finding": "swelling", "subject": "child"}, found("swelling", subject="child"), True),
        ({"finding": "swelling", "subject": "child"}, found("swelling"), False),
        ({"finding": "swelling"}, found("swelling", subject="other"), True),
        ({"finding": "swelling"}, found("swelling", uncertain=True), True),
        ({"finding": "swelling"}, found("swelling", assertion="absent"), False),
        ({"finding": "swelling"}, found("swelling", assertion="past"), False),
        ({"finding": "swelling"}, found("swelling", assertion="hypothetical"), False),
        ({"finding": "swelling", "is": ["past"]}, found("swelling", assertion="past"), True),
        ({"surgery_hours": {"lte": 72}}, found("time_since_placement_weeks", 0.25), True),
        ({"surgery_hours": {"lte": 72}}, found("time_since_placement_weeks", 1.0), False),
        ({"surgery_hours": {"lte": 72}}, SWELLING, False),
        ({"surgery_hours": {"gt": 72}}, SWELLING, False),
    ],
)  # fmt: skip
def test_a_leaf(condition: Any, finding: Finding, expected: bool) -> None:
    assert holds(condition, finding) is expected


def test_all_any_not() -> None:
    both = {"all": [{"finding": "pus"}, {"finding": "swelling"}]}
    either = {"any": [{"finding": "pus"}, {"finding": "swelling"}]}
    assert holds(both, found("pus"), found("swelling"))
    assert not holds(both, found("pus"))
    assert holds(either, found("pus"))
    assert not holds(either, found("pain"))
    assert not holds({"not": {"finding": "pus"}}, found("pus"))


def test_not_holds_when_nothing_is_known() -> None:
    late = {"not": {"surgery_hours": {"gt": 36}}}
    assert holds(late)
    assert holds(late, found("time_since_placement_weeks", 0.1))
    assert not holds(late, found("time_since_placement_weeks", 3.0))


def test_intent() -> None:
    assert holds({"intent": ["crisis"]}, intents=("greet", "crisis"))
    assert not holds({"intent": "crisis"}, intents=("greet",))


def test_evidence_is_what_made_it_true() -> None:
    view = View.of(
        told(found("pus", text="yellow stuff"), found("pain", text="it hurts"), found("fever", text="fever"))
    )
    evidence = parse({"all": [{"finding": "pus"}, {"any": [{"finding": "fever"}, {"finding": "rash"}]}]}, {})(
        view, PRESENT
    )
    assert evidence is not None
    assert [f.text for f in evidence] == ["yellow stuff", "fever"]


def test_named_conditions_build_on_those_above() -> None:
    named = parse_named({"a": {"finding": "pus"}, "b": {"not": {"use": "a"}}})
    assert parse({"use": "b"}, named)(View.of(told(found("pain"))), PRESENT) is not None
    assert parse({"use": "b"}, named)(View.of(told(found("pus"))), PRESENT) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        "swelling",
        {"findings": "swelling"},
        {"finding": "swelling", "sites": ["neck"]},
        {"use": "nothing"},
        {"finding": "swelling", "is": ["maybe"]},
        {"finding": "fever_c", "value": {"above": 38}},
        {"all": [{"finding": "a"}], "any": [{"finding": "b"}]},
    ],
)
def test_what_is_not_a_condition_is_refused(wrong: Any) -> None:
    with pytest.raises(ConditionError):
        parse(wrong, {})
