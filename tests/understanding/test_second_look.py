"""The learned second look: what it may look at, what it says, and that nothing beside a sentence changes its number."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot import content
from bot.understanding.embeddings import Encoder
from bot.understanding.pipeline import Understander
from bot.understanding.second_look import FILE, FINDING, Gates, SecondLook
from bot.understanding.types import Finding, Understanding

SENTENCES = FILE.with_suffix("")
GROUPS = [
    group
    for path in sorted(SENTENCES.glob("*.yml"))
    for group in content.load(path, SENTENCES / "schema.json")["groups"]
]
CALM_RULES = {"R24", "R29", "R30"}  # below red flags


@pytest.fixture(scope="module")
def second_look() -> SecondLook:
    return SecondLook(Encoder())


def said(*sentences: str) -> Understanding:
    """An understanding without findings; each argument is a sentence."""
    spans, start = [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return Understanding(" ".join(sentences), (), tuple(spans))


def found(understanding: Understanding) -> Finding | None:
    return next((finding for finding in understanding.findings if finding.name == FINDING), None)


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("My mouth feels strange since the operation.", True),
        ("No swelling, no fever and no bleeding at all.", False),
        ("My lip was numb but the feeling came back completely.", False),
        ("What would you do about a thing like that?", False),
        ("My cheek is hard and hot, is that bad?", True),  # a question, but with a sign in it
        ("If it gets worse I will go to the hospital.", False),
        ("A little swelling since yesterday.", False),
        ("The swelling is going down nicely today.", False),
        ("Not good, doctor.", False),  # too short
    ],
)
def test_gates(understander: Understander, now: datetime, text: str, looks: bool) -> None:
    gates = Gates(content.load(FILE, FILE.with_suffix(".schema.json")))
    assert gates.lets_through(text, understander.understand(text, now).findings) is looks


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("My lower lip feels like a piece of rubber that is not part of me since the implant yesterday.", "R7"),
        ("Every towel in the bathroom is red by now and it keeps running out of my mouth.", "R6"),
        ("My tongue is being lifted by something hard and thick that grows underneath.", "R2"),
        ("Nothing I take helps any more, I have been pacing the floor all night with this throbbing.", "R17"),
        ("I am so tired of it all that I wish I would never wake up.", "R14"),
    ],
)
def test_other_words_for_a_red_flag_are_found(second_look: SecondLook, text: str, rule: str) -> None:
    finding = found(second_look.look(said("Hello there, I hope you are well.", text)))
    assert finding is not None
    assert finding.text == text
    assert finding.attributes["rule"] == rule
    assert finding.value == ("same_day" if finding.attributes["score"] >= content.load(FILE)["same_day"] else "check")
    assert finding.attributes["like"] in {sentence for group in GROUPS for sentence in group["today"]} | examples()


def examples() -> set[str]:
    """What else it learns from: sentences that must raise a rule."""
    rows = content.load(content.ROOT / "bot" / "triage" / "red_flag_examples.yml").values()
    return {text for row in rows for texts in row["raise"].values() for text in texts}


@pytest.mark.parametrize(
    "text",
    [
        "Could you send the invoice to my new address in Denver please.",
        "The little cap came off while I was eating toast and I have it in a jar.",
        "I had two implants placed in the upper jaw last summer by your colleague.",
        "Thank you so much for the quick answer yesterday, have a lovely weekend.",
        "My sister told me that your clinic has a parking garage.",
    ],
)
def test_calm_sentences_say_nothing(second_look: SecondLook, text: str) -> None:
    assert found(second_look.look(said(text))) is None


@pytest.mark.parametrize(
    ("text", "sign", "in_passing"),
    [
        ("Your new price list is so long that I nearly choked with laughter.", "choking", True),
        ("I went numb with joy when I saw my new smile in the mirror.", "numbness", True),
        ("My chin is numb since the lower implant this morning.", "numbness", False),  # a place, and it reads like one
        ("Help, I am choking!", "choking", False),  # too short to be more than the word
        ("me quedé muy contento y dormido de la alegría con la sonrisa", "numbness", False),  # Spanish: not looked at
    ],
)
def test_a_bare_word_in_a_calm_sentence_is_said_in_passing(
    second_look: SecondLook, text: str, sign: str, in_passing: bool
) -> None:
    word = next(word for word in ("choked", "choking", "numb", "dormido") if word in text)
    finding = Finding(sign, start=text.index(word), end=text.index(word) + len(word), text=word)
    looked = second_look.look(replace(said(text), findings=(finding,)))
    assert looked.findings[0].attributes == ({"in_passing": True} if in_passing else {})
    if in_passing:
        seen = found(looked)
        assert seen is not None
        assert seen.value == "check"
        assert "rule" not in seen.attributes


def test_a_grave_word_is_never_said_in_passing(second_look: SecondLook) -> None:
    text = "I could die of joy over my lovely new smile, thanks a lot."
    start = text.index("die")
    looked = second_look.look(
        replace(said(text), findings=(Finding("self_harm", start=start, end=start + 3, text="die"),))
    )
    assert "in_passing" not in looked.findings[0].attributes


def test_what_stands_beside_a_sentence_does_not_change_its_number(second_look: SecondLook) -> None:
    flag = "My chin feels like cardboard since the lower implant."
    others = ["Hello.", "The parking at your office was full again and I came late because of that.", "Thanks a lot!"]
    alone = found(second_look.look(said(flag)))
    assert alone is not None
    for sentences in ([flag, *others], [*others, flag], [others[1], flag.upper(), others[0]]):
        beside = found(second_look.look(said(*sentences)))
        assert beside is not None
        assert beside.attributes == alone.attributes
        assert beside.text.lower() == alone.text.lower()


def test_only_so_many_sentences_are_encoded(second_look: SecondLook, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    encode = Encoder.encode
    monkeypatch.setattr(Encoder, "encode", lambda self, texts: asked.extend(texts) or encode(self, texts))
    second_look.look(said(*(f"This is the plain sentence number {n}." for n in range(500))))
    assert len(asked) == content.load(FILE)["most_sentences"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "👍", "a" * 5000])
def test_any_text_is_looked_at(second_look: SecondLook, understander: Understander, now: datetime, text: str) -> None:
    assert found(second_look.look(understander.understand(text, now))) is None


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make train"):
        SecondLook(Encoder(), tmp_path / "second_look.npz")


def test_thresholds_are_in_order() -> None:
    settings = content.load(FILE, FILE.with_suffix(".schema.json"))
    assert settings["in_passing"] < settings["check"] < settings["same_day"]


def test_there_are_sentences_enough_and_none_twice() -> None:
    for rule in (f"R{number}" for number in range(1, 31)):
        today, calm = (
            sum(len(group[kind]) for group in GROUPS if group["about"] == rule) for kind in ("today", "calm")
        )
        assert calm >= 11, rule
        assert today >= (0 if rule in CALM_RULES else 12), rule
    every = Counter(text.lower() for group in GROUPS for text in group["today"] + group["calm"])
    assert len(every) >= 700
    assert [text for text, times in every.items() if times > 1] == []
