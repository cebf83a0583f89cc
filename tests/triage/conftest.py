"""One Triage for all tests of the room."""

from __future__ import annotations

import pytest

from bot.triage.assess import Triage


@pytest.fixture(scope="session")
def triage() -> Triage:
    return Triage()
