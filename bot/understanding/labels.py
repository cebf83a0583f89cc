"""Findings as an evaluation writes them: one value or list per key, only what a message states."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bot.understanding.types import Assertion, Finding, Subject, Understanding, Value

SYMPTOMS = (
    "pain", "swelling", "bleeding", "pus", "fever", "numbness", "loose", "bad_taste", "trismus", "breathing_trouble",
    "swallowing_trouble", "swallowed_part", "inhaled_part", "rash", "sinus_leak", "exposed_bone", "vision_change",
    "chest_pain", "confusion",
)  # fmt: skip
NUMBERS = ("part_size_mm", "pain_severity", "fever_c", "time_since_placement_weeks", "time_since_event_days", "age")
LISTS = {
    "part": "part",
    "tooth_location": "tooth_location",
    "condition": "conditions",
    "allergy": "allergies",
    "medication": "medications",
}
PARTS = frozenset(
    [
        "implant",
        "healing abutment",
        "abutment",
        "cover screw",
        "abutment screw",
        "screw",
        "multi-unit abutment",
        "overdenture attachment",
        "crown",
        "bridge",
        "denture",
        "tooth",
        "post",
        "bone graft",
        "stitches",
        "clot",
        "perio pack",
    ]
)
_NO_PLACEMENT = ("extraction", "bone_graft", "sinus_lift")
_ORDER: tuple[Assertion, ...] = ("present", "absent", "past", "hypothetical")
"""Of several mentions of a symptom the first of these wins."""


def labels(understanding: Understanding) -> dict[str, Any]:
    """The findings of one message in the format of an evaluation's label file.

    Symptoms map to their assertion, numbers to a number (or mild, moderate, severe), named things to lists without
    repetition; `subject` is there only where most findings are another person's. What triage alone uses is left out.
    """
    found: dict[str, Any] = {}
    patient = _patient(understanding)
    findings = [f for f in understanding.findings if patient != "self" or f.subject == "self"]
    for name in SYMPTOMS:
        said = {finding.assertion for finding in findings if finding.name == name}
        if said:
            found[name] = next(assertion for assertion in _ORDER if assertion in said)
    for name in NUMBERS:
        numbers = [f for f in findings if f.name == name and _states(f)]
        if numbers:
            found[name] = min(numbers, key=lambda f: f.subject != patient).value
    for name, key in LISTS.items():
        stated = [f for f in findings if f.name == name and _counts(f)]
        values = [f.value for f in stated if not _generic(f, stated)]
        if name == "tooth_location":
            values = [value for value in values if not any(set(_words(value)) < set(_words(other)) for other in values)]
        if values:
            found[key] = list(dict.fromkeys(values))
    if patient != "self":
        found["subject"] = patient
    return found


def _patient(understanding: Understanding) -> Subject:
    """Whose mouth the message is about: whom most findings are told of; the writer's in doubt if he tells his age."""
    subjects = Counter(f.subject for f in understanding.findings)
    others = [subject for subject, _ in subjects.most_common() if subject != "self"]
    own_age = any(f.name == "age" and f.subject == "self" for f in understanding.findings)
    return others[0] if others and subjects[others[0]] >= subjects["self"] + own_age else "self"


def _states(finding: Finding) -> bool:
    """Whether a number is stated; the time of an extraction or of fitting a crown is for triage, it is no placement."""
    if finding.attributes.get("surgery") == "crown_fitting" and not finding.attributes.get("in_place"):
        return False
    return finding.assertion != "hypothetical" and finding.attributes.get("surgery") not in _NO_PLACEMENT


def _counts(finding: Finding) -> bool:
    if finding.name == "part":
        return finding.value in PARTS
    return finding.assertion in ("present", "past")


def _words(location: Value) -> list[str]:
    return str(location).split()


def _generic(finding: Finding, stated: list[Finding]) -> bool:
    """Whether a drug group is named ("antibiotic") beside a drug of the group."""
    group = finding.attributes.get("class")
    return finding.value == group and any(f.attributes.get("class") == group and f.value != group for f in stated)
