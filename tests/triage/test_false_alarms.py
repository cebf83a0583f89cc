"""Look-alikes: what only sounds like a red flag stays quiet, and the sentence beside it that is one is raised."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.triage.assess import Triage
from bot.triage.history import fold
from bot.triage.types import URGENCIES, CaseHistory
from bot.understanding.pipeline import Understander

TABLE = yaml.safe_load(Path(__file__).with_name("false_alarms.yml").read_text(encoding="utf-8"))
NOW = datetime(2026, 3, 12, 17, 0, tzinfo=ZoneInfo("America/New_York"))
SAME_DAY = URGENCIES.index("same_day")
ROWS = [(kind, side == "raised", text) for kind, sides in TABLE.items() for side in sides for text in sides[side]]


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


@pytest.mark.parametrize(("kind", "raised", "text"), ROWS)
def test_look_alikes(understander: Understander, triage: Triage, kind: str, raised: bool, text: str) -> None:
    result = triage.assess(fold(CaseHistory(), understander.understand(text, NOW), (), NOW))
    assert (URGENCIES.index(result.urgency) >= SAME_DAY) is raised, (kind, result.to_dict())


@pytest.mark.parametrize("kind", TABLE)
def test_every_class_has_both_sides(kind: str) -> None:
    assert len(TABLE[kind]["quiet"]) + len(TABLE[kind]["raised"]) >= 15
    assert len(TABLE[kind]["raised"]) >= 8
