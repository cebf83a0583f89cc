"""The figures of an evaluation, each checked by hand on a few rows."""

from __future__ import annotations

from typing import Any

import pytest

from bot.evaluation.messages import Labelled, parse
from bot.evaluation.metrics import evaluate, macro_f1, near, share, step


def row(**labels: Any) -> Labelled:
    return parse({"id": "x", "text": "t", **labels})


def guess(**values: Any) -> dict[str, Any]:
    return {"intents": ["inform"], "findings": {}, "urgency": "info", "latency_ms": 10.0, **values}


def test_intents_count_the_main_one_and_any_one() -> None:
    labelled = [row(intents=["report_pain", "ask_cost"]), row(intents=["greet"]), row(intents=["out_of_scope"])]
    found = [guess(intents=["ask_cost"]), guess(intents=["thanks", "greet"]), guess(intents=["out_of_scope"])]
    figures = evaluate(labelled, found)["intents"]
    assert figures["main_expected"]["count"] == 2
    assert figures["any_expected"]["count"] == 3
    assert figures["out_of_scope_recall"]["share"] == 1.0
    assert figures["in_scope_lost"]["count"] == 0


def test_a_symptom_with_the_wrong_assertion_is_missed_and_extra() -> None:
    labelled = [row(findings={"pain": "absent", "part": ["screw", "tooth"]})]
    figures = evaluate(labelled, [guess(findings={"pain": "present", "part": ["screw"]})])["findings"]
    assert figures["each"]["pain"] == {
        "precision": 0.0, "recall": 0.0, "f1": 0.0, "hit": 0, "missed": 1, "extra": 1,
    }  # fmt: skip
    assert figures["each"]["part"]["recall"] == 0.5
    assert figures["each"]["part"]["precision"] == 1.0


@pytest.mark.parametrize(
    ("expected", "found", "relative", "least", "right"),
    [
        (6.0, 5.2, 0.15, 0.0, True), (6.0, 5.0, 0.15, 0.0, False), (5, 5.0, 0.0, 0.0, True),
        (5, None, 0.15, 1.0, False),
        (0, 0.3, 0.15, 0.5, True), (0, 0.6, 0.15, 0.5, False), ("mild", "mild", 0.0, 0.0, True),
    ],
)  # fmt: skip
def test_values_within_their_tolerance(expected: Any, found: Any, relative: float, least: float, right: bool) -> None:
    assert near(expected, found, relative, least) is right


@pytest.mark.parametrize(
    ("given", "by"), [("emergency", 1), ("same_day", 0), ("soon", 0), ("routine", -1), ("info", -2)]
)
def test_steps_count_from_the_nearest_acceptable_label(given: str, by: int) -> None:
    assert step(row(urgency="same_day", urgency_acceptable=["soon"]), guess(urgency=given)) == by


def test_urgency_figures() -> None:
    labelled = [row(urgency="emergency"), row(urgency="emergency"), row(urgency="info"), row(urgency="soon")]
    found = [guess(urgency=level) for level in ("emergency", "info", "emergency", "soon")]
    figures = evaluate(labelled, found)["urgency"]
    assert figures["emergency_as_emergency"]["share"] == 0.5
    assert figures["under_by_more"]["count"] == 1
    assert figures["over_by_more"]["count"] == 1
    assert figures["false_alarms"] == share(1, 2)
    assert figures["confusion"]["emergency"] == {"emergency": 1, "info": 1}


def test_exact_interval_of_no_misses_in_sixty() -> None:
    interval = share(60, 60)
    assert interval["high"] == 1.0
    assert interval["low"] == pytest.approx(0.9404, abs=1e-4)
    assert share(0, 0) == {"share": None, "of": 0}


def test_macro_f1_is_the_mean_over_gold_labels() -> None:
    assert macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx((2 / 3 + 2 / 3) / 2, abs=1e-4)


def test_parts_without_labels_are_left_out() -> None:
    assert set(evaluate([row()], [guess()])) == {"messages", "latency_ms"}
