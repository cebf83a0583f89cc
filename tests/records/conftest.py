"""Each test of the records runs on SQLite and on PostgreSQL, both real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.records import conversations
from bot.records.database import Database
from bot.records.models import Conversation
from bot.records.sealing import Sealer, new_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
KEY = new_key()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The URL of a database without tables, and a key."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/var/records.sqlite3", KEY
    return request.getfixturevalue("postgres").empty(), KEY


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with our tables."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/var/records.sqlite3", Sealer([KEY]))
        database.migrate()
    else:
        cluster = request.getfixturevalue("postgres")
        database = Database(cluster.migrated(), Sealer([cluster.key]))
    yield database
    database.close()


@pytest.fixture
def conversation(database: Database) -> Conversation:
    with database.write() as session:
        return conversations.create(session, "secret-token", "web", "en", NOW)
