"""The words of the page of parts: plain, with a source, and nothing that must not be said."""

from __future__ import annotations

import re

import pytest

from bot.clinic import Clinic
from bot.content import ROOT
from bot.pictures.catalogue import Catalogue

pytest.importorskip("textstat", reason="the reading grade is measured in the gateway environment")
from content_reading import grade

CATALOGUE = Catalogue.load()
CLINIC = Clinic.load(ROOT / "bot" / "clinic.yml")
FACTS = {"clinic_name": CLINIC.name, "clinic_phone": CLINIC.phone, "oncall_phone": CLINIC.oncall_phone}
FACTS |= {"emergency_number": CLINIC.emergency_number}
FORBIDDEN = r"\bnormal\b|nothing to worry|not your implant|not an implant|not infected|\bmg\b|\bglue\b|screw it back"


def said_in(language: str) -> str:
    found = Catalogue.load(language)
    told = [
        words for part in found.parts.values() for words in (part.name, part.what, part.size, part.looks, *part.also)
    ]
    return " ".join([*found.page["first"], found.page["about"], found.page["foot"], *told])


def test_spanish_says_the_same_facts_and_nothing_else() -> None:
    """Numbers and placeholders are the same in both; what must not be said is not."""
    assert list(Catalogue.load("es").parts) == list(CATALOGUE.parts)
    for id, part in CATALOGUE.parts.items():
        told = Catalogue.load("es").parts[id]
        assert re.findall(r"[\d.]*\d", told.size) == re.findall(r"[\d.]*\d", part.size), id
        assert len(told.looks) > 10 < len(told.what)
    for one, other in zip(CATALOGUE.page["first"], Catalogue.load("es").page["first"], strict=True):
        assert re.findall(r"{\w+}", one) == re.findall(r"{\w+}", other)
    forbidden = r"\bnormal\b|tranquil|no es grave|no es (el|su) implante|infectad|\bmg\b|pegu?[ae]|no se preocupe"
    assert not re.search(forbidden, said_in("es"), re.IGNORECASE)
    assert "el implante mismo" in said_in("es")


def test_plain_words() -> None:
    page = CATALOGUE.page
    rows = [*page["first"], page["about"], page["foot"]]
    sentences = [row.format(**FACTS, coin=CATALOGUE.coin) for row in rows]
    sentences += [words for part in CATALOGUE.parts.values() for words in (part.what, part.looks)]
    hard = {sentence: grade(sentence) for sentence in sentences if grade(sentence) > 6}
    assert not hard
    said = " ".join([*sentences, *(part.size for part in CATALOGUE.parts.values())])
    assert grade(said) <= 6
    assert not re.search(FORBIDDEN, said, re.IGNORECASE)
    assert "the implant itself" in said
