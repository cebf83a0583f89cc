"""The numbers of an evaluation, read out of whole sentences of our own: each value, and no other."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.understanding.labels import NUMBERS, labels
from bot.understanding.pipeline import Understander

RECEIVED = datetime(2024, 6, 19, 14, 0, tzinfo=ZoneInfo("America/New_York"))
ROWS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "values.yml").read_text(encoding="utf-8"))[
    "values"
]
# how far a reading may be off: relative, and the least in the value's own unit
TOLERANCE = {
    "part_size_mm": (0.02, 0.0),
    "time_since_placement_weeks": (0.15, 0.0715),
    "time_since_event_days": (0.15, 0.5),
}


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:60] for row in ROWS])
def test_values(understander: Understander, row: dict[str, Any]) -> None:
    found = labels(understander.understand(row["text"], RECEIVED))
    assert {name for name in NUMBERS if name in found} == set(row) - {"text"}, found
    for name in set(row) - {"text"}:
        if isinstance(row[name], str):
            assert found[name] == row[name]
        else:
            relative, least = TOLERANCE.get(name, (0.0, 0.01))
            assert found[name] == pytest.approx(row[name], rel=relative, abs=least)


@pytest.mark.parametrize(
    ("text", "name", "hours"),
    [
        ("my lip has been numb for 8 hours", "numbness", 8),
        ("bleeding for 40 minutes", "bleeding", 0.667),
        ("numb since the surgery 2 days ago", "numbness", 48),
        ("it's been bleeding since 8 am", "bleeding", 6),
        ("fever for three days", "fever", 72),
        ("my lip is still numb 10 hours later", "numbness", 10),
        ("the pain started on Monday", "pain", 48),
        ("pain began last night and bleeding this morning", "pain", 24),
        ("bleeding started this morning, pain since Sunday", "bleeding", 6),
        ("it has been oozing blood for an hour and a half", "bleeding", 1.5),
        ("still bleeding after 5 hours of gauze", "bleeding", 5),
        ("can't open my mouth for a week now", "trismus", 168),
        ("numbness from the injection hasn't gone away in 12 hours", "numbness", 12),
        ("my chin's numb, it's been 36 hours", "numbness", 36),
        ("surgery Monday at 9am, numb ever since", "numbness", 53),
        ("numbness going on 3 days now", "numbness", 72),
        ("implant was 3 weeks ago, pus since yesterday", "pus", 24),
        ("swelling on day 6", "swelling", None),
        ("bled for 2 hours and then it stopped", "bleeding", None),
    ],
)
def test_how_long_a_symptom_lasts(understander: Understander, text: str, name: str, hours: float | None) -> None:
    symptom = next(f for f in understander.understand(text, RECEIVED).findings if f.name == name)
    assert symptom.attributes.get("since_hours") == (None if hours is None else pytest.approx(hours, rel=0.05))


@pytest.mark.parametrize(
    ("text", "age", "subject"),
    [
        ("My friend is 60 and had hers done, I am 50", 50, None),
        ("My mom is 81 and her implant came out last night", 81, "other"),
        ("My daughter is 19. Her implant crown is loose.", 19, "child"),
        ("I have 2 kids aged 5 and 8, when can I lift them after my implant surgery?", None, None),
    ],
)
def test_numbers_are_the_patients_own(
    understander: Understander, text: str, age: float | None, subject: str | None
) -> None:
    found = labels(understander.understand(text, RECEIVED))
    assert (found.get("age"), found.get("subject")) == (age, subject)
