"""Who is told that a patient needs a person, and when: the section `alerts` of clinic.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from bot import content

Hours = Literal["open", "closed", "always"]
AROUND_THE_CLOCK = ("hour", "emergency")
"""Levels at which somebody must be told at any hour."""


@dataclass(frozen=True)
class Target:
    """One address. Its Apprise URL stands in the environment variable `url_env`, or in `url`; neither is ever shown.

    `hours` says when it is told: while the clinic is open, while it is closed, or always.
    """

    name: str
    hours: Hours
    url: str | None = field(default=None, repr=False)
    url_env: str | None = None


@dataclass(frozen=True)
class Step:
    """The names of the targets that are told so long `after` the alarm began, if nobody has acknowledged by then."""

    after: timedelta
    tell: tuple[str, ...]


@dataclass(frozen=True)
class Ladder:
    """The steps of one level, at least one; the last is repeated every `again`."""

    steps: tuple[Step, ...]
    again: timedelta


@dataclass(frozen=True)
class Alerting:
    """`targets` by name, `ladders` by a case's level. Both are empty for a clinic that only looks at its desk."""

    targets: Mapping[str, Target] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)


def parse(path: Path, data: Mapping[str, Any]) -> Alerting:
    """The section as the schema allows it. Raises ContentError at what cannot work, by its place in `path`."""
    targets: dict[str, Target] = {}
    for index, row in enumerate(data["targets"]):
        if row["name"] in targets:
            raise content.error_at(path, ["alerts", "targets", index, "name"], f"{row['name']!r} is there twice")
        targets[row["name"]] = Target(row["name"], row["hours"], row.get("url"), row.get("url_env"))
    return Alerting(targets, {level: _ladder(path, level, rows, targets) for level, rows in data["levels"].items()})


def _ladder(path: Path, level: str, data: Mapping[str, Any], targets: Mapping[str, Target]) -> Ladder:
    steps: list[Step] = []
    for index, row in enumerate(data["steps"]):
        place: list[str | int] = ["alerts", "levels", level, "steps", index]
        step = Step(timedelta(minutes=row["after"]), tuple(row["tell"]))
        unknown = next((name for name in step.tell if name not in targets), None)
        if unknown is not None:
            raise content.error_at(path, [*place, "tell"], f"there is no target {unknown!r}")
        if not steps and step.after:
            raise content.error_at(path, [*place, "after"], "the first step is at once: after 0 minutes")
        if steps and step.after <= steps[-1].after:
            raise content.error_at(path, [*place, "after"], "each step comes later than the one before")
        hours = {targets[name].hours for name in step.tell}
        if level in AROUND_THE_CLOCK and "always" not in hours and hours != {"open", "closed"}:
            when = "closed" if hours == {"open"} else "open"
            raise content.error_at(path, [*place, "tell"], f"nobody would be told while the clinic is {when}")
        steps.append(step)
    return Ladder(tuple(steps), timedelta(minutes=data["again_every"]))
