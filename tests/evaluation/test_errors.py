"""The page of errors names each kind, with what was expected and what came."""

from __future__ import annotations

from typing import Any

import pytest

from bot.evaluation.errors import page
from bot.evaluation.messages import parse


@pytest.mark.parametrize(
    ("labels", "predicted", "expected"),
    [
        ({"urgency": "emergency"}, {"urgency": "soon"}, "Emergencies nobody hears of today: 1"),
        ({"urgency": "same_day"}, {"urgency": "soon"}, "Urgency too low: 1"),
        ({"urgency": "info"}, {"urgency": "same_day"}, "| x | info → same_day (R6) |"),
        ({"intents": ["greet"]}, {"intents": ["out_of_scope"]}, "In scope, taken for out of scope: 1"),
        ({"intents": ["greet"]}, {"intents": ["thanks"]}, "No expected intent found: 1"),
        ({"intents": ["greet"]}, {"intents": ["thanks", "greet"]}, "| x | greet → thanks, greet |"),
        ({"findings": {"age": 40}}, {"findings": {"age": 4}}, "| x | age 40 → 4 |"),
        ({"findings": {"pain": "absent"}}, {"findings": {"pain": "present"}}, "pain absent → present"),
        ({"findings": {}}, {"findings": {"part": ["screw"]}}, "part nothing → screw"),
    ],
)
def test_each_kind(labels: dict[str, Any], predicted: dict[str, Any], expected: str) -> None:
    message = parse({"id": "x", "text": "hi | there", **labels})
    prediction = {"intents": [], "findings": {}, "urgency": "info", "red_flags": [{"rule": "R6"}], **predicted}
    text = page([message], [prediction])
    assert expected in text
    assert text.count("## ") == 1
    assert r"hi \| there" in text


def test_nothing_wrong_leaves_no_section() -> None:
    message = parse({"id": "x", "text": "hi", "intents": ["greet"], "urgency": "info", "findings": {"pain": "past"}})
    right = {"intents": ["greet"], "findings": {"pain": "past"}, "urgency": "info", "red_flags": []}
    assert "##" not in page([message], [right])
