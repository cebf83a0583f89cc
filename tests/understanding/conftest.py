"""One Understander for all tests of the room."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.pipeline import Understander

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture(scope="session")
def understander() -> Understander:
    return Understander()


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW
