"""Ranking the intents of a message from the probabilities of its sentences."""

from __future__ import annotations

import numpy as np

from bot.engine.intents import OUT_OF_SCOPE, probabilities, rank

NAMES = ["ask_cost", "out_of_scope", "report_pain"]


def matrix(*rows: list[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(NAMES))


def test_every_sentence_may_add_an_intent() -> None:
    whole = matrix([0.3, 0.1, 0.6])[0]
    _, found = rank(NAMES, whole, matrix([0.05, 0.05, 0.9], [0.8, 0.1, 0.1]), 0.35, 0.2)
    assert found == ["report_pain", "ask_cost"]


def test_what_fits_nothing_is_out_of_scope() -> None:
    even = matrix([0.15, 0.1, 0.12])[0]
    ranking, found = rank(NAMES, even, even[None, :], 0.35, 0.2)
    assert found == [OUT_OF_SCOPE]
    assert ranking[0][0] == OUT_OF_SCOPE


def test_out_of_scope_is_never_a_second_intent() -> None:
    whole = matrix([0.1, 0.3, 0.6])[0]
    _, found = rank(NAMES, whole, matrix([0.0, 0.1, 0.9], [0.0, 0.9, 0.1]), 0.35, 0.2)
    assert found == ["report_pain"]


def test_a_message_without_sentences_is_ranked_as_a_whole() -> None:
    ranking, found = rank(NAMES, matrix([0.9, 0.05, 0.05])[0], np.zeros((0, 3), dtype=np.float32), 0.35, 0.2)
    assert found == ["ask_cost"]
    assert ranking[0][0] == "ask_cost"


def test_probabilities_sum_to_one() -> None:
    rows = np.random.default_rng(0).normal(size=(4, 8)).astype(np.float32)
    weights = np.random.default_rng(1).normal(size=(3, 8)).astype(np.float32)
    result = probabilities(rows, weights, np.zeros(3, dtype=np.float32))
    assert result.shape == (4, 3)
    assert np.allclose(result.sum(axis=1), 1.0, atol=1e-5)
