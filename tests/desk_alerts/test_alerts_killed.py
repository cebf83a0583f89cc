"""kill -9 of the process that alerts, at every point: no alert is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alerts_fakes import Clock, House, Receiver, clinic, until

from bot.content import ROOT
from bot.records.database import Database
from bot.records.sealing import Sealer, new_key

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def killable(tmp_path: Path, receiver: Receiver) -> Iterator[tuple[House, Start]]:
    """Patients who raise flags, and what starts a process that alerts to them."""
    url, key = f"sqlite:///{tmp_path}/records.sqlite3", new_key()
    database = Database(url, Sealer([key]))
    database.migrate()
    known = clinic({"Team": ("always", receiver.url("team"))})
    house = House(database, known, Clock(datetime.now(known.timezone)))
    processes: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, str(Path(__file__).with_name("serve_alarm.py")), url, key, receiver.url("team"), "1"]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{Path(__file__).parent}"}
        processes.append(subprocess.Popen(command, env=environment))
        return processes[-1]

    yield house, start
    for process in processes:
        process.kill()
        process.wait()
    house.alerts.close()
    database.close()


def test_killed_before_it_sends_and_while_it_sends(killable: tuple[House, Start], receiver: Receiver) -> None:
    house, start = killable
    receiver.plan = [30.0]
    cases = [house.flag("hour")[1] for _ in range(3)]
    first = start()
    until(lambda: receiver.asked == 1)  # the alert is on its way, its fate unknown
    first.kill()
    first.wait()
    assert receiver.taken == []
    second = start()
    until(lambda: all(row.state == "sent" for case in cases for row in house.rows(case)))
    second.kill()
    second.wait()
    states = {case: [(row.state, row.attempts) for row in house.rows(case)] for case in cases}
    assert all(len(rows) == 1 for rows in states.values()), "a restart began no step anew"
    assert sorted(rows[0][1] for rows in states.values()) == [1, 1, 2]


def test_killed_again_and_again_nothing_is_lost(killable: tuple[House, Start], receiver: Receiver) -> None:
    house, start = killable
    cases = []
    for round_ in (1, 2):
        process = start()
        cases += [house.flag("emergency")[1] for _ in range(2)]
        until(lambda count=2 * round_ - 1: len(receiver.taken) >= count)
        process.kill()
        process.wait()
    start()
    until(lambda: all(row.state == "sent" for case in cases for row in house.rows(case)))
    assert all(len(house.rows(case)) == 1 for case in cases)
    assert len(cases) <= len(receiver.taken) <= len(cases) + 2  # once more only where a kill hid the fate
