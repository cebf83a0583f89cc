"""A process of the house that is killed is started again; one that ends by itself, or is told to, is not."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KEEP = str(Path("scripts/keep.sh").resolve())
LIVES = """
import os, signal, sys
from pathlib import Path
file = Path(sys.argv[1])
life = int(file.read_text()) + 1 if file.exists() else 1
file.write_text(str(life))
if life < 3:
    os.kill(os.getpid(), signal.SIGKILL)
sys.exit(int(os.environ["CODE"]))
"""


@pytest.mark.parametrize("code", [0, 1])
def test_killed_it_starts_again_and_ends_when_it_ends_by_itself(tmp_path: Path, code: int) -> None:
    command = [KEEP, f"CODE={code}", sys.executable, "-c", LIVES, str(tmp_path / "lives")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == code
    assert (tmp_path / "lives").read_text() == "3"
    assert ended.stderr.count("Killed (signal 9), starts again.") == 2


def test_told_to_end_it_ends_its_command_too(tmp_path: Path) -> None:
    told = tmp_path / "told"
    command = f"trap 'echo ended > {told}; exit' TERM; echo up; sleep 60 & wait"
    process = subprocess.Popen([KEEP, "bash", "-c", command], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert time.monotonic() - began < 20
    assert told.read_text() == "ended\n"
