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
    needs: Mapping[str, Sequence[str]]
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

    def counts(intent: str) -> bool:
        if intent in cues.only_main or (intent in cues.needs and not is_supported(cues, intent, findings)):
            return False
        return not _is_question(intent) or _is_sure(cues, places.get(intent), asking)

    kept = sorted((intent for intent in intents if intent == main or counts(intent)), key=lambda intent: intent != main)
    found = [asking.question(intent, places.get(intent)) for intent in kept if _is_question(intent)]
    worded = [asking.worded(intent, words) for intent, words in cues.words.items() if main not in cues.only_main]
    questions = (*found, *(question for question in worded if question is not None))
    return Focus(main, tuple(kept), questions)


def is_supported(cues: Cues, intent: str, findings: Sequence[Finding]) -> bool:
    """Whether a finding states what the intent is about."""
    names = cues.needs.get(intent, ())
    return any(finding.name in names and finding.assertion == "present" for finding in findings)


def _is_question(intent: str) -> bool:
    return intent.startswith("ask_")


def _is_sure(cues: Cues, said: Spoken | None, asking: Asking) -> bool:
    if said is None:
        return asking.any
    return said.confidence >= cues.sure["asks" if asking.asks(said.start, said.end) else "tells"]
