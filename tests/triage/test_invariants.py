"""Whatever stands around a red flag, and however it is typed, it is raised; nothing said later lowers it.

The assessment knows no channel (`Triage.assess` takes none), so web and SMS cannot differ. Profiles are those of
tests/conftest.py: HYPOTHESIS_PROFILE=deep runs 10,000 examples of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from triage_builders import NOW

from bot import content
from bot.triage.assess import RED_FLAGS, TIERS, Triage
from bot.triage.history import fold
from bot.triage.types import URGENCIES, Assessment, CaseHistory
from bot.understanding.pipeline import Understander

EXAMPLES = content.load(RED_FLAGS.with_name("red_flag_examples.yml"))
FLAGS = [
    (text, "emergency" if tier == "emergency" else "same_day")
    for rows in EXAMPLES.values()
    for tier, texts in rows["raise"].items()
    if tier in TIERS
    for text in texts
]
EMERGENCIES = [(text, level) for text, level in FLAGS if level == "emergency"]
QUIET = [text for rows in EXAMPLES.values() for text in rows["not"]]
CHATTER = [
    "Hello there",
    "Thank you so much in advance",
    "Sorry for the long message",
    "I live out of town and the bus only runs twice a day",
    "My insurance card is new",
    "What are your opening hours",
    "Please give my regards to the receptionist",
    "I paid the deposit by card",
    "The parking was easy to find",
    "I have an appointment with you next month",
    "It was Dr. Miller who looked after me",
    "Can I get a copy of the invoice",
    "I hope this reaches the right person",
    "We are moving house in the summer",
    "My phone number has not changed",
    "ok",
    "lol",
    "\U0001f62d\U0001f62d\U0001f62d",
    "!!!",
    "\u00bfHablan espa\u00f1ol?",
]
END = [". ", "! ", "\n", "\n\n", "? ", "... ", " \U0001f630 \n"]


@lru_cache(maxsize=1)
def rooms() -> tuple[Understander, Triage]:
    return Understander(), Triage()


def told(turns: Sequence[str]) -> list[Assessment]:
    """The assessment after each message of one conversation, an hour apart."""
    understander, triage = rooms()
    history, found = CaseHistory(), []
    for number, text in enumerate(turns):
        at: datetime = NOW + timedelta(hours=number)
        history = fold(history, understander.understand(text, at), (), at)
        assessment = triage.assess(history)
        history = replace(history, urgency=assessment.urgency)
        found.append(assessment)
    return found


def level(text: str) -> int:
    return URGENCIES.index(told([text])[-1].urgency)


flags = st.sampled_from(FLAGS)
emergencies = st.sampled_from(EMERGENCIES)
chatter = st.lists(st.sampled_from(CHATTER), max_size=4)
anything = st.lists(
    st.one_of(
        st.sampled_from(CHATTER),
        st.sampled_from(QUIET),
        st.sampled_from([text for text, _ in FLAGS]),
        st.text(max_size=60),
    ),
    max_size=3,
)
ends = st.sampled_from(END)


@given(flags, chatter, chatter, ends)
def test_chatter_hides_no_flag(flag: tuple[str, str], before: list[str], after: list[str], end: str) -> None:
    text = end.join([*before, flag[0], *after])
    assert level(text) >= URGENCIES.index(flag[1])  # type: ignore[arg-type]


@given(emergencies, anything, anything, ends)
def test_no_other_sentence_hides_an_emergency(
    flag: tuple[str, str], before: list[str], after: list[str], end: str
) -> None:
    assert level(end.join([*before, flag[0], *after])) == URGENCIES.index("emergency")


@given(flags, st.permutations(CHATTER[:6]), st.integers(0, 6))
def test_order_hides_no_flag(flag: tuple[str, str], others: list[str], place: int) -> None:
    sentences = [*others[:place], flag[0], *others[place:]]
    assert level(". ".join(sentences)) >= URGENCIES.index(flag[1])  # type: ignore[arg-type]


WRITINGS = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "no end": lambda text: text.rstrip(".!? "),
    "no punctuation": lambda text: re.sub(r"(?<!\d)[.,;:!?]|[.,;:!?](?!\d)", "", text),
    "typographic apostrophes": lambda text: text.replace("'", "\u2019"),
    "backticks": lambda text: text.replace("'", "`"),
    "no apostrophes": lambda text: text.replace("'", ""),
    "double spaces": lambda text: text.replace(" ", "  "),
    "emoji between": lambda text: text + " \U0001f62d\U0001f64f",
    "emoji before": lambda text: "\U0001f6a8 " + text,
    "exclamation": lambda text: text + "!!!!",
    "dots": lambda text: "..." + text + "...",
}


@given(flags, st.lists(st.sampled_from(sorted(WRITINGS)), min_size=1, max_size=3), chatter)
def test_writing_hides_no_flag(flag: tuple[str, str], ways: list[str], before: list[str]) -> None:
    text = flag[0]
    for way in ways:
        text = WRITINGS[way](text)
    assert level("\n".join([*before, text])) >= URGENCIES.index(flag[1]), (ways, text)  # type: ignore[arg-type]


@given(
    st.lists(
        st.one_of(flags.map(lambda flag: flag[0]), st.sampled_from(QUIET + CHATTER), st.text(max_size=40)),
        min_size=1,
        max_size=5,
    )
)
def test_urgency_never_falls_and_is_the_same_each_time(turns: list[str]) -> None:
    first, again = told(turns), told(turns)
    assert [a.to_dict() for a in first] == [a.to_dict() for a in again]
    levels = [URGENCIES.index(a.urgency) for a in first]
    assert levels == sorted(levels)


@given(emergencies, st.lists(st.sampled_from(QUIET + CHATTER), max_size=3))
def test_an_emergency_stays_with_its_words(flag: tuple[str, str], later: list[str]) -> None:
    after = told([flag[0], *later])[-1]
    assert after.urgency == "emergency"
    raised = [flag for flag in after.red_flags if flag.tier == "emergency"]
    assert raised
    assert all(flag.evidence for flag in raised)


@pytest.mark.parametrize("text", [text for text, _ in FLAGS])
def test_every_flag_survives_every_writing(text: str) -> None:
    wanted = level(text)
    lost = [way for way, write in WRITINGS.items() if level(write(text)) < min(wanted, URGENCIES.index("same_day"))]
    assert not lost
