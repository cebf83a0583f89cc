"""Ranking the intents of a message from the probabilities of its sentences."""

from __future__ import annotations

import numpy as np

from bot.engine.intents import OUT_OF_SCOPE, SentenceIntentClassifier, probabilities, rank

CONFIG = SentenceIntentClassifier.get_default_config()
NAMES = ["ask_cost", "out_of_scope", "report_pain"]


def matrix(*rows: list[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(NAMES))


def test_every_sentence_may_add_an_intent() -> None:
    whole = matrix([0.3, 0.1, 0.6])[0]
    _, found = rank(NAMES, whole, matrix([0.05, 0.05, 0.9], [0.8, 0.1, 0.1]), CONFIG)
    assert found == ["report_pain", "ask_cost"]


def test_what_fits_nothing_is_out_of_scope() -> None:
    even = matrix([0.05, 0.01, 0.04])[0]
    ranking, found = rank(NAMES, even, even[None, :], CONFIG)
    assert found == [OUT_OF_SCOPE]
    assert ranking[0][0] == OUT_OF_SCOPE


def test_out_of_scope_is_never_a_second_intent() -> None:
    whole = matrix([0.1, 0.2, 0.7])[0]
    _, found = rank(NAMES, whole, matrix([0.0, 0.1, 0.9], [0.0, 0.5, 0.1]), CONFIG)
    assert found == ["report_pain"]


def test_a_message_without_sentences_is_ranked_as_a_whole() -> None:
    ranking, found = rank(NAMES, matrix([0.9, 0.05, 0.05])[0], np.zeros((0, 3), dtype=np.float32), CONFIG)
    assert found == ["ask_cost"]
    assert ranking[0][0] == "ask_cost"


def test_a_thank_you_beside_a_report_is_not_the_main_intent() -> None:
    names = ["report_pain", "thanks"]
    whole, sentences = np.array([0.5, 0.5]), np.array([[0.9, 0.0], [0.0, 1.0]])
    assert rank(names, whole, sentences, CONFIG)[1] == ["report_pain", "thanks"]
    assert rank(names, np.array([0.1, 0.9]), np.array([[0.1, 0.9]]), CONFIG)[1][0] == "thanks"


def test_a_single_doubtful_sentence_is_no_crisis() -> None:
    names = ["crisis", "report_pain"]
    whole = np.array([0.1, 0.9])
    assert rank(names, whole, np.array([[0.7, 0.3], [0.0, 1.0]]), CONFIG)[1] == ["report_pain"]
    assert rank(names, whole, np.array([[0.9, 0.1], [0.0, 1.0]]), CONFIG)[1] == ["report_pain", "crisis"]


def test_probabilities_sum_to_one() -> None:
    rows = np.random.default_rng(0).normal(size=(4, 8)).astype(np.float32)
    weights = np.random.default_rng(1).normal(size=(3, 8)).astype(np.float32)
    result = probabilities(rows, weights, np.zeros(3, dtype=np.float32))
    assert result.shape == (4, 3)
    assert np.allclose(result.sum(axis=1), 1.0, atol=1e-5)
