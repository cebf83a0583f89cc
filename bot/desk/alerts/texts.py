"""What an alert says: level and times. Nothing that a patient wrote can get in, for nothing of it comes here."""

from __future__ import annotations

import string
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import content
from bot.clinic import Clinic
from bot.desk.clock import Clock
from bot.records.models import LEVELS
from bot.records.notifications import Claim

FILE = Path(__file__).with_name("texts.yml")
PLACEHOLDERS = frozenset({"clinic", "since", "due", "link"})


@dataclass(frozen=True)
class Alert:
    """As it is sent; `link` stands in the text."""

    title: str
    text: str
    link: str


class Texts:
    """The file's sentences for one clinic. Raises ContentError when the file is wrong."""

    def __init__(self, clinic: Clinic, file: Path = FILE) -> None:
        self._clinic = clinic
        self._words: dict[str, str] = content.load(file, file.with_suffix(".schema.json"))
        for key in ("title", "again", *LEVELS):
            try:
                found = {name for _, name, _, _ in string.Formatter().parse(self._words[key]) if name is not None}
            except ValueError as error:
                raise content.error_at(file, [key], str(error)) from error
            if unknown := found - PLACEHOLDERS:
                raise content.error_at(file, [key], f"unknown placeholder {{{min(unknown)}}}")

    def alert(self, claim: Claim, link: str, now: datetime) -> Alert:
        """The alert for a claim, its times as of the aware time `now`."""
        clock = Clock(now.astimezone(self._clinic.timezone))
        text = (self._words["again"] if claim.step else "") + self._words[claim.level]
        values = {"since": clock.exact(claim.since), "due": clock.exact(claim.due_at), "link": link}
        return Alert(self._words["title"].format(clinic=self._clinic.name), text.format(**values), link)
