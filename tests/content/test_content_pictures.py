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
