"""What a later message says of symptoms told earlier without naming them: "it's worse now"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import content
from bot.triage.answers import NUMBER_WORDS
from bot.triage.types import CaseHistory
from bot.triage.view import View
from bot.understanding.types import Finding

_GRADE_WORDS = 14
_DIGIT = "10|[0-9]|" + "|".join(list(NUMBER_WORDS)[:11])
_ANY_NUMBER = re.compile(rf"(?<![\w.])(?:\d[\d.]*|{'|'.join(NUMBER_WORDS)})(?![\w.])")
_GRADE = re.compile(
    r"\b(?:like|about|around|more like|at|its|is|feels like|say|to|now|still|maybe|probably)(?: an?| a solid)? "
    rf"({_DIGIT})(?: now| today| tonight| maybe| or so| for sure| already| easily| at least)*$"
)
"""A number at the end, with no unit behind it."""

FILE = Path(__file__).with_name("followups.yml")


@dataclass(frozen=True)
class Followup:
    """One way to say how earlier symptoms went on; `findings` are the symptoms it is said of."""

    says: re.Pattern[str]
    attributes: Mapping[str, Any]
    findings: tuple[str, ...]


def told_of_earlier(history: CaseHistory, said: str, stated: Sequence[Finding]) -> list[Finding]:
    """Symptoms that stood before this message, once more, as they are now. `history` ends before it, `said` is plain.

    Of a symptom that the message itself names (`stated`) only its own words count. The evidence is the patient's
    earlier words for it.
    """
    followups, denied = _load()
    heard = [f for f in followups if _says(f.says, denied, said)]
    if not heard:
        return []
    names = {finding.name for finding in stated}
    view = View.of(history)
    found: list[Finding] = []
    for followup in heard:
        for earlier in view.findings(n for n in followup.findings if n not in names):
            if earlier.assertion == "present":
                found.append(replace(earlier, attributes={**earlier.attributes, **followup.attributes}))
    return found


def graded(history: CaseHistory, text: str, said: str, stated: Sequence[Finding]) -> list[Finding]:
    """How bad the pain told before is now, where only its number is said: "a lot worse, like an 8", "still a 6".

    `history` ends before this message, `said` is `text` made plain. Another number in the message, or one with a unit,
    is no grade.
    """
    numbers = _ANY_NUMBER.findall(said)
    found = _GRADE.search(said)
    counted = any(isinstance(finding.value, (int, float)) for finding in stated)
    if found is None or len(numbers) != 1 or counted or len(said.split()) > _GRADE_WORDS:
        return []
    pain = [f for f in View.of(history).findings(["pain"]) if f.assertion == "present"]
    if not pain:
        return []
    word = found[1]
    value = float(NUMBER_WORDS[word]) if word in NUMBER_WORDS else float(word)
    start = max(text.lower().find(word), 0)
    words = text[start : start + len(word)]
    return [
        Finding(
            "pain_severity",
            value=value,
            start=start,
            end=start + len(words),
            text=words,
            subject=pain[-1].subject,
        )
    ]


def _says(pattern: re.Pattern[str], denied: re.Pattern[str], said: str) -> bool:
    return any(not denied.search(said[: match.start()]) for match in pattern.finditer(said))


@lru_cache(maxsize=1)
def _load() -> tuple[tuple[Followup, ...], re.Pattern[str]]:
    data = content.load(FILE, FILE.with_suffix(".schema.json"))
    followups = tuple(
        Followup(re.compile(row["says"]), row["attributes"], tuple(row["findings"])) for row in data["followups"]
    )
    return followups, re.compile(data["denied"])
