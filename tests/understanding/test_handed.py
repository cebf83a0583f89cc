"""What is handed over comes back the same, and nothing typed becomes a command."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.understanding.handed import DIMENSION, Handed, Hander, plain
from bot.understanding.pieces import Piece
from bot.understanding.types import Finding, Understanding

TEXT = "My cap fell out, is it bad? It was 5 mm."
UNDERSTANDING = Understanding(
    TEXT,
    (
        Finding("part_out", start=3, end=15, text=TEXT[3:15]),
        Finding("part_size_mm", 5.0, start=35, end=39, text=TEXT[35:39], attributes={"site": ["gum"], "main": True}),
    ),
    ((0, 27), (28, 40)),
)


class Numbers:
    """Rows that differ by text, with numbers no short notation holds."""

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        rows = [np.random.default_rng(sum(map(ord, text))).random(DIMENSION) for text in sentences]
        return np.array(rows, dtype=np.float32).reshape(len(rows), DIMENSION)


def test_json_and_back_changes_not_a_bit() -> None:
    handed = Hander(Numbers()).hand(UNDERSTANDING)
    again = Handed.from_dict(json.loads(json.dumps(handed.to_dict())))
    assert again.understanding == UNDERSTANDING
    assert again.pieces == handed.pieces
    assert again.rows.dtype == np.float32
    assert again.rows.tobytes() == handed.rows.tobytes()


def test_each_sentence_and_each_question_within_one_has_its_row() -> None:
    handed = Hander(Numbers()).hand(UNDERSTANDING)
    texts = [TEXT[piece.start : piece.end] for piece in handed.pieces]
    assert texts == ["My cap fell out, is it bad?", "It was 5 mm.", "is it bad?"]
    assert np.array_equal(handed.rows, Numbers().encode(texts))


def test_a_text_without_words_is_one_piece() -> None:
    assert Hander(Numbers()).hand(Understanding("??", (), ())).pieces == (Piece(0, 2, False),)


@pytest.mark.parametrize(
    "damage",
    [
        {"vectors": "AAAA"},
        {"vectors": "not base64"},
        {"pieces": [[0, 5]]},
        {"pieces": None},
        {"sentences": [["x", 3]]},
        {"findings": [{"name": "pain", "assertion": "maybe"}]},
        {"findings": [{}]},
    ],
)
def test_what_is_damaged_is_refused(damage: dict[str, object]) -> None:
    data = Hander(Numbers()).hand(UNDERSTANDING).to_dict()
    with pytest.raises((ValueError, KeyError, TypeError)):
        Handed.from_dict({**data, **damage})


@pytest.mark.parametrize(
    ("typed", "handed_over"),
    [
        ("/restart", "restart"),
        ('/greet{"tooth": "molar"}', 'greet{"tooth": "molar"}'),
        ("  //  /back", "back"),
        ("EXTERNAL: report_pain", "report_pain"),
        ("/EXTERNAL:/x", "x"),
        ("my pain is 7/10", "my pain is 7/10"),
        (" it hurts \n", "it hurts"),
        ("/ ", "-"),
        ("/", "-"),
        ("", "-"),
    ],
)
def test_plain_takes_commands_apart(typed: str, handed_over: str) -> None:
    assert plain(typed) == handed_over
