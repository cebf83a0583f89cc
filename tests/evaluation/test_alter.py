"""Altered messages keep what the labels rest on, and are the same in every run."""

from __future__ import annotations

import re
from random import Random

import pytest

from bot.evaluation.alter import ALTERATIONS, cardinal, emoji, plain, spoken, typos

TEXT = "My fever is 38.5 and the pain's 8/10! The piece is 5-6 mm, tooth #14; placed 3/14/2026, cost $4,200. Can't wait"
WORDY = " ".join(["something terrible happened yesterday evening"] * 20)


@pytest.mark.parametrize("name", ALTERATIONS)
def test_the_same_seed_alters_alike(name: str) -> None:
    assert ALTERATIONS[name](TEXT, Random("a")) == ALTERATIONS[name](TEXT, Random("a")) != TEXT


@pytest.mark.parametrize("seed", range(20))
def test_a_typo_spares_numbers_and_short_words(seed: int) -> None:
    for before, after in zip(TEXT.split(), typos(TEXT, Random(seed)).split()):
        assert before == after or not (re.search(r"\d", before) or len(before) < 4)
    assert re.findall(r"\d[\d.,/-]*", typos(TEXT, Random(seed))) == re.findall(r"\d[\d.,/-]*", TEXT)


def test_about_one_long_word_in_ten_has_a_typo() -> None:
    changed = sum(a != b for a, b in zip(typos(WORDY, Random(0)).split(), WORDY.split()))
    assert 4 <= changed <= 18


def test_plain_keeps_marks_inside_numbers_only() -> None:
    assert plain(TEXT) == (
        "my fever is 38.5 and the pains 8/10 the piece is 5-6 mm tooth #14 placed 3/14/2026 cost $4,200 cant wait"
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("38.5 degrees", "thirty eight point five degrees"),
        ("8/10", "eight out of ten"),
        ("3.5mm", "three point five millimeters"),
        ("5-6 mm", "five to six millimeters"),
        ("1/4 inch", "one quarter inch"),
        ("tooth #14", "tooth number fourteen"),
        ("tooth no. 8", "tooth number eight"),
        ("101 F", "one hundred one f"),
        ("in 2019", "in 2019"),
        ("$4,200", "$4,200"),
        ("on 3/14/2026 at 5:30", "on 3/14/2026 at 5:30"),
    ],
)
def test_numbers_as_they_are_said(written: str, said: str) -> None:
    assert spoken(written, Random(3)) == said


def test_fillers_never_part_a_number_from_its_unit() -> None:
    text = "it is 5 mm " * 60
    assert spoken(text, Random(1)).count("five millimeters") == 60
    assert len(spoken(text, Random(1)).split()) > len(text.split())


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (99, "ninety nine"),
        (101, "one hundred one"),
        (400, "four hundred"),
    ],
)
def test_cardinals(number: int, words: str) -> None:
    assert cardinal(number) == words


def test_emoji_only_add() -> None:
    added = emoji(TEXT, Random(5))
    assert "".join(c for c in added if c in TEXT).replace(" ", "") == TEXT.replace(" ", "")
    assert len(added) > len(TEXT)
