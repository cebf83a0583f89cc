"""The planner: who is told when, as tables of minutes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.alerting import Ladder, Step, Target
from bot.desk.alerts.plan import Due, Told, due, unreached
from bot.records.models import Level

START = datetime(2026, 3, 2, 14, 0, tzinfo=timezone.utc)
TARGETS = {
    "desk": Target("desk", "open", url="json://desk"),
    "night": Target("night", "closed", url="json://night"),
    "oncall": Target("oncall", "always", url="json://oncall"),
}
LADDER = Ladder(
    (
        Step(timedelta(0), ("desk", "night")),
        Step(timedelta(minutes=3), ("desk", "oncall")),
        Step(timedelta(minutes=10), ("oncall",)),
    ),
    again=timedelta(minutes=5),
)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def told(step: int, minutes: float, state: str = "sent", attempts: int = 1, target: str = "desk") -> Told:
    return Told(step, target, state, attempts, at(minutes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "so_far", "minutes", "is_open", "expected"),
    [
        ("before the start", [], -1, True, None),
        ("at once, by day", [], 0, True, Due(0, ("desk",))),
        ("at once, by night", [], 0, False, Due(0, ("night",))),
        ("not yet wider", [told(0, 0)], 2.9, True, None),
        ("wider", [told(0, 0)], 3, True, Due(1, ("desk", "oncall"))),
        ("wider, by night", [told(0, 0)], 3, False, Due(1, ("oncall",))),
        ("widest", [told(0, 0), told(1, 3)], 10, True, Due(2, ("oncall",))),
        ("repeated", [told(0, 0), told(1, 3), told(2, 10)], 14.9, True, None),
        ("repeated", [told(0, 0), told(1, 3), told(2, 10)], 15, True, Due(3, ("oncall",))),
        ("repeated for ever", [told(0, 0), told(40, 200)], 205, True, Due(41, ("oncall",))),
        ("late by an hour: the next step once", [told(0, 0)], 63, True, Due(1, ("desk", "oncall"))),
        ("and the one after counts from it", [told(0, 0), told(1, 63)], 69.9, True, None),
        ("and the one after counts from it", [told(0, 0), told(1, 63)], 70, True, Due(2, ("oncall",))),
        ("tried in vain: others at once", [told(0, 0, "queued", 3)], 0.2, True, Due(1, ("desk", "oncall"))),
        ("given up: others at once", [told(0, 0, "failed", 1)], 0.2, True, Due(1, ("desk", "oncall"))),
        ("tried twice: there is hope", [told(0, 0, "queued", 2)], 0.2, True, None),
        ("one was told: no hurry", [told(0, 0, "failed"), told(0, 0, target="night")], 1, True, None),
        ("one may yet be told", [told(0, 0, "failed"), told(0, 0, "queued", 1, "night")], 1, True, None),
        ("one was told before: no hurry", [told(0, 0), told(1, 3, "failed")], 4, True, None),
        ("repetitions are not hurried", [told(0, 0, "failed"), told(1, 1, "failed"), told(2, 2, "failed")], 3, True,
         None),
    ],
)  # fmt: skip
def test_steps(name: str, so_far: list[Told], minutes: float, is_open: bool, expected: Due | None) -> None:
    assert due(LADDER, TARGETS, is_open, START, so_far, at(minutes)) == expected


def test_nobody_on_duty_waits_for_somebody() -> None:
    ladder = Ladder((Step(timedelta(0), ("desk",)),), again=timedelta(minutes=60))
    assert due(ladder, TARGETS, False, START, [], at(600)) is None
    assert due(ladder, TARGETS, True, START, [], at(900)) == Due(0, ("desk",))


ALL_FAILED = [told(0, 0, "failed"), told(1, 0.3, "queued", 3), told(2, 0.6, "queued", 4)]


@pytest.mark.parametrize(
    ("name", "level", "due_minutes", "so_far", "minutes", "expected"),
    [
        ("nobody was to be told yet", "emergency", 0, [], 600, None),
        ("emergency: all failed", "emergency", 0, ALL_FAILED, 1, "failed"),
        ("hour: some patience", "hour", 60, ALL_FAILED, 4.9, None),
        ("hour: all failed", "hour", 60, ALL_FAILED, 5, "failed"),
        ("a step is left", "emergency", 0, ALL_FAILED[:2], 1, None),
        ("one may yet be told", "emergency", 0, [*ALL_FAILED, told(2, 0.6, "queued", 2)], 1, None),
        ("one was told", "emergency", 0, [*ALL_FAILED, told(0, 0)], 1, None),
        ("one was told and does not answer", "emergency", 0, [told(0, 0)], 5, "silence"),
        ("there is time", "hour", 60, [told(0, 0)], 64.9, None),
        ("the hour is over", "hour", 60, [told(0, 0)], 65, "silence"),
        ("the day is over", "day", 180, [told(0, 0)], 185, "silence"),
    ],
)
def test_nobody_reached(
    name: str, level: Level, due_minutes: float, so_far: list[Told], minutes: float, expected: str | None
) -> None:
    assert unreached(LADDER, level, at(due_minutes), so_far, at(minutes)) == expected
