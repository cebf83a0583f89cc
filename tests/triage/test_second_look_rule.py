"""What triage makes of the learned second look: it may only raise, gives way to rules, and asks one check question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from triage_builders import NOW

from bot.triage.assess import Triage
from bot.triage.history import fold
from bot.triage.types import Assessment, CaseHistory
from bot.understanding.types import Finding, Understanding


def look(value: str, rule: str = "R19") -> Finding:
    return Finding("second_look", value, text="it feels odd", attributes={"score": 0.9, "like": "x", "rule": rule})


def told(history: CaseHistory, text: str, *findings: Finding) -> CaseHistory:
    return fold(history, Understanding(text, findings, ((0, len(text)),)), (), NOW)


def flags(result: Assessment) -> list[tuple[str, str]]:
    return [(flag.rule, flag.tier) for flag in result.red_flags]


@pytest.mark.parametrize(
    ("findings", "expected", "urgency", "check"),
    [
        ([look("same_day")], [("SECOND", "day")], "same_day", None),
        ([look("check")], [], "info", "check_second_look"),
        ([look("check", "R14")], [], "info", "check_crisis"),
        ([look("same_day", "R14")], [("SECOND", "day")], "same_day", "check_crisis"),
        # a rule that asks for a person as soon stands for it, and no check is needed any more
        ([look("same_day"), Finding("pus", text="pus")], [("R19", "day")], "same_day", None),
        ([look("check"), Finding("pus", text="pus")], [("R19", "day")], "same_day", None),
        ([look("same_day"), Finding("breathing_trouble", text="no air")], [("R1", "emergency")], "emergency", None),
    ],
)
def test_what_it_raises(
    triage: Triage, findings: list[Finding], expected: list[tuple[str, str]], urgency: str, check: str | None
) -> None:
    result = triage.assess(told(CaseHistory(), "it feels odd", *findings))
    assert flags(result) == expected
    assert result.urgency == urgency
    assert (result.check.id if result.check else None) == check


NUMB = Finding("numbness", text="numb", attributes={"in_passing": True})


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([NUMB], []),
        ([NUMB, Finding("numbness", text="cannot feel my chin")], ["R7"]),  # said again, with more than a word
        ([NUMB, Finding("breathing_trouble", text="no air")], ["R1"]),
    ],
)
def test_a_word_in_passing_raises_nothing_but_a_check(
    triage: Triage, findings: list[Finding], expected: list[str]
) -> None:
    result = triage.assess(told(CaseHistory(), "it feels odd", *findings, look("check")))
    assert [flag.rule for flag in result.red_flags if flag.rule in ("R1", "R7")] == expected
    if not expected:
        assert result.check is not None
        assert result.check.id == "check_second_look"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("yes", [("SECOND", "hour")]), ("not sure", [("SECOND", "hour")]), ("a bit", [("SECOND", "hour")]), ("no", [])],
)
def test_the_answer_to_its_check(triage: Triage, answer: str, expected: list[tuple[str, str]]) -> None:
    first = told(CaseHistory(), "it feels odd", look("check"))
    asked = replace(first, asked=("check_second_look",), pending="check_second_look")
    result = triage.assess(told(asked, answer))
    assert flags(result) == expected
    assert result.check is None


def test_a_yes_is_not_lowered_by_a_rule_that_asks_for_less(triage: Triage) -> None:
    history = told(CaseHistory(), "yes", look("confirmed"), Finding("pus", text="pus"))
    assert set(flags(triage.assess(history))) == {("SECOND", "hour"), ("R19", "day")}
