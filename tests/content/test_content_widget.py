"""The chat widget's sentences: plain words, the same facts in both languages, nothing that must not be said."""

from __future__ import annotations

import re

import pytest

from bot.content import ROOT, load

pytest.importorskip("textstat", reason="the reading grade is measured in the gateway environment")
from content_reading import grade

ROOM = ROOT / "bot" / "widget"
TEXTS: dict[str, dict[str, str]] = load(ROOM / "texts.yml", ROOM / "texts.schema.json")["texts"]
FORBIDDEN = r"\bnormal\b|nothing to worry|not your implant|not infected|\bmg\b|\bglue\b|diagnos|tranquil|no es grave"


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", words))


# the grade of a button of two words says nothing
@pytest.mark.parametrize("key", [key for key, words in TEXTS.items() if len(words["en"].split()) >= 8])
def test_plain_words(key: str) -> None:
    words = re.sub(r"\{(clinic|oncall|emergency)_\w+\}", "us", TEXTS[key]["en"])
    assert grade(words) <= 6


@pytest.mark.parametrize("key", TEXTS)
def test_nothing_that_must_not_be_said(key: str) -> None:
    assert [words for words in TEXTS[key].values() if re.search(FORBIDDEN, words, re.IGNORECASE)] == []


# in Spanish there is more to say about who reads Spanish
@pytest.mark.parametrize("key", sorted(set(TEXTS) - {"english_only"}))
def test_both_languages_state_the_same_facts(key: str) -> None:
    assert placeholders(TEXTS[key]["en"]) == placeholders(TEXTS[key]["es"])


@pytest.mark.parametrize("language", ["en", "es"])
def test_whom_to_call_is_named_wherever_something_may_not_wait(language: str) -> None:
    assert placeholders(TEXTS["notice"][language]) == {"emergency_number"}
    assert placeholders(TEXTS["no_chat"][language]) == {"clinic_phone", "emergency_number"}
    assert placeholders(TEXTS["cannot_wait"][language]) == {"oncall_phone", "emergency_number"}
