"""Findings as Rasa entities."""

from __future__ import annotations

import yaml

from bot.engine.findings import REPORTED, entities
from bot.understanding.types import Finding


def test_values_are_text_and_symptoms_are_their_assertion() -> None:
    found = entities(
        [
            Finding("pain", assertion="absent", start=20, end=27, text="no pain"),
            Finding("part_size_mm", value=5.0, start=0, end=4, text="5 mm"),
        ]
    )
    assert [(entity["entity"], entity["value"]) for entity in found] == [("part_size_mm", "5.0"), ("pain", "absent")]


def test_of_overlapping_findings_the_longer_is_kept() -> None:
    found = entities(
        [
            Finding("part", value="implant", start=6, end=13, text="implant"),
            Finding("tooth_location", value="lower", start=0, end=13, text="lower implant"),
        ]
    )
    assert [entity["entity"] for entity in found] == ["tooth_location"]


def test_what_only_triage_reads_is_no_entity() -> None:
    assert entities([Finding("drooling", start=0, end=8, text="drooling")]) == []


def test_the_domain_knows_every_entity() -> None:
    with open("bot/domain/entities.yml") as file:
        assert set(yaml.safe_load(file)["entities"]) == REPORTED
