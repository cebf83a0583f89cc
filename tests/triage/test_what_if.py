"""What would change an assessment."""

from __future__ import annotations

import pytest
from triage_builders import found, told

from bot.triage.assess import Triage
from bot.triage.types import CaseHistory
from bot.triage.what_if import what_would_change

TRIAGE = Triage()


def changes(history: CaseHistory) -> tuple[str, ...]:
    assessment = TRIAGE.assess(history)
    asked = assessment.check or assessment.question
    return what_would_change(TRIAGE, history, assessment.urgency, asked.id if asked else None)


def test_answers_that_would_raise_the_urgency_are_named() -> None:
    named = changes(told(found("swelling", site=["cheek"])))
    assert "swallowing: Yes -> emergency" in named
    assert not any(": No " in line or "Not sure" in line for line in named)


def test_every_named_answer_does_what_it_says() -> None:
    history = told(found("part_out"))
    for line in changes(history):
        question, urgency = line.split(": ")[0], line.split(" -> ")[1]
        assert question == "where_is_part"
        assert urgency in ("same_day", "emergency")


@pytest.mark.parametrize("history", [CaseHistory(), told(found("breathing_trouble"))])
def test_nothing_raises_an_emergency_or_an_empty_history(history: CaseHistory) -> None:
    assert changes(history) == ()


def test_every_ground_has_the_patients_words_and_a_source() -> None:
    grounds = TRIAGE.assess(told(found("part_out", text="fell out"))).grounds
    assert [ground.rule for ground in grounds] == ["part_out"]
    assert grounds[0].evidence == ("fell out",)
    assert grounds[0].source
