"""What a message is about, and what in it asks."""

from __future__ import annotations

import re

import pytest
import yaml

from bot.content import ROOT
from bot.reply.asking import Asking, Spoken
from bot.reply.focus import Focus, focus
from bot.reply.responses import load_responses
from bot.reply.tables import Tables
from bot.understanding.types import Finding

DOMAIN = yaml.safe_load((ROOT / "bot" / "domain" / "intents.yml").read_text("utf-8"))
INTENTS = [name for intent in DOMAIN["intents"] for name in ([intent] if isinstance(intent, str) else intent)]
CUES = Tables.load(load_responses()).cues


def asking(text: str, spans: tuple[tuple[int, int], ...] = ()) -> Asking:
    return Asking(text, spans, CUES.asks)


def spoken(text: str, name: str, words: str, confidence: float) -> Spoken:
    return Spoken(name, text.index(words), text.index(words) + len(words), confidence)


def about(text: str, *said: Spoken, findings: tuple[Finding, ...] = ()) -> Focus:
    return focus(CUES, [item.name for item in said], findings, asking(text), said)


def asks(found: Focus) -> list[str]:
    return [question.intent for question in found.questions]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My cap fell out. Will it close?", "Will it close?"),
        ("do i need a new one", "do i need a new one"),
        ("I'd like to know if it closes. It hurts.", "I'd like to know if it closes."),
        ("He asked me back. It was loose. Why? And the cost?!", "Why? And the cost?!"),
        ("It was loose. That is the story.", "It was loose. That is the story."),
    ],
)
def test_a_question_nobody_placed_is_in_the_sentences_that_ask(text: str, words: str) -> None:
    assert asking(text).question("ask_cause", None).near[0] == words


def test_the_sentence_before_counts_unless_it_denies() -> None:
    assert asking("I vape. Does it matter?").question("ask_risk", None).near[-1] == "I vape. Does it matter?"
    assert asking("There is no pain. Does it matter?").question("ask_risk", None).near[-1] == "Does it matter?"


def test_a_placed_question_has_its_own_words_first() -> None:
    text = "My cap fell out. Is it dear, and will the hole close? Thank you."
    said = spoken(text, "ask_gum_closing", "will the hole close?", 0.9)
    sentence = "Is it dear, and will the hole close?"
    near = asking(text).question("ask_gum_closing", said).near
    assert near == ("will the hole close?", sentence, f"My cap fell out. {sentence}")


def test_sentences_without_full_stops_come_from_the_spans() -> None:
    text = "my cap fell out will it close"
    assert asking(text, ((0, 15), (16, 29))).question("ask_gum_closing", None).near[0] == "will it close"


def test_what_asks_needs_less_confidence_than_what_tells() -> None:
    text = "I had to pay. How long will it hold?"
    main = spoken(text, "ask_lifespan", "How long will it hold?", 0.9)
    assert asks(about(text, main, spoken(text, "ask_cost", "I had to pay.", 0.35))) == ["ask_lifespan"]
    asked = spoken(text, "ask_cost", "How long will it hold?", 0.35)
    assert asks(about(text, main, asked)) == ["ask_lifespan", "ask_cost"]


def test_words_that_leave_no_doubt_count_without_the_engine() -> None:
    text = "It came out. How much does a new one cost?"
    assert asks(about(text, spoken(text, "report_part_out", "It came out.", 0.9))) == ["ask_cost"]
    assert asks(about(text, spoken(text, "out_of_scope", text, 0.9))) == []


def test_a_question_as_the_main_intent_is_always_answered() -> None:
    text = "prices please"
    assert asks(about(text, spoken(text, "ask_cost", text, 0.2))) == ["ask_cost"]


def test_a_report_beside_the_main_intent_needs_a_finding() -> None:
    text = "what does it cost?"
    names = ("ask_cost", "report_part_out", "report_loose", "inform")
    said = [spoken(text, name, text, 0.9) for name in names]
    absent = Finding("part_out", assertion="absent")
    assert about(text, *said, findings=(absent, Finding("loose"))).intents == ("ask_cost", "report_loose", "inform")
    assert about(text, said[3], said[1]).main == "report_part_out"


@pytest.mark.parametrize(
    ("intent", "asked", "not_asked"),
    [
        ("ask_self_fix", "can i glue it back on?", "who glued this?"),
        ("ask_gum_closing", "will the hole close by monday?", "is there a hole in my tooth?"),
        ("ask_cause", "how does it happen?", "how do i clean it?"),
        ("ask_retreatment", "can they try again?", "can i call again?"),
        ("ask_options", "what are my options?", "is it optional?"),
        ("ask_candidacy", "is she too old?", "how old is it?"),
        ("ask_risk", "does smoking matter?", "is smoking allowed in the lobby?"),
        ("ask_bone_graft", "do i need a bone graft?", "is it the bone?"),
        ("ask_medication", "can i take ibuprofen?", "how do i take it out?"),
        ("ask_allergy_material", "what is it made of?", "what have you made me do?"),
        ("ask_aftercare", "when can i eat?", "why does it hurt?"),
        ("ask_procedure", "will i be awake?", "why am i awake at night?"),
        ("ask_cost", "how much is it?", "how much is it bleeding?"),
        ("ask_lifespan", "how long do implants last?", "how long does the swelling last?"),
        ("ask_records_transfer", "can you send my x-rays?", "do i need x-rays?"),
        ("ask_second_opinion", "should i get a second opinion?", "what is your opinion?"),
        ("ask_appointment", "are you open on friday?", "is the wound open?"),
    ],
)
def test_the_words_of_a_question(intent: str, asked: str, not_asked: str) -> None:
    assert re.search(CUES.words[intent], asked, re.IGNORECASE)
    assert not re.search(CUES.words[intent], not_asked, re.IGNORECASE)


def test_the_tables_name_intents_of_the_domain() -> None:
    assert set(CUES.words) <= set(INTENTS)
    assert set(CUES.needs) == {name for name in INTENTS if name.startswith("report_")} | {"ask_part_identity"}
