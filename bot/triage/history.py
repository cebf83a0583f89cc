"""Folds a message into the case history: facts, answers to the pending question, corrections."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.triage.answers import answer, late_answer, plain
from bot.triage.followups import graded, told_of_earlier
from bot.triage.questions import Questions
from bot.triage.types import CaseHistory, Fact
from bot.triage.view import View
from bot.understanding.types import Finding, Understanding

_CUE = re.compile(
    r"\b(?:wrote|said|meant|typed|told|actually|sorry|oops|correction|typo|wrong|instead|rather|not|but)\b"
)
_ONE_NUMBER = re.compile(
    r"\b(?:meant|sorry|oops|correction|typo|wrong|actually|should be)\b.*?\d+(?:\.\d+)?(?: ?[a-z]+)?$"
)
"""With one number only, it must come last: "sorry, 9 mm", but not "sorry, I have 2 questions for you"."""
_CORRECTION_LENGTH = 15
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
_KEPT_AS_FACT = frozenset({"crisis"})
"""Intents that triage asks for: kept with the patient's words as evidence, and whether it was the main intent."""

_EVIDENCE_LENGTH = 200


def fold(
    history: CaseHistory, understanding: Understanding, intents: Sequence[str], received_at: datetime
) -> CaseHistory:
    """The history with this message in it. `received_at` is aware. `pending` is cleared: answered or passed over."""
    turn, at, text = history.turns + 1, received_at.isoformat(), understanding.text
    book = Questions.load()
    entry = book.entry(history.pending) if history.pending else None
    expected = entry is not None and entry.number is not None
    findings = _corrected(history, understanding, expected)
    answers = answer(entry, text, findings, book) if entry else ()
    if not answers and not findings and "opt_out" not in intents:
        answers = _unasked(history, text, book)
    if answers and (patient := View.of(history).patient()) != "self":
        answers = tuple(replace(finding, subject=patient) for finding in answers)
    answered = {finding.name for finding in answers}
    findings = [f for f in findings if f.name not in answered] + list(answers)
    findings += told_of_earlier(history, text, findings)
    findings += [] if expected else graded(history, text, findings)
    findings += [_words_for(intent, text, n == 0) for n, intent in enumerate(intents) if intent in _KEPT_AS_FACT]
    return replace(
        history,
        turns=turn,
        facts=history.facts + tuple(Fact(finding, turn, at) for finding in findings),
        intents=tuple(dict.fromkeys((*history.intents, *intents))),
        texts=(*history.texts, digest(text)),
        pending=None,
        at=at,
    )


def _unasked(history: CaseHistory, text: str, book: Questions) -> tuple[Finding, ...]:
    """The answer to an earlier question that was passed over, the latest first; or to one that could come next."""
    asked = [entry for id in reversed(history.asked) if (entry := book.entry(id))]
    for entry in (*asked, *book.open(View.of(history), history)):
        answers = late_answer(entry, text, book)
        if answers:
            return answers
    return ()


def digest(text: str) -> str:
    """Twelve hex digits that are the same for texts that differ only in case, punctuation and spaces."""
    words = plain(text) or text.strip()
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _corrected(history: CaseHistory, understanding: Understanding, expected: bool) -> list[Finding]:
    """The message's findings; "I wrote 6 but it is 9" gives the 9 the name of the earlier 6.

    Where a number is `expected` as an answer, a message with only one is that answer.
    """
    findings = list(understanding.findings)
    said = plain(understanding.text)
    numbers = list(dict.fromkeys(float(n) for n in _NUMBER.findall(said)))
    if len(numbers) not in (1, 2) or len(said.split()) > _CORRECTION_LENGTH:
        return findings
    known = [f.finding for f in reversed(history.facts) if isinstance(f.finding.value, (int, float))]
    if len(numbers) == 2 and _CUE.search(said):
        wrong = next((old for old in known if old.value in numbers), None)
        right = numbers[1] if wrong and wrong.value == numbers[0] else numbers[0]
    else:
        wrong = known[0] if known and not findings and not expected and _ONE_NUMBER.search(said) else None
        right = numbers[0]
    if wrong is None:
        return findings
    kept = [f for f in findings if f.name != wrong.name]
    stated = [f for f in findings if f.name == wrong.name and f.value != wrong.value]
    if stated:
        return kept + stated
    start = understanding.text.find(f"{right:g}")
    words = f"{right:g}" if start >= 0 else ""
    return [*kept, replace(wrong, value=right, start=max(start, 0), end=max(start, 0) + len(words), text=words)]


def _words_for(intent: str, text: str, main: bool) -> Finding:
    words = text.strip()[:_EVIDENCE_LENGTH]
    start = text.find(words)
    return Finding(
        name="intent", value=intent, start=start, end=start + len(words), text=words, attributes={"main": main}
    )
