"""A reply inside a conversation is not out of scope because it is terse."""

from __future__ import annotations

import pytest

from actions.context import in_context
from bot.triage.types import CaseHistory, Fact
from bot.understanding.types import Finding, Understanding

TALKED = CaseHistory(facts=(Fact(Finding("part_out"), 1, "2026-03-03T10:00:00-05:00"),), turns=1)
ASKED = CaseHistory(pending="where_is_part", turns=1)


def message(text: str, *findings: Finding) -> Understanding:
    return Understanding(text, findings, ((0, len(text)),))


@pytest.mark.parametrize(
    ("before", "said", "expected"),
    [
        (TALKED, message("got it in a little bag", Finding("part_out")), ["inform"]),
        (ASKED, message("in a jam jar by the sink"), ["inform"]),
        (ASKED, message("by the way could you tell me how the football match ended last night"), ["out_of_scope"]),
        (TALKED, message("who won the football?"), ["out_of_scope"]),
        (CaseHistory(), message("a 6 mm screw for my mirror", Finding("part", value="screw")), ["out_of_scope"]),
    ],
)
def test_out_of_scope_in_a_conversation(before: CaseHistory, said: Understanding, expected: list[str]) -> None:
    assert in_context(["out_of_scope"], before, said) == expected


def test_a_few_words_by_the_way_are_not_out_of_scope() -> None:
    assert in_context(["out_of_scope"], TALKED, message("a few on my arms")) == ["inform"]
    assert in_context(["out_of_scope"], CaseHistory(), message("a few on my arms")) == ["out_of_scope"]


def test_a_bare_answer_asks_nothing() -> None:
    waits = CaseHistory(pending="in_the_gum", turns=1)
    assert in_context(["ask_allergy_material"], waits, message("metal")) == ["inform"]
    assert in_context(["ask_allergy_material"], waits, message("metal?")) == ["ask_allergy_material"]


def test_other_intents_stay_as_they_are() -> None:
    assert in_context(["thanks", "ask_cost"], ASKED, message("thanks, the cost?")) == ["thanks", "ask_cost"]
