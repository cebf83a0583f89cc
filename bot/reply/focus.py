"""What a message is about: which of the intents found in its sentences the reply goes by."""

from __future__ import annotations

import re
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
    only_said: Mapping[str, str]
    asks: str
    sure: Mapping[str, float]
    words: Mapping[str, str]
    any_topic: tuple[str, ...]


@dataclass(frozen=True)
class Focus:
    """`main` is what the message is mostly about (None without intents); `intents` are those kept, the main one first;
    `questions` may be answered, the main one first, then the surest."""

    main: str | None
    intents: tuple[str, ...]
    questions: tuple[Question, ...]


def focus(
    cues: Cues,
    intents: Sequence[str],
    findings: Sequence[Finding],
    asking: Asking,
    spoken: Sequence[Spoken],
    on_topic: bool = False,
) -> Focus:
    """Drop what is only by-catch of single sentences. `on_topic`: the conversation is about an implant already.

    A question counts as the main intent, where the engine is sure enough, or where the words leave no doubt; the last
    kind may ask another thing of an intent that was found.
    """
    main = next((intent for intent in intents if intent not in cues.chat), next(iter(intents), None))
    places = {said.name: said for said in spoken}

    def counts(intent: str) -> bool:
        if intent in cues.only_main or (intent in cues.needs and not is_supported(cues, intent, findings)):
            return False
        if intent in cues.only_said and not re.search(cues.only_said[intent], asking.text, re.IGNORECASE):
            return False
        return not _is_question(intent) or _is_sure(cues, places.get(intent), asking)

    kept = sorted((intent for intent in intents if intent == main or counts(intent)), key=lambda intent: intent != main)
    found = [asking.question(intent, places.get(intent)) for intent in kept if _is_question(intent)]
    closed = main in cues.only_main and not (on_topic and main == "out_of_scope")
    open_to = [intent for intent in cues.words if not closed or intent in cues.any_topic]
    worded = [asking.worded(intent, cues.words[intent], cues.sure["words"]) for intent in open_to]
    questions = [*found, *(question for question in worded if question is not None)]
    surest = {question.intent: question.confidence for question in sorted(questions, key=lambda q: q.confidence)}
    questions.sort(key=lambda question: (question.intent != main, -surest[question.intent]))
    return Focus(main, tuple(kept), tuple(questions))


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
