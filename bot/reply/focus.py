"""What a message is about: which of the intents found in its sentences the reply goes by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.reply.asking import Asking
from bot.understanding.types import Finding

MOST = 3


@dataclass(frozen=True)
class Cues:
    """The tables of focus.yml."""

    chat: tuple[str, ...]
    only_main: tuple[str, ...]
    reports: Mapping[str, Sequence[str]]
    asks: str
    cues: Mapping[str, str]


@dataclass(frozen=True)
class Focus:
    """`main` is what the message is mostly about (None without intents); `intents` are those kept, the main one first;
    `asks` are the questions that may be answered, the surest first, and `most` how many of them."""

    main: str | None
    intents: tuple[str, ...]
    asks: tuple[str, ...]
    most: int


def focus(cues: Cues, intents: Sequence[str], findings: Sequence[Finding], asked: Asking) -> Focus:
    """Drop what is only by-catch of single sentences.

    A question counts if a sentence that asks has one of its words; the main question also without, then after the
    others. Not more are answered than the message asks, but one if the main intent is a question.
    """
    main = next((intent for intent in intents if intent not in cues.chat), next(iter(intents), None))
    asks = [intent for intent in intents if _is_question(intent) and _asked(cues, intent, asked)]
    if main is not None and _is_question(main):
        asks = [main, *(intent for intent in asks if intent != main)] if main in asks or not asks else [*asks, main]
    kept = [
        intent
        for intent in intents
        if intent == main
        or (
            (intent in asks if _is_question(intent) else intent not in cues.only_main)
            and (intent not in cues.reports or is_supported(cues, intent, findings))
        )
    ]
    most = min(MOST, max(asked.count, int(bool(asks))))
    return Focus(main, tuple(sorted(kept, key=lambda intent: intent != main)), tuple(asks), most)


def is_supported(cues: Cues, report: str, findings: Sequence[Finding]) -> bool:
    """Whether a finding states what the report says."""
    names = cues.reports.get(report, ())
    return any(finding.name in names and finding.assertion == "present" for finding in findings)


def _is_question(intent: str) -> bool:
    return intent.startswith("ask_")


def _asked(cues: Cues, intent: str, asked: Asking) -> bool:
    return asked.count > 0 and bool(re.search(cues.cues[intent], asked.words, re.IGNORECASE))
