"""Which question to ask next: the heaviest relevant one whose answer is not known, from questions.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import content
from bot.triage.rules import Condition, ConditionError, parse
from bot.triage.types import URGENCIES, CaseHistory, Question, Urgency
from bot.triage.view import View

FILE = Path(__file__).with_name("questions.yml")
ANSWER_TO = "answer_to"
"""Attribute of a fact that was an answer: the id of the question."""

_STATED = frozenset({"present"})
_KNOWN = frozenset({"present", "absent", "past"})


@dataclass(frozen=True)
class Entry:
    """One question or check of the file. `number`: how a bare number is read; `below`: the urgency a check stops at."""

    id: str
    response: str
    relevant: Condition
    known: Condition | None
    asks_for: tuple[str, ...]
    weight: int
    safety: bool
    answers: tuple[Mapping[str, Any], ...]
    number: Mapping[str, Any] | None
    below: Urgency


class Questions:
    """questions.yml, loaded once (`Questions.load()`). Raises ContentError when it is wrong."""

    def __init__(self) -> None:
        data = content.load(FILE, FILE.with_suffix(".schema.json"))
        self.words: Mapping[str, list[str]] = data["words"]
        self._most = int(data["most_in_a_row"])
        self._checks = [_entry(row, "checks", i, "when") for i, row in enumerate(data["checks"])]
        rows = [_entry(row, "questions", i, "relevant_when") for i, row in enumerate(data["questions"])]
        self._questions = sorted(rows, key=lambda entry: -entry.weight)
        self._by_id = {entry.id: entry for entry in self._checks + self._questions}

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> Questions:
        """The one copy of the process."""
        return Questions()

    def entry(self, id: str) -> Entry | None:
        """The question or check with this id."""
        return self._by_id.get(id)

    def entries(self) -> tuple[Entry, ...]:
        """All checks and questions."""
        return tuple(self._by_id.values())

    def check(self, view: View, history: CaseHistory, urgency: Urgency) -> Question | None:
        """The check after a denied emergency sign; once each, and none when it is an emergency anyway."""
        for entry in self._checks:
            if entry.id not in history.asked and URGENCIES.index(urgency) < URGENCIES.index(entry.below):
                evidence = entry.relevant(view, _STATED) or ()
                signs = [f for f in evidence if f.assertion != "present"] or evidence
                if any(ANSWER_TO not in f.attributes for f in signs):  # what was asked for needs no second asking
                    return Question(entry.id, entry.response)
        return None

    def next(self, view: View, history: CaseHistory, urgency: Urgency) -> Question | None:
        """The next best question, or None: in an emergency, when all is known, after too many in a row.

        While a red flag stands only safety questions are asked.
        """
        if urgency == "emergency":
            return None
        tired = self._in_a_row(history) >= self._most
        for entry in self._questions:
            if urgency == "same_day" and not entry.safety:
                continue
            if entry.id in history.asked or (tired and not (entry.safety and self._new_story(history))):
                continue
            if entry.relevant(view, _STATED) is not None and not self._is_known(entry, view):
                return Question(entry.id, entry.response)
        return None

    def open(self, view: View, history: CaseHistory) -> Iterator[Entry]:
        """The questions that have to do with what was told, the heaviest first: their answer may come, or change."""
        for entry in self._questions:
            if entry.id not in history.asked and entry.relevant(view, _STATED) is not None:
                yield entry

    def _is_known(self, entry: Entry, view: View) -> bool:
        if any(f.assertion in _KNOWN for f in view.findings(entry.asks_for)):
            return True
        return entry.known is not None and entry.known(view, _STATED) is not None

    def _in_a_row(self, history: CaseHistory) -> int:
        return sum(1 for id in history.asked if id in self._by_id and not id.startswith("check_"))

    def _new_story(self, history: CaseHistory) -> bool:
        """The patient has just told something new and present of their own accord."""
        before = {f.finding.name for f in history.facts if f.turn < history.turns}
        return any(
            f.turn == history.turns
            and f.finding.assertion == "present"
            and ANSWER_TO not in f.finding.attributes
            and f.finding.name not in before
            for f in history.facts
        )


def _entry(row: Mapping[str, Any], section: str, index: int, when: str) -> Entry:
    conditions: dict[str, Condition] = {}
    for key in (when, "known_when"):
        if key in row:
            try:
                conditions[key] = parse(row[key], {})
            except ConditionError as error:
                raise content.error_at(FILE, [section, index, key], str(error)) from error
    return Entry(
        id=row["id"],
        response=row["response"],
        relevant=conditions[when],
        known=conditions.get("known_when"),
        asks_for=tuple(row.get("asks_for", ())),
        weight=int(row.get("weight", 0)),
        safety=bool(row.get("safety", True)),
        answers=tuple(row["answers"]),
        number=row.get("number"),
        below=row.get("below", "emergency"),
    )
