"""Which parts of a message get an intent of their own."""

from __future__ import annotations

import pytest

from bot.understanding.pieces import MOST, Cutter

CUTTER = Cutter()


def cut(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in CUTTER.cut(text, [(0, len(text))]) if piece.clause]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("it came out again, how much is it to fix", "how much is it to fix"),
        ("the cap is gone and can i eat on that side", "can i eat on that side"),
        ("my gum is sore but is it infected", "is it infected"),
        ("it’s loose so should i tighten it", "should i tighten it"),
    ],
)
def test_a_question_within_a_sentence_is_a_piece(text: str, question: str) -> None:
    assert any(piece.endswith(question) for piece in cut(text))


@pytest.mark.parametrize(
    "text", ["The cap fell out.", "How long does it take?", "it hurts and it is swollen", "", "İ, is it ok"]
)
def test_a_sentence_without_a_question_inside_is_one_piece(text: str) -> None:
    assert cut(text) == []


def test_sentences_come_first_and_pieces_lie_within_the_text() -> None:
    text = "It fell out, what do I do now. It hurts and is it normal?"
    pieces = CUTTER.cut(text, [(0, 30), (31, len(text))])
    assert [piece.clause for piece in pieces[:2]] == [False, False]
    assert all(piece.clause for piece in pieces[2:])
    assert len(pieces) == len(set(pieces)) > 2
    assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)


def test_a_huge_text_keeps_its_first_and_last_sentences() -> None:
    text = "It hurts, is it normal? " * 2000
    spans = [(start, start + 23) for start in range(0, len(text), 24)]
    pieces = CUTTER.cut(text, spans)
    assert len(pieces) == MOST
    assert (pieces[0].start, pieces[-1].end) == (0, spans[-1][1])
