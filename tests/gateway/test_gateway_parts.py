"""Small parts: the hand-over policy, putting two assessments together, and the wiring with the real responses."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from gateway_fakes import CLINIC, FakeEngine, FakeHander, FakeSecondLook, FakeTriage, FakeUnderstander, fake_fold

from bot.clinic import Clinic
from bot.content import ROOT, ContentError, load
from bot.gateway.engine import EngineAssessment, Flag
from bot.gateway.handover import FILE, Ground, Handover
from bot.gateway.scan import TIERS, Said, Scan, combined
from bot.gateway.services import create_services
from bot.gateway.settings import Settings
from bot.records.models import LEVELS
from bot.triage.types import URGENCIES, CaseHistory
from bot.understanding.types import Understanding

FRIDAY_NIGHT = datetime(2026, 3, 7, 3, 0, tzinfo=timezone.utc)


def assessment(*tiers: str) -> EngineAssessment:
    flags = [Flag(rule=f"R_{t}", tier=t, response=f"utter_{t}", evidence=["w"], source="s") for t in tiers]
    urgency = "emergency" if "emergency" in tiers else "same_day" if tiers else "soon"
    return EngineAssessment(urgency=urgency, red_flags=flags)


def test_due_times_out_of_hours() -> None:
    handover = Handover(Clinic.load(CLINIC))
    assert handover.due("emergency", FRIDAY_NIGHT) == FRIDAY_NIGHT
    assert handover.due("hour", FRIDAY_NIGHT) == FRIDAY_NIGHT + timedelta(hours=1)
    monday_close = datetime(2026, 3, 9, 21, 0, tzinfo=timezone.utc)
    assert handover.due("day", FRIDAY_NIGHT) == monday_close


def test_the_words_quoted_are_short(tmp_path: Path) -> None:
    handover = Handover(Clinic.load(CLINIC))
    assert len(handover.ground("unanswered", "x" * 50_000, FRIDAY_NIGHT).evidence[0]) == 500


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("approver: pending\nreasons:\n  - reason: crisis\n    level: later\n    source: x\n", ":4:"),
        ("approver: pending\nreasons:\n  - reason: crisis\n    level: day\n    source: x\n", ":2:"),
    ],
)
def test_a_wrong_policy_names_its_line(tmp_path: Path, content: str, line: str) -> None:
    file = tmp_path / "handover.yml"
    file.write_text(content)
    with pytest.raises(ContentError, match=line):
        Handover(Clinic.load(CLINIC), file)


def test_every_intent_of_the_policy_exists() -> None:
    entries = load(ROOT / "bot/domain/intents.yml")["intents"]
    intents = {name for entry in entries for name in ([entry] if isinstance(entry, str) else entry)}
    rows = load(FILE)["reasons"]
    grounds = {*get_args(Ground), *(row["reason"] for row in rows if {"finding", "responses"} & row.keys())}
    assert {row["reason"] for row in rows} - grounds <= intents


def test_levels_are_tiers() -> None:
    assert LEVELS == TIERS


@pytest.mark.parametrize(("scan", "engine"), list(product([(), *[(tier,) for tier in TIERS], TIERS], repeat=2)))
def test_neither_lowers_the_other(scan: tuple[str, ...], engine: tuple[str, ...]) -> None:
    merged, missed = combined(assessment(*scan), assessment(*engine))
    urgencies = [URGENCIES.index(a.urgency) for a in (assessment(*scan), assessment(*engine))]
    assert URGENCIES.index(merged.urgency) == max(urgencies)
    assert {flag.tier for flag in merged.red_flags} == {*scan, *engine}
    assert len(merged.red_flags) == len({*scan, *engine})
    top_scan = max(map(TIERS.index, scan), default=-1)
    top_engine = max(map(TIERS.index, engine), default=-1)
    assert (TIERS.index(missed.tier) if missed else None) == (top_scan if top_scan > top_engine else None)


def test_without_a_scan_the_engine_decides() -> None:
    assert combined(None, assessment("hour")) == (assessment("hour"), None)


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_the_shipped_responses_are_said(tmp_path: Path, engine: FakeEngine, channel: str) -> None:
    engine.mode = "fail"
    settings = Settings(database_url=f"sqlite:///{tmp_path}/records.sqlite3", engine_url=engine.url)
    scan = Scan(FakeUnderstander(), FakeSecondLook(), FakeTriage(), fake_fold, FakeHander())
    services = create_services(settings, scan=scan)
    _, conversation, said = await services.way.open(channel, services.now())  # type: ignore[arg-type]
    assert services.clinic.name in said[0].text
    receipt = await services.way.receive(conversation.id, "hello", None, services.now())
    assert services.clinic.emergency_number in receipt.replies[0].text
    assert "{" not in receipt.replies[0].text
    await services.close()


def test_a_failing_second_look_leaves_the_rules_alone() -> None:
    class Broken:
        def look(self, understanding: Understanding) -> Understanding:
            raise RuntimeError(understanding.text)

    said = Said("my lip is numb", datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc))
    looks = [Scan(FakeUnderstander(), second, FakeTriage(), fake_fold, FakeHander()).look(CaseHistory(), (), said)
             for second in (FakeSecondLook(), Broken())]  # fmt: skip
    assert looks[0] == looks[1]
    assert [flag.rule for flag in looks[1].assessment.red_flags] == ["R7"]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads as Linux shows them")
@pytest.mark.parametrize("module", ["bot.gateway.app", "bot.gateway.tasks"])
def test_products_of_small_matrices_start_no_threads(module: str, tmp_path: Path) -> None:
    """They spin for a while after each product: a third of the gateway's time was that."""
    count = f"import os, {module}, numpy; print(len(os.listdir('/proc/self/task')))"
    environment = {**os.environ, "QUEUE_FILE": str(tmp_path / "queue.sqlite3")}
    environment.pop("OPENBLAS_NUM_THREADS", None)
    done = subprocess.run([sys.executable, "-c", count], env=environment, capture_output=True, text=True, check=True)
    assert int(done.stdout) == 1
