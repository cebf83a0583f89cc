"""Any text: normalisation keeps offsets, sentences are never empty, time is bounded."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from bot.understanding.aligned import Aligned
from bot.understanding.pipeline import Understander
from bot.understanding.types import Understanding

NORMALISED = [
    ("I CAN’T breathe", "i can't breathe"),
    ("i cant, u dont", "i can't, you don't"),
    ("soooo painnnn", "so pain"),
    ("w/o pain 2day", "without pain today"),
    ("my toungue is swolen", "my tongue is swollen"),
    ("a\u200bb\u00a0c", "ab c"),
    ("<b>hi</b> &amp; bye", " hi & bye"),
    ("5\u00a0mm \u00bd inch", "5 mm \u00bd inch"),
    ("está dormido", "esta dormido"),
    ("ｈｅｌｐ", "help"),
    ("a \u2014 b", "a - b"),
    ("pain 🩸 now", "pain blood now"),
]


@pytest.mark.parametrize(("text", "expected"), NORMALISED)
def test_normalised(understander: Understander, text: str, expected: str) -> None:
    aligned = understander._normaliser.normalise(text)
    assert " ".join(aligned.text.split()) == " ".join(expected.split())
    assert len(aligned.starts) == len(aligned.ends) == len(aligned.text)


def test_offsets_lead_back_to_the_patients_own_words(understander: Understander, now: datetime) -> None:
    text = "Helloooo 😭 <b>my</b> toungue is swolen, I can’t swallow"
    said = {f.name: f.text for f in understander.understand(text, now).findings}
    assert said["swelling"] == "swolen"
    assert said["swallowing_trouble"] == "can’t swallow"


def test_aligned_replaces_and_maps_back() -> None:
    import re

    aligned = Aligned.of("abcdef").substitute(re.compile("bcd"), lambda match: "X")
    assert aligned.text == "aXef"
    assert aligned.span(1, 2) == (1, 4)
    assert aligned.span(2, 4) == (4, 6)


SENTENCES = [
    ("My cap fell out. What do I do?", 2),
    ("my cap fell out 😭 what should i do can i glue it", 2),
    ("It hurts… a lot. Is it normal?!", 2),
    ("My crown is loose and is it normal that my gum bleeds also my question is can I eat", 3),
    ("first line\nsecond line", 2),
    ("I saw Dr. Khan at 5 p.m. today", 1),
    ("the screw is 5.5 mm long", 1),
    ("thanks", 1),
    ("?!", 1),
    ("", 0),
    ("   \n ", 0),
]


@pytest.mark.parametrize(("text", "count"), SENTENCES, ids=[repr(text) for text, _ in SENTENCES])
def test_sentences(understander: Understander, now: datetime, text: str, count: int) -> None:
    spans = understander.understand(text, now).sentences
    assert len(spans) == count, [text[start:end] for start, end in spans]


def check(understanding: Understanding) -> None:
    text = understanding.text
    for finding in understanding.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
    previous = 0
    for start, end in understanding.sentences:
        assert previous <= start < end <= len(text)
        assert text[start:end].strip()
        previous = end


def test_a_long_message_is_read_to_its_end_in_time(understander: Understander, now: datetime) -> None:
    filler = "The weather was nice and I walked with the dog along the river, then we had tea. "
    text = filler * 610 + "I can't breathe"
    understander.understand(filler + "I can't breathe", now)
    started = time.process_time()
    result = understander.understand(text, now)
    assert time.process_time() - started < 2
    assert len(text) > 49_000
    assert any(f.name == "breathing_trouble" and f.text == "can't breathe" for f in result.findings)
    check(result)


@pytest.mark.parametrize(
    "piece", ["(", ".", "\n", "no ", "swelling ", "<", '"', "can't ", "é", "a. ", "my crown and ", "'", "&", "1 "]
)
def test_monotonous_text_takes_no_longer(understander: Understander, now: datetime, piece: str) -> None:
    text = (piece * 50_000)[:50_000]
    started = time.process_time()
    check(understander.understand(text, now))
    assert time.process_time() - started < 2


def test_any_text_at_all(understander: Understander, now: datetime) -> None:
    hypothesis = pytest.importorskip("hypothesis")
    strategies = pytest.importorskip("hypothesis.strategies")
    words = [
        "swollen",
        "can't",
        "breathe",
        "no",
        "pain",
        "my",
        "lip",
        "is",
        "numb",
        "if",
        "gone",
        "🩸",
        "5 mm",
        "\u200b",
        "...",
        "İ",
        "ß",
        "ﬁ",
        "painnnn",
        "u",
        "w/o",
        "<br>",
        "&nbsp;",
        "she",
        "daughter",
        "yesterday",
        ",",
        "and",
    ]
    texts = strategies.one_of(
        strategies.text(max_size=300),
        strategies.lists(strategies.sampled_from(words), max_size=40).map(" ".join),
        strategies.lists(strategies.sampled_from(words), max_size=40).map("".join),
    )

    @hypothesis.settings(max_examples=300, deadline=None)
    @hypothesis.given(texts)
    def run(text: str) -> None:
        check(understander.understand(text, now))

    run()
