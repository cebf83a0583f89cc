"""The case history as Rasa slots, for stories, `rasa interactive` and whoever reads a tracker."""

from __future__ import annotations

from typing import Any

from bot.triage.types import Assessment, CaseHistory

# slot → finding; the newest finding wins
_FROM: dict[str, str] = {
    "part": "part",
    "part_size_mm": "part_size_mm",
    "pain": "pain",
    "pain_severity": "pain_severity",
    "swelling": "swelling",
    "bleeding": "bleeding",
    "pus": "pus",
    "fever": "fever",
    "fever_c": "fever_c",
    "numbness": "numbness",
    "loose": "loose",
    "weeks_since_placement": "time_since_placement_weeks",
    "days_since_event": "time_since_event_days",
    "tooth_location": "tooth_location",
}


def slots(history: CaseHistory, assessment: Assessment) -> dict[str, Any]:
    """Slot values of a conversation; a symptom's value is its assertion."""
    newest = {fact.finding.name: fact.finding for fact in history.facts}
    values: dict[str, Any] = {}
    for slot, name in _FROM.items():
        finding = newest.get(name)
        values[slot] = None if finding is None else finding.assertion if finding.value is None else finding.value
    values["urgency"] = assessment.urgency
    values["pending_question"] = history.pending
    values["case_history"] = history.to_dict()
    return values
