"""Ranking the intents of a message from the probabilities of its pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from bot.engine.fitting import vectorizer
from bot.engine.intents import SentenceIntentClassifier, probabilities
from bot.engine.ranking import OUT_OF_SCOPE, Ranked, Ranking
from bot.engine.words import Words, plain
from bot.understanding.pieces import Piece

CONFIG = SentenceIntentClassifier.get_default_config()
NAMES = ["ask_cost", "crisis", "out_of_scope", "report_pain", "thanks"]
PAIN = {"name": "pain", "assertion": "present"}


def row(**probability: float) -> list[float]:
    rest = (1 - sum(probability.values())) / (len(NAMES) - len(probability))
    return [probability.get(name, rest) for name in NAMES]


def rank(sentences: list[list[float]], clauses: Sequence[list[float]] = (), findings: Any = ()) -> Ranked:
    rows = np.array([*sentences, *clauses], dtype=np.float32).reshape(-1, len(NAMES))
    pieces = [Piece(10 * place, 10 * place + 9, place >= len(sentences)) for place in range(len(rows))]
    return Ranking(NAMES, CONFIG).rank(rows[: len(sentences)].mean(axis=0), rows, pieces, 100, findings)


@pytest.mark.parametrize(
    ("sentences", "found"),
    [
        ([row(report_pain=0.9)], ["report_pain"]),
        ([row(report_pain=0.9), row(ask_cost=0.8)], ["report_pain", "ask_cost"]),
        # a thank-you is the main intent only where there is nothing else
        ([row(thanks=0.9)], ["thanks"]),
        ([row(report_pain=0.9), row(thanks=0.9)], ["report_pain", "thanks"]),
        # one sentence of despair is never lost, a doubtful one is no crisis
        ([row(crisis=0.7), row(report_pain=0.9)], ["report_pain", "crisis"]),
        ([row(crisis=0.3), row(report_pain=0.9)], ["report_pain"]),
        ([row(crisis=0.97)], ["crisis"]),
        # out of scope is the whole message or nothing of it
        ([row(out_of_scope=0.9)], [OUT_OF_SCOPE]),
        ([row(out_of_scope=0.6), row(report_pain=0.9)], ["report_pain"]),
        # what fits nothing is out of scope
        ([row()], [OUT_OF_SCOPE]),
    ],
)
def test_which_intents_are_found(sentences: list[list[float]], found: list[str]) -> None:
    assert rank(sentences).found == found


@pytest.mark.parametrize(
    ("finding", "main"),
    [
        (PAIN, "report_pain"),
        ({**PAIN, "attributes": {"severity": 7}}, "report_pain"),
        ({**PAIN, "assertion": "absent"}, "ask_cost"),
        ({**PAIN, "attributes": {"severity": "mild"}}, "ask_cost"),
        ({**PAIN, "attributes": {"severity": 2}}, "ask_cost"),
    ],
)
def test_a_finding_makes_its_report_surer_unless_denied_or_mild(finding: dict[str, Any], main: str) -> None:
    assert rank([row(report_pain=0.35, ask_cost=0.45)], findings=[finding]).found[0] == main


def test_who_denies_a_wish_to_die_is_not_taken_for_a_crisis() -> None:
    doubtful, denial = [row(crisis=0.45, report_pain=0.35)], {"name": "self_harm", "assertion": "absent"}
    assert rank(doubtful).found[0] == "crisis"
    assert rank(doubtful, findings=[denial]).found[0] == "report_pain"


def test_a_question_within_a_sentence_counts() -> None:
    sentence = [row(report_pain=0.9, ask_cost=0.03)]
    assert rank(sentence).found == ["report_pain"]
    assert rank(sentence, [row(ask_cost=0.9)]).found == ["report_pain", "ask_cost"]


def test_each_intent_found_names_the_piece_that_says_it() -> None:
    ranked = rank([row(report_pain=0.8, ask_cost=0.1), row(thanks=0.9)], [row(ask_cost=0.9)])
    assert {span["name"]: (span["start"], span["end"]) for span in ranked.spans} == {
        "report_pain": (0, 9),
        "ask_cost": (20, 29),
        "thanks": (10, 19),
    }
    assert [span["confidence"] for span in ranked.spans] == [
        pytest.approx(score, abs=1e-4) for name, score in ranked.ranking if name in ranked.found
    ]


def test_a_message_without_pieces_is_ranked_as_a_whole() -> None:
    whole = np.array(row(ask_cost=0.9), dtype=np.float32)
    ranked = Ranking(NAMES, CONFIG).rank(whole, np.zeros((0, len(NAMES)), dtype=np.float32), [], 7, [])
    assert ranked.found == ["ask_cost"]
    assert (ranked.spans[0]["start"], ranked.spans[0]["end"]) == (0, 7)


def test_probabilities_sum_to_one() -> None:
    result = probabilities(np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32))
    assert result.shape == (4, 3)
    assert np.allclose(result.sum(axis=1), 1.0, atol=1e-5)


def test_words_weigh_what_they_weighed_in_training() -> None:
    known = [plain(text) for text in ("The cap’s loose", "the cap fell out", "is the cap lost", "it's lost, lost!")]
    fitted = vectorizer(min_df=1).fit(known)
    vocabulary = sorted(fitted.vocabulary_, key=fitted.vocabulary_.__getitem__)
    weights = np.random.default_rng(1).normal(size=(5, len(vocabulary))).astype(np.float32)
    words = Words(vocabulary, fitted.idf_, weights)
    for text in (*known, "The CAP, the cap; THE cap’s out", "nothing known here", "", "?!", "lost lost lost cap"):
        expected = fitted.transform([plain(text)]) @ weights.T
        assert np.allclose(words.scores(text), expected[0], atol=1e-5), text
