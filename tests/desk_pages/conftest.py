"""The real app with the desk in it, as in tests/desk, and patients who write."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

os.environ.setdefault("QUEUE_FILE", os.path.join(tempfile.mkdtemp(prefix="queue-"), "huey.sqlite3"))
sys.path.insert(0, str(Path(__file__).parents[1] / "gateway"))
sys.path.insert(0, str(Path(__file__).parents[1] / "desk"))

import pytest
from desk_browser import Browser, Clock
from gateway_fakes import FakeEngine, make_house
from pages_ward import Ward
from postgres_cluster import settings_of

from bot.desk.desk import Desk
from bot.gateway import sweep
from bot.gateway.app import create_app


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The desk's time: it goes on, and can be put forward."""
    clock = Clock()
    monkeypatch.setattr(Desk, "now", lambda desk: clock.now(desk))
    # what a test stored is not for the gateway to scan and answer meanwhile
    monkeypatch.setattr(sweep, "SEE_SECONDS", 3600.0)
    monkeypatch.setattr(sweep, "ANSWER_SECONDS", 3600.0)
    return clock


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module that says ON_BOTH = True is run on SQLite and on PostgreSQL."""
    if "ward" in metafunc.fixturenames and getattr(metafunc.module, "ON_BOTH", False):
        metafunc.parametrize("records", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def records(request: pytest.FixtureRequest) -> dict[str, object]:
    """Settings of the database: none for SQLite, which is in the test's folder."""
    return settings_of(request)


@pytest.fixture
async def ward(tmp_path: Path, clock: Clock, records: dict[str, object]) -> AsyncIterator[Ward]:
    """The desk at https://clinic.example with Anna (front desk), Ben (clinician) and Kim (admin)."""
    engine = FakeEngine()
    engine.start()
    made = make_house(tmp_path, engine.url, public_url="https://clinic.example", **records)
    app = create_app(lambda: made.services, made.services.clinic.website_origins)
    async with app.router.lifespan_context(app):
        ward = Ward(app, clock, made)
        ward.hire("anna")
        ward.hire("ben", "clinician")
        ward.hire("kim", "admin")
        yield ward
    engine.stop()


@pytest.fixture
async def anna(ward: Ward) -> AsyncIterator[Browser]:
    """Anna's browser, signed in."""
    browser = await ward.browser("anna")
    yield browser
    await browser.client.aclose()


@pytest.fixture
async def ben(ward: Ward) -> AsyncIterator[Browser]:
    """Ben's browser, signed in."""
    browser = await ward.browser("ben")
    yield browser
    await browser.client.aclose()
