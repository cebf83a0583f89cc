"""What was assessed at its turn is not looked at again; what was only folded in is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from triage_builders import found, told

from bot.triage.assess import Triage
from bot.triage.types import CaseHistory
from bot.triage.view import View
from bot.understanding.types import Finding

Turns = list[list[Finding]]
TALKS: list[Turns] = [
    [[found("swelling", site=["cheek"])], [found("swelling", assertion="absent")], [found("pain", severity=4)]],
    [[found("breathing_trouble")], [found("breathing_trouble", assertion="absent")], [found("pain")]],
    [[found("pain")], [found("pain", assertion="past")], [found("swallowing_trouble")], []],
    [[found("part_size_mm", 5.0)], [found("part_size_mm", 6.0)], [found("part_out")], [found("part_size_mm", 4.0)]],
    [[found("fever_c", 40.5)], [found("fever_c", 36.8)], [found("rigors")], [found("rigors", assertion="past")]],
]


@pytest.mark.parametrize("turns", TALKS)
@pytest.mark.parametrize("folded_only", [(), (1,), (1, 2), (2,)])
def test_the_same_assessment_with_and_without(triage: Triage, turns: Turns, folded_only: tuple[int, ...]) -> None:
    """`folded_only`: turns that were not assessed when they came, as while the engine is away."""
    history = CaseHistory()
    for turn, findings in enumerate(turns, 1):
        history = told(*findings, to=history, hours_later=turn)
        assessment = triage.assess(history)
        assert assessment == triage.assess(replace(history, assessed=0))
        if turn not in folded_only:
            history = replace(history, urgency=assessment.urgency, assessed=turn)


def test_an_emergency_of_a_turn_nobody_assessed_still_stands(triage: Triage) -> None:
    history = replace(told(found("pain")), urgency="soon", assessed=1)
    history = told(found("breathing_trouble"), to=history)
    history = told(found("breathing_trouble", assertion="absent"), to=history)
    assert [flag.tier for flag in triage.assess(history).red_flags] == ["emergency"]


def test_turns_that_were_assessed_cost_nothing(triage: Triage, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    earlier = View.earlier
    monkeypatch.setattr(View, "earlier", lambda view, turn: looked.append(turn) or earlier(view, turn))
    history = CaseHistory()
    for turn in range(1, 9):
        history = told(found("part_size_mm", float(turn)), to=history)
    triage.assess(history)
    assert looked == [7, 6, 5, 4, 3, 2, 1]
    looked.clear()
    triage.assess(replace(history, assessed=6))
    assert looked == [7]
