"""The real app with the desk in it, on real SQLite; no engine is needed. Browsers keep cookies and read forms."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

os.environ["QUEUE_FILE"] = os.path.join(tempfile.mkdtemp(prefix="queue-"), "huey.sqlite3")
sys.path.insert(0, str(Path(__file__).parents[1] / "gateway"))

import pytest
from desk_browser import Browser, Clock, House
from gateway_fakes import make_house
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
    """`records`: tests of what the database decides run on both kinds."""
    if "records" in metafunc.fixturenames:
        metafunc.parametrize("records", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def records(request: pytest.FixtureRequest) -> dict[str, object]:
    """Settings for another database than the usual file."""
    return settings_of(request)


@pytest.fixture
async def house(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> AsyncIterator[House]:
    """The desk at https://clinic.example, with nobody of the staff yet."""
    kept = request.getfixturevalue("records") if "records" in request.fixturenames else {}
    made = make_house(tmp_path, "http://127.0.0.1:9", public_url="https://clinic.example", **kept)
    app = create_app(lambda: made.services, made.services.clinic.website_origins)
    async with app.router.lifespan_context(app):
        yield House(app, clock)


@pytest.fixture
async def browse(house: House) -> AsyncIterator[Callable[..., Browser]]:
    """Opens browsers."""
    opened: list[Browser] = []

    def open_browser(address: str = "203.0.113.7") -> Browser:
        opened.append(Browser(house, address))
        return opened[-1]

    yield open_browser
    for browser in opened:
        await browser.client.aclose()
