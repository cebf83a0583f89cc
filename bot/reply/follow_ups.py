"""What a terse message asks that only makes sense as a part of the conversation: "and coffee?", "how long?"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot import content
from bot.triage.answers import plain
from bot.triage.types import CaseHistory
from bot.understanding.types import Finding

OFF_TOPIC = "out_of_scope"
FILE = Path(__file__).with_name("follow_ups.yml")


class FollowUps:
    """follow_ups.yml, read once. Raises ContentError when it is wrong."""

    def __init__(self) -> None:
        data = content.load(FILE, FILE.with_suffix(".schema.json"))
        self._most, self._most_off = int(data["most_words"]), int(data["most_words_off_topic"])
        self._asked = _pattern(("asked",), data["asked"])
        self._vague = frozenset(data["vague"])
        self._instead_of = frozenset(data["instead_of"])
        self._rows = [
            (row, _pattern(("rows", index, "says"), row["says"]) if "says" in row else None)
            for index, row in enumerate(data["rows"])
        ]

    def intents(self, text: str, intents: Sequence[str], findings: Sequence[Finding], before: CaseHistory) -> list[str]:
        """`intents`, with what a short message after others asks in the first place.

        `findings` are those of this message, `before` is the history without it. A message that reports, or that is
        about more than a question, stays as it is.
        """
        said, kept = plain(text), list(intents)
        if not before.turns or len(said.split()) > (self._most_off if kept == [OFF_TOPIC] else self._most):
            return kept
        vague = self._vague.issuperset(kept)
        clear = all(name in self._vague or self._is_other(name) for name in kept)
        asked = "?" in text or bool(self._asked.search(said))
        for row, says in self._rows:
            if not (vague or (clear and row.get("clear"))) or (row.get("asked") and not asked):
                continue
            if (says is None or says.search(said)) and _goes_on(row, findings, before):
                others = [name for name in kept if not self._is_other(name) and name != OFF_TOPIC]
                last = _asked_last(before) if row.get("same") else None
                return [last or row["intent"], *others]
        return kept

    def _is_other(self, name: str) -> bool:
        return name.startswith("ask_") or name in self._instead_of


def _goes_on(row: Mapping[str, Any], findings: Sequence[Finding], before: CaseHistory) -> bool:
    states, known, after = row.get("states"), row.get("known"), row.get("after")
    return (
        (states is None or any(f.name in states and f.assertion == "present" for f in findings))
        and (known is None or any(fact.finding.name in known for fact in before.facts))
        and (after is None or not set(after).isdisjoint(before.intents))
    )


def _asked_last(before: CaseHistory) -> str | None:
    return next((name for name in reversed(before.intents) if name.startswith("ask_")), None)


def _pattern(keys: tuple[str | int, ...], text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise content.error_at(FILE, list(keys), f"not a regular expression: {error}") from error
