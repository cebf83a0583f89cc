"""The policy of loop.yml: how often a waiting patient hears of it, when they are asked, and what their answers mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from bot import content
from bot.gateway.text import bare
from bot.records.models import Conversation, Level

FILE = Path(__file__).with_name("loop.yml")
SCHEMA = Path(__file__).with_name("loop.schema.json")
SPANISH = "utter_spanish"
"""How the names of the responses begin that answer who writes Spanish."""

Meaning = Literal["reached", "not_reached", "not_needed"]


@dataclass(frozen=True)
class Words:
    """One thing to say: a response for each language that has its own."""

    by_language: Mapping[str, str]

    def to(self, conversation: Conversation) -> str:
        """The response in the language of a conversation, or that the assistant found the patient to write in."""
        said = conversation.history.get("said", ())
        language = "es" if any(name.startswith(SPANISH) for name in said) else conversation.language
        return self.by_language.get(language, self.by_language["en"])


@dataclass(frozen=True)
class Line:
    """A holding line, and how long it is not said again."""

    every: timedelta
    words: Words


@dataclass(frozen=True)
class Answer:
    """What a whole message means. `anytime`: also where nobody asked; `goes_on`: the assistant answers it too."""

    means: Meaning
    anytime: bool
    goes_on: bool


class Policy:
    """loop.yml, read once. Raises ContentError when the file is wrong or a word has two meanings."""

    def __init__(self, file: Path = FILE) -> None:
        data = content.load(file, SCHEMA)
        holding, silent, follow_up = data["holding"], data["staff_silent"], data["follow_up"]
        self.with_person, self.seen, self.late = (_line(holding[key]) for key in ("with_person", "seen", "late"))
        self.waiting: dict[Level, Line] = {level: _line(row) for level, row in holding["waiting"].items()}
        self.engine_away = timedelta(minutes=holding["engine_away_minutes"])
        """So long "we have your message" is not said again."""
        self.silent_after = _minutes(silent["after_minutes"])
        self.staff_silent = Words(silent["response"])
        self.ask_after = _minutes(follow_up["after_minutes"])
        self.not_after = timedelta(hours=follow_up["not_after_hours"])
        self.calm = timedelta(minutes=follow_up["calm_minutes"])
        self.ask = _by_level(follow_up["ask"])
        self.never_for = frozenset(follow_up["never_for"])
        self.never_after = frozenset(follow_up["never_after"])
        self.patient_may_resolve = frozenset(follow_up["patient_may_resolve"])
        replies = follow_up["replies"]
        self.not_reached = _by_level(replies["not_reached"])
        self.reached, self.not_needed, self.not_needed_kept = (
            Words(replies[key]) for key in ("reached", "not_needed", "not_needed_kept")
        )
        self._answers: dict[str, Answer] = {}
        for index, row in enumerate(data["answers"]):
            answer = Answer(row["means"], row.get("anytime", False), row.get("goes_on", False))
            for word in row["words"]:
                if word in self._answers:
                    raise content.error_at(file, ["answers", index, "words"], f"{word!r} is already an answer")
                self._answers[word] = answer

    def answer(self, text: str) -> Answer | None:
        """What a message means, if all of it is one of the table's. A question is none."""
        return None if "?" in text else self._answers.get(bare(text))

    @cached_property
    def responses(self) -> frozenset[str]:
        """Everything that is ever said of it."""
        return frozenset(name for words in self._words() for name in words.by_language.values())

    def _words(self) -> Iterator[Words]:
        for line in (self.with_person, self.seen, self.late, *self.waiting.values()):
            yield line.words
        yield from (self.staff_silent, self.reached, self.not_needed, self.not_needed_kept)
        yield from (*self.ask.values(), *self.not_reached.values())


def _line(row: Mapping[str, Any]) -> Line:
    words = {language: name for language, name in row.items() if language != "every_minutes"}
    return Line(timedelta(minutes=row["every_minutes"]), Words(words))


def _minutes(by_level: Mapping[Level, int]) -> dict[Level, timedelta]:
    return {level: timedelta(minutes=count) for level, count in by_level.items()}


def _by_level(rows: Mapping[Level, Mapping[str, str]]) -> dict[Level, Words]:
    return {level: Words(row) for level, row in rows.items()}
