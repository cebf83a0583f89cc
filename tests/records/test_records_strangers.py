"""A name that nobody has is locked like an account, whichever process it is tried at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from bot.desk.attempts import pause
from bot.records import strangers
from bot.records.database import Database

NOW = datetime(2026, 5, 4, 12, tzinfo=timezone.utc)


def tried(database: Database, digest: str, now: datetime = NOW) -> datetime | None:
    with database.write() as session:
        return strangers.failed(session, digest, now, pause)


def test_failures_add_up_and_lock(database: Database) -> None:
    assert [tried(database, "a") for _ in range(5)] == [None] * 4 + [NOW + timedelta(seconds=2)]
    assert tried(database, "b") is None
    assert tried(database, "a", NOW + timedelta(seconds=3)) is None
    assert tried(database, "a", NOW + timedelta(seconds=3)) == NOW + timedelta(seconds=7)


def test_many_at_once_count_each(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: tried(database, "a"), range(16)))
    assert said.count(None) == 4


def test_only_so_many_are_remembered(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "MOST", 3)
    for _ in range(4):
        tried(database, "grave")
    for number in range(5):
        tried(database, f"other {number}", NOW + timedelta(milliseconds=number))
    assert tried(database, "grave", NOW + timedelta(seconds=1)) == NOW + timedelta(seconds=2)
    with database.read() as session:
        assert session.query(strangers.Stranger).count() == 3
