"""Two worker processes on one SQLite file: each question is asked, and each alarm raised again, exactly once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from gateway_fakes import Build, FakeEngine
from loop_patients import HOUR, Patient

from bot.content import ROOT

RACER = Path(__file__).with_name("loop_racer.py")
PATIENTS = 12


@pytest.mark.parametrize("taken_over", [False, True], ids=["asked", "left alone"])
async def test_exactly_once(build: Build, engine: FakeEngine, tmp_path: Path, taken_over: bool) -> None:
    house = build()
    patients = [await Patient.come(house, channel) for channel in ("web", "sms") for _ in range(PATIENTS // 2)]
    for patient in patients:
        await patient.write(HOUR)
        if taken_over:
            patient.taken_over(1)
    paths = os.pathsep.join([str(ROOT), str(RACER.parents[1]), str(RACER.parent)])
    racers = [
        subprocess.Popen(
            [sys.executable, str(RACER), str(tmp_path), patients[0].when(80).isoformat()],
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    done = [int(racer.communicate(timeout=180)[0]) for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0]
    assert sum(done) == PATIENTS
    line, action = ("utter_staff_silent", "reopened") if taken_over else ("utter_follow_up", "follow_up_asked")
    for patient in patients:
        assert patient.said.count(line) == 1
        assert [entry[1] for entry in patient.trail].count(action) == 1
    await house.services.close()
