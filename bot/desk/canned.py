"""Replies that staff can put into the box with one press: canned.yml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import content
from bot.clinic import Clinic

FILE = Path(__file__).with_name("canned.yml")


@dataclass(frozen=True)
class CannedReply:
    """One reply, filled in: what staff choose it by, and what goes into the box."""

    id: str
    title: str
    text: str


class Canned:
    """The replies of one clinic. Raises ContentError for a file that is wrong, or that names an unknown fact."""

    def __init__(self, clinic: Clinic, file: Path = FILE) -> None:
        self._clinic = clinic
        self._rows = content.load(file, file.with_suffix(".schema.json"))["replies"]
        known = self._facts("", datetime.now(clinic.timezone))
        for place, row in enumerate(self._rows):
            try:
                row["text"].format_map(known)
            except (KeyError, ValueError, IndexError) as error:
                raise content.error_at(file, ["replies", place, "text"], f"cannot be filled in: {error}") from error

    def replies(self, staff_name: str, now: datetime) -> Sequence[CannedReply]:
        """Every reply as `staff_name` would say it at the aware time `now`."""
        facts = self._facts(staff_name, now)
        return [CannedReply(row["id"], row["title"], row["text"].format_map(facts)) for row in self._rows]

    def _facts(self, staff_name: str, now: datetime) -> dict[str, str]:
        return {**self._clinic.facts(now), "staff_name": staff_name}
