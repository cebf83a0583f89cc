"""Which targets are told of a case next, and when; and whether nobody could be reached. Knows times, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerting import Ladder, Target
from bot.records.models import Level, NotificationState

STRUGGLING = 3
"""Tries in vain after which others are told in place of this target. It is tried further."""
PATIENCE = timedelta(minutes=5)
"""How long after the promised time, or after the first try, the patient hears that nobody was reached."""


@dataclass(frozen=True)
class Told:
    """One target of one step, as it stands: told, tried so many times in vain, or given up."""

    step: int
    target: str
    state: NotificationState
    attempts: int
    at: datetime

    @property
    def in_vain(self) -> bool:
        """Whether this one cannot be reached now, as far as we know."""
        return self.state == "failed" or (self.state == "queued" and self.attempts >= STRUGGLING)


@dataclass(frozen=True)
class Due:
    """A step to take now: its number from 0 (above the last of the ladder are its repetitions), and whom it tells."""

    step: int
    targets: tuple[str, ...]


def due(
    ladder: Ladder, targets: Mapping[str, Target], is_open: bool, start: datetime, told: Sequence[Told], now: datetime
) -> Due | None:
    """The step after those in `told`, the first one at `start`, if it is time for it and somebody is on duty.

    Counted from the step before and not from the start: what was late, because the process was away, is told once.
    """
    if now < _time(ladder, start, told):
        return None
    step = max((each.step for each in told), default=-1) + 1
    names = ladder.steps[min(step, len(ladder.steps) - 1)].tell
    on_duty = tuple(name for name in names if targets[name].hours in ("always", "open" if is_open else "closed"))
    return Due(step, on_duty) if on_duty else None


def _time(ladder: Ladder, start: datetime, told: Sequence[Told]) -> datetime:
    if not told:
        return start
    last = max(each.step for each in told)
    begun = min(each.at for each in told if each.step == last)
    if last + 1 >= len(ladder.steps):
        return begun + ladder.again
    return begun if _stuck(told) else begun + ladder.steps[last + 1].after - ladder.steps[last].after


def unreached(ladder: Ladder, level: Level, promised: datetime, told: Sequence[Told], now: datetime) -> str | None:
    """Why nobody counts as reached: `failed`, no target of any step could be told; `silence`, nobody acknowledged.

    None while there is hope. `promised`: by when somebody should have. An emergency's patient
    hears at once that all failed.
    """
    if not told:
        return None
    patience = timedelta(0) if level == "emergency" else PATIENCE
    all_steps = max(each.step for each in told) >= len(ladder.steps) - 1
    if all_steps and _stuck(told) and now >= min(each.at for each in told) + patience:
        return "failed"
    return "silence" if now >= promised + PATIENCE else None


def _stuck(told: Sequence[Told]) -> bool:
    """Nobody was told so far, and nobody of the latest step can be."""
    last = max(each.step for each in told)
    return all(each.state != "sent" for each in told) and all(each.in_vain for each in told if each.step == last)
