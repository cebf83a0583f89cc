"""The bake-off's data, what is read from Rasa's answers, and its table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.content import load
from bot.evaluation.bakeoff import report
from bot.evaluation.bakeoff.contenders import CONTENDERS, PER_INTENT, TRAINING, copy_data
from bot.evaluation.bakeoff.contest import embeds, figures, intents
from bot.evaluation.messages import parse


def names(folder: Path) -> list[str]:
    return sorted(entry["intent"] for path in folder.rglob("*.yml") for entry in load(path).get("nlu", []))


def test_retrieval_data_is_the_same_but_for_the_names_of_questions(tmp_path: Path) -> None:
    copy_data(tmp_path / "data", retrieval=True, whole=True)
    expected = [name.replace("ask_", "ask/", 1) if name.startswith("ask_") else name for name in names(TRAINING)]
    assert names(tmp_path / "data") == sorted(expected)
    responses = load(tmp_path / "data" / "responses.yml")["responses"]
    assert set(responses) == {f"utter_{name}" for name in expected if name.startswith("ask/")}


def test_all_but_the_whole_train_on_the_same_few_sentences(tmp_path: Path) -> None:
    for name in ("one", "two"):
        copy_data(tmp_path / name, retrieval=False)
    counts: Counter[str] = Counter()
    for path in (tmp_path / "one").rglob("*.yml"):
        assert path.read_text() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_text()
        for entry in load(path).get("nlu", []):
            counts[entry["intent"]] += sum(line.startswith("- ") for line in (entry["examples"] or "").splitlines())
    assert set(counts) == set(names(TRAINING))
    assert set(counts.values()) == {PER_INTENT}


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda contender: contender.name)
def test_every_contender_has_a_pipeline(contender: Any) -> None:
    assert load(contender.config)["pipeline"]
    assert embeds(contender.config) == (
        contender.name in ("chosen", "chosen_whole", "diet_sentences", "logistic_sentences")
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"intent": {"name": "greet"}}, ["greet"]),
        ({"intent": {"name": "nlu_fallback"}}, ["out_of_scope"]),
        ({"intent": {"name": None}}, ["out_of_scope"]),
        ({"intent": {"name": "greet"}, "intents": ["greet", "thanks"]}, ["greet", "thanks"]),
        (
            {
                "intent": {"name": "ask"},
                "response_selector": {"default": {"response": {"intent_response_key": "ask/bone_loss"}}},
            },
            ["ask_bone_loss"],
        ),
        (
            {
                "intent": {"name": "greet"},
                "response_selector": {"default": {"response": {"intent_response_key": "ask/bone_loss"}}},
            },
            ["greet"],
        ),
    ],
)
def test_intents_of_an_answer(said: dict[str, Any], expected: list[str]) -> None:
    assert intents(said) == expected


def test_table_and_plots(tmp_path: Path) -> None:
    messages = [
        parse({"id": "a", "text": "t", "intents": ["ask_cost"]}),
        parse({"id": "b", "text": "t", "intents": ["out_of_scope"]}),
    ]
    cost = {"latency_ms": {"p50": 2.0, "p95": 3.0}, "resident_mb": 5, "train_cpu_seconds": 4.0, "model_mb": 0.1}
    good = {**figures(messages, [["ask_cost"], ["out_of_scope"]]), **cost, "data": "new"}
    bad = {**figures(messages, [["out_of_scope"], ["ask_cost"]]), **cost, "data": "old"}
    text = report.table({"others": bad, "ours": good}, 2, "new")
    assert "| others * | 0.000 (0.00–0.84) | 0.000 | 0.000 | 0.000 | 0.000 | 1.000 | 2.0 / 3.0 | 5 | 4 | 0.1 |" in text
    assert "| ours | 1.000 (0.16–1.00) | 1.000 | 1.000 | 1.000 | 1.000 | 0.000 | 2.0 / 3.0 | 5 | 4 | 0.1 |" in text
    assert "earlier state" in text
    report.plots({"others": bad, "ours": good}, tmp_path)
    for name in ("bakeoff_quality.png", "bakeoff_cost.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
