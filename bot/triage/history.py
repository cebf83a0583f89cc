"""Folds a message into the case history: facts, answers to the pending question, corrections."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.triage.answers import answer, late_answer, plain
from bot.triage.corrections import corrected
from bot.triage.followups import graded, told_of_earlier
from bot.triage.questions import Entry, Questions
from bot.triage.types import CaseHistory, Fact
from bot.triage.view import View
from bot.understanding.types import Finding, Understanding

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
    findings = corrected(history, understanding, expected)
    answers = answer(entry, text, findings, book) if entry else ()
    if not answers and not findings and "opt_out" not in intents:
        answers = _late(history, text, book)
    if answers and (patient := View.of(history).patient()) != "self":
        answers = tuple(replace(finding, subject=patient) for finding in answers)
    answered = {finding.name for finding in answers}
    findings = [f for f in findings if f.name not in answered] + list(answers)
    if history.turns:
        said = plain(text)
        findings += told_of_earlier(history, said, findings)
        findings += [] if expected else graded(history, text, said, findings)
    if not findings and "opt_out" not in intents:
        findings += _unasked(history, text, book)
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


def photographed(history: CaseHistory, at: datetime) -> CaseHistory:
    """The history with a photo that came: who sent one is not asked for one. `at` is aware."""
    if any(fact.finding.name == "photo" for fact in history.facts):
        return history
    return replace(history, facts=(*history.facts, Fact(Finding("photo"), history.turns, at.isoformat())))


def _late(history: CaseHistory, text: str, book: Questions) -> tuple[Finding, ...]:
    """The answer to an earlier question that was passed over, the latest first."""
    return _first(text, book, (entry for id in reversed(history.asked) if (entry := book.entry(id))))


def _unasked(history: CaseHistory, text: str, book: Questions) -> tuple[Finding, ...]:
    """The answer to a question that could come next."""
    return _first(text, book, book.open(View.of(history), history))


def _first(text: str, book: Questions, entries: Iterable[Entry]) -> tuple[Finding, ...]:
    for entry in entries:
        answers = late_answer(entry, text, book)
        if answers:
            return answers
    return ()


def digest(text: str) -> str:
    """Twelve hex digits that are the same for texts that differ only in case, punctuation and spaces."""
    words = plain(text) or text.strip()
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _words_for(intent: str, text: str, main: bool) -> Finding:
    words = text.strip()[:_EVIDENCE_LENGTH]
    start = text.find(words)
    return Finding(
        name="intent", value=intent, start=start, end=start + len(words), text=words, attributes={"main": main}
    )
