"""Alerts on real SQLite, sent by real Apprise to real servers on loopback."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

# read when bot.gateway.tasks is imported: never the real queue
os.environ["QUEUE_FILE"] = os.path.join(tempfile.mkdtemp(prefix="queue-"), "huey.sqlite3")
sys.path.insert(0, str(Path(__file__).parents[1] / "gateway"))

import pytest
from alerts_fakes import MONDAY_NOON, Clock, House, Mailbox, Receiver

from bot.clinic import Clinic
from bot.records.database import Database
from bot.records.sealing import Sealer, new_key


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.start()
    yield receiver
    receiver.stop()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    mailbox.start()
    yield mailbox
    mailbox.stop()


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Makes a house of a clinic, on a Monday at noon unless told otherwise."""
    database = Database(f"sqlite:///{tmp_path}/records.sqlite3", Sealer([new_key()]))
    database.migrate()
    houses = []

    def make(clinic: Clinic, at: datetime = MONDAY_NOON) -> House:
        houses.append(House(database, clinic, Clock(at)))
        return houses[-1]

    yield make
    for house in houses:
        house.alerts.close()
    database.close()
