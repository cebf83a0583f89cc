"""Writers of a SQLite file in several processes: each gets its turn, and a killed one does not keep it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.content import ROOT
from bot.records.turn import Turn

HOLD = """
import sys, time
from pathlib import Path
from bot.records.turn import Turn
with Turn(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holder(file: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(file), str(seconds)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "."}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "mine\n"
    return process


def test_another_process_is_waited_for(tmp_path: Path) -> None:
    process = holder(tmp_path / "records", 1.0)
    began = time.monotonic()
    with Turn(tmp_path / "records"):
        assert time.monotonic() - began > 0.5
    assert process.wait(30) == 0


def test_a_killed_one_keeps_nobody(tmp_path: Path) -> None:
    process = holder(tmp_path / "records", 600.0)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    with Turn(tmp_path / "records"):
        pass


def test_one_at_a_time_also_within_a_process_and_after_an_error(tmp_path: Path) -> None:
    turn, inside, most = Turn(tmp_path / "records"), [], []

    def write() -> None:
        for _ in range(20):
            with turn:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(most), max(most)) == (160, 1)
    with pytest.raises(ValueError, match="broken"), turn:
        raise ValueError("broken")
    turn.close()
    with turn:
        assert (tmp_path / "records-turn").stat().st_mode & 0o077 == 0
