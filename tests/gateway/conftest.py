"""A gateway with real SQLite and real HTTP to a small engine; only the language rooms are stand-ins."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

# read when bot.gateway.tasks is imported: never the real queue
os.environ["QUEUE_FILE"] = os.path.join(tempfile.mkdtemp(prefix="queue-"), "huey.sqlite3")

import httpx
import pytest
from fake_twilio import ACCOUNT, PUBLIC, TOKEN, FakeTwilio, TextDoor
from gateway_fakes import Build, FakeEngine, House, Served, make_house
from postgres_cluster import settings_of

from bot.evaluation.processes import free_port
from bot.gateway.app import create_app


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    engine = FakeEngine()
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def within_a_minute() -> None:
    """For tests of limits: they count by the clock's minutes, and one more may pass where a minute ends."""
    left = 60 - time.time() % 60
    if left < 15:
        time.sleep(left)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module that says ON_BOTH = True is run on SQLite and on PostgreSQL."""
    if "build" in metafunc.fixturenames and getattr(metafunc.module, "ON_BOTH", False):
        metafunc.parametrize("database_of", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_of(request: pytest.FixtureRequest) -> dict[str, object]:
    """Settings of the database: none for SQLite, which is in the test's folder."""
    return settings_of(request)


@pytest.fixture
def build(tmp_path: Path, engine: FakeEngine, database_of: dict[str, object]) -> Build:
    """Makes gateways on the same database, as after a restart."""

    return partial(make_house, tmp_path, engine.url, **database_of)


@pytest.fixture
async def house(build: Build) -> AsyncIterator[House]:
    house = build()
    yield house
    await house.services.close()


@pytest.fixture
async def web(build: Build) -> AsyncIterator[httpx.AsyncClient]:
    """The whole app in process, its own services at `web.house`."""
    house = build()
    app = create_app(lambda: house.services, house.services.clinic.website_origins)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic") as client:
            client.house = house  # type: ignore[attr-defined]
            yield client


@pytest.fixture
def served(build: Build) -> Iterator[tuple[House, str]]:
    """The app behind a real server in a thread, and its address."""
    house, port = build(), free_port()
    app = create_app(lambda: house.services, house.services.clinic.website_origins)
    server = Served(app, port, timeout_graceful_shutdown=1)
    yield house, f"http://127.0.0.1:{port}"
    server.stop(at_once=False)


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    fake = FakeTwilio()
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
def quiet() -> float:
    """Seconds without another text before the texts are answered as one. A test can be parametrized with others."""
    return 0.2


@pytest.fixture
def text_settings(twilio: FakeTwilio, quiet: float) -> dict[str, object]:
    account = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_api_url": twilio.url}
    return account | {"public_url": PUBLIC, "sms_timeout": 1.5, "sms_quiet": quiet}


@pytest.fixture
async def sms(build: Build, text_settings: dict[str, object]) -> AsyncIterator[TextDoor]:
    """The whole app in process, its texts carried by `twilio`."""
    house = build(**text_settings)
    app = create_app(lambda: house.services, house.services.clinic.website_origins)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.7:8000") as client:
            yield TextDoor(client, house)
