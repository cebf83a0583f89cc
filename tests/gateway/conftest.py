"""A gateway with real SQLite and real HTTP to a small engine; only the language rooms are stand-ins."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

# read when bot.gateway.tasks is imported: never the real queue
os.environ["QUEUE_FILE"] = os.path.join(tempfile.mkdtemp(prefix="queue-"), "huey.sqlite3")

import httpx
import pytest
from gateway_fakes import Build, FakeEngine, FakeRenderer, FakeTriage, FakeUnderstander, House, fake_fold, fake_join

from bot.clinic import Clinic
from bot.gateway.app import create_app
from bot.gateway.scan import Scan
from bot.gateway.services import assemble
from bot.gateway.settings import Settings

CLINIC = Path(__file__).with_name("clinic.yml")


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    engine = FakeEngine()
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def build(tmp_path: Path, engine: FakeEngine) -> Build:
    """Makes gateways on the same database, as after a restart."""

    def make(**changed: object) -> House:
        values = {
            "database_url": f"sqlite:///{tmp_path}/records.sqlite3",
            "queue_file": f"{tmp_path}/huey.sqlite3",
            "engine_url": engine.url,
            "engine_timeout": 1.0,
        } | changed
        renderer, queued = FakeRenderer(), []
        scan = Scan(FakeUnderstander(), FakeTriage(), fake_fold)
        services = assemble(Settings(**values), Clinic.load(CLINIC), scan, renderer, fake_join, queued.append)
        return House(services, queued, renderer)

    return make


@pytest.fixture
async def house(build: Build) -> AsyncIterator[House]:
    house = build()
    yield house
    await house.services.close()


@pytest.fixture
async def web(build: Build) -> AsyncIterator[httpx.AsyncClient]:
    """The whole app in process, its own services at `web.house`."""
    house = build()
    app = create_app(lambda: house.services)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic") as client:
            client.house = house  # type: ignore[attr-defined]
            yield client
