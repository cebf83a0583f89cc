"""Whatever a patient sends is understood without an error, and every offset points into it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import lexicon
from bot.understanding.pipeline import CHUNK, OVERLAP, Understander
from bot.understanding.types import ASSERTIONS, SUBJECTS

AT = datetime(2026, 3, 12, 10, 30, tzinfo=ZoneInfo("America/New_York"))
WORDS = sorted({word for phrase, _ in lexicon.load() for word in phrase.words})
NUMBERS = st.one_of(
    st.integers(0, 2030).map(str),
    st.floats(0, 110).map(lambda number: f"{number:.1f}"),
    st.sampled_from(
        ["½", "1/2", "4-5", "two", "a couple of", "twenty five", "10/10", "3 x 11", "0", "٣", "1e9", "07:30"]
    ),
)
UNITS = st.sampled_from(
    [
        "mm",
        "cm",
        "inch",
        '"',
        "days",
        "weeks ago",
        "hrs",
        "pm",
        "years old",
        "°F",
        "C",
        "out of 10",
        "tablets",
        "th",
        "%",
    ]
)
OTHERS = st.sampled_from(
    ["i", "my", "my son", "he", "not", "no", "isn't", "never", "if", "maybe", "since", "yesterday", "last tuesday",
     "may", "was", "when", "since march 3rd", "what if", "😭", "🦷", "u", "cant", "b4", "pain" * 9, "SOOO", "p a i n",
     "I. can't."]
)  # fmt: skip
MARKS = st.sampled_from(
    [" ", " ", " ", ", ", ". ", "? ", "! ", "... ", "\n", "", " - ", "(", ")", "'", "/", "&amp;", "<br>", "\u200b"]
)
PIECES = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), NUMBERS, UNITS, OTHERS)
MESSAGES = st.lists(st.tuples(PIECES, MARKS), max_size=60).map(lambda pairs: "".join(a + b for a, b in pairs))


def check(understander: Understander, text: str) -> None:
    understood = understander.understand(text, AT)
    assert understood.text == text
    for finding in understood.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.text == text[finding.start : finding.end]
        assert finding.assertion in ASSERTIONS
        assert finding.subject in SUBJECTS
        assert not finding.name.startswith(lexicon.INTERNAL)
    end = 0
    for start, after in understood.sentences:
        assert end <= start < after <= len(text)
        end = after
    if text.strip() and not understood.sentences:
        assert not any(character.isalnum() and character.isascii() for character in text)


@given(text=st.text(max_size=300))
def test_any_unicode(understander: Understander, text: str) -> None:
    check(understander, text)


@given(text=st.text(alphabet="abt 'no.,!?/-#\"0123456789mc½\n😭\u0301\u200b<>&;", max_size=200))
def test_any_mixture_of_signs(understander: Understander, text: str) -> None:
    check(understander, text)


@given(text=MESSAGES)
def test_any_words_numbers_and_marks(understander: Understander, text: str) -> None:
    check(understander, text)


@given(text=MESSAGES, times=st.integers(1, 3), shift=st.integers(-30, 30))
def test_any_long_text_around_the_cut(understander: Understander, text: str, times: int, shift: int) -> None:
    check(understander, "a" * (times * (CHUNK - OVERLAP) + shift) + " " + text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n" * 3 * CHUNK,
        " " * 3 * CHUNK,
        "a" * 3 * CHUNK,
        "a'" * CHUNK,
        "((((([" * CHUNK,
        "no " * CHUNK,
        "my son he " * (CHUNK // 4),
        "4 mm " * CHUNK,
        '"4" ' * CHUNK,
        "#4 " * CHUNK,
        "100.4 F " * (CHUNK // 2),
        "pain " * CHUNK,
        "😭🦷" * CHUNK,
        "p\u0301\u0302\u0335a\u0336i\u0337n " * (CHUNK // 4),
        "1 " * CHUNK,
        "<b <i &#" * (CHUNK // 4),
        "\ud800 lone surrogate",
        '0\n" ',  # a line end between a number and its unit
    ],
    ids=lambda text: f"{text[:12]!r}*{len(text)}",
)
def test_long_and_odd(understander: Understander, text: str) -> None:
    check(understander, text)
