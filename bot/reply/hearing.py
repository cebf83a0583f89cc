"""What a message puts right: a value that was told before and is another one now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.triage.types import CaseHistory
from bot.understanding.types import Finding

MOST = 2  # values said back
TOLD = ("present", "past")


def corrected(words: Mapping[str, str], cue: str, history: CaseHistory, text: str) -> str | None:
    """The new values as the patient reads them ("6 mm, upper left"), or None.

    `words` says for a finding how its value is written. A number that differs is a correction (or news); of a finding
    that can have several values only one that comes with words of correction (`cue`).
    """
    before = [fact.finding for fact in history.facts if fact.turn < history.turns]
    now = [fact.finding for fact in history.facts if fact.turn == history.turns]
    values: dict[str, str] = {}
    for name, value in _values(words, before, now, bool(re.search(cue, text, re.IGNORECASE))):
        values.setdefault(name, value)  # what comes after it is often about another place
    return ", ".join(list(values.values())[:MOST]) or None


def _values(
    words: Mapping[str, str], before: list[Finding], now: list[Finding], corrects: bool
) -> Iterator[tuple[str, str]]:
    for finding in now:
        old = [other.value for other in before if other.name == finding.name and other.assertion in TOLD]
        numbers = isinstance(finding.value, (int, float)) and all(isinstance(value, (int, float)) for value in old)
        if finding.name not in words or finding.assertion != "present" or not old or finding.value in old:
            continue
        if numbers or corrects:
            value = f"{finding.value:g}" if isinstance(finding.value, (int, float)) else str(finding.value)
            yield finding.name, words[finding.name].replace("{value}", value)
