"""What a message is about, and what in it asks."""

from __future__ import annotations

import pytest
import yaml

from bot.content import ROOT
from bot.reply.asking import asking
from bot.reply.focus import focus
from bot.reply.responses import load_responses
from bot.reply.tables import Tables
from bot.understanding.types import Finding

DOMAIN = yaml.safe_load((ROOT / "bot" / "domain" / "intents.yml").read_text("utf-8"))
INTENTS = [name for intent in DOMAIN["intents"] for name in ([intent] if isinstance(intent, str) else intent)]
CUES = Tables.load(load_responses()).cues


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("My cap fell out.", 0),
        ("My cap fell out. Will it close?", 1),
        ("is it dear, and how long does it take", 2),
        ("do i need a new one", 1),
        ("I'd like to know if it closes", 1),
        ("He asked me to come back. It was loose. That is the story.", 0),
        ("Why? What now? And the cost?", 3),
    ],
)
def test_questions_are_counted(text: str, count: int) -> None:
    assert asking(text, (), CUES.asks).count == count


def test_the_sentence_before_counts_unless_it_denies() -> None:
    assert asking("I vape. Does it matter?", (), CUES.asks).around == "I vape. Does it matter?"
    assert asking("There is no pain. Does it matter?", (), CUES.asks).around == "Does it matter?"


def test_sentences_without_full_stops_come_from_the_spans() -> None:
    text = "my cap fell out will it close"
    assert asking(text, ((0, 15), (16, 29)), CUES.asks).words == "will it close"


def test_a_second_question_needs_a_word_of_its_own_in_a_sentence_that_asks() -> None:
    text = "I called another dentist. They should have stopped. Will the hole close?"
    intents = ("ask_gum_closing", "ask_second_opinion", "ask_retreatment")
    assert focus(CUES, intents, (), asking(text, (), CUES.asks)).asks == ("ask_gum_closing",)
    text = "Will the hole close? Or should I ask another dentist?"
    assert focus(CUES, intents, (), asking(text, (), CUES.asks)).asks == ("ask_gum_closing", "ask_second_opinion")


def test_a_statement_asks_nothing() -> None:
    about = focus(CUES, ("report_loose", "ask_retreatment"), (), asking("It is loose again.", (), CUES.asks))
    assert (about.asks, about.most) == ((), 0)


def test_a_question_as_the_main_intent_is_always_answered() -> None:
    about = focus(CUES, ("ask_cost",), (), asking("prices please", (), CUES.asks))
    assert (about.asks, about.most) == (("ask_cost",), 1)


def test_a_report_beside_the_main_intent_needs_a_finding() -> None:
    intents = ("ask_cost", "report_part_out", "report_loose", "inform")
    asked = asking("what does it cost?", (), CUES.asks)
    absent = Finding("part_out", assertion="absent")
    assert focus(CUES, intents, (absent, Finding("loose")), asked).intents == ("ask_cost", "report_loose", "inform")
    assert focus(CUES, ("inform", "report_part_out"), (), asked).main == "report_part_out"


def test_every_question_has_cues_and_every_report_its_findings() -> None:
    assert set(CUES.cues) == {name for name in INTENTS if name.startswith("ask_")}
    assert set(CUES.reports) == {name for name in INTENTS if name.startswith("report_")}
