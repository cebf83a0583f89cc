"""What a message is about: which of the intents found in its sentences the reply goes by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.reply.asking import Asking, Question, Spoken
from bot.understanding.types import Finding


@dataclass(frozen=True)
class Cues:
    """The tables of focus.yml."""

    chat: tuple[str, ...]
    only_main: tuple[str, ...]
    reports: Mapping[str, Sequence[str]]
    asks: str
    sure: Mapping[str, float]
    words: Mapping[str, str]


@dataclass(frozen=True)
class Focus:
    """`main` is what the message is mostly about (None without intents); `intents` are those kept, the main one first;
    `questions` may be answered, the surest first."""

    main: str | None
    intents: tuple[str, ...]
    questions: tuple[Question, ...]


def focus(
    cues: Cues, intents: Sequence[str], findings: Sequence[Finding], asking: Asking, spoken: Sequence[Spoken]
) -> Focus:
    """Drop what is only by-catch of single sentences.

    A question counts as the main intent, where the engine is sure enough, or where the words leave no doubt; the last
    kind comes last, and may ask another thing of an intent that was found.
    """
    main = next((intent for intent in intents if intent not in cues.chat), next(iter(intents), None))
    places = {said.name: said for said in spoken}
    asks = [intent for intent in intents if _is_question(intent) and _is_sure(cues, places.get(intent), asking)]
    if main is not None and _is_question(main):
        asks = [main, *(intent for intent in asks if intent != main)]
    kept = [
        intent
        for intent in intents
        if intent == main
        or (
            (intent in asks if _is_question(intent) else intent not in cues.only_main)
            and (intent not in cues.reports or is_supported(cues, intent, findings))
        )
    ]
    found = [asking.question(intent, places.get(intent)) for intent in asks]
    worded = [asking.worded(intent, words) for intent, words in cues.words.items() if main not in cues.only_main]
    questions = (*found, *(question for question in worded if question is not None))
    return Focus(main, tuple(sorted(kept, key=lambda intent: intent != main)), questions)


def is_supported(cues: Cues, report: str, findings: Sequence[Finding]) -> bool:
    """Whether a finding states what the report says."""
    names = cues.reports.get(report, ())
    return any(finding.name in names and finding.assertion == "present" for finding in findings)


def _is_question(intent: str) -> bool:
    return intent.startswith("ask_")


def _is_sure(cues: Cues, said: Spoken | None, asking: Asking) -> bool:
    if said is None:
        return asking.any
    return said.confidence >= cues.sure["asks" if asking.asks(said.start, said.end) else "tells"]
