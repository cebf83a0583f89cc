"""One Triage for all tests of the room; how many examples Hypothesis tries."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from hypothesis.errors import InvalidArgument

from bot.triage.assess import Triage

try:
    settings.get_profile("deep")  # tests/conftest.py has set them
except InvalidArgument:
    settings.register_profile("default", max_examples=60, deadline=None, derandomize=True)
    settings.register_profile("deep", max_examples=10_000, deadline=None)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def triage() -> Triage:
    return Triage()
