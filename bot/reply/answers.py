"""Which FAQ topics answer the questions of one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.reply.asking import Question
from bot.reply.conditions import Scene, holds
from bot.reply.tables import Row, Tables
from bot.understanding.types import Finding

PER_INTENT = 2
DOUBTFUL = 0.5  # confidence below which a question without words of its own is left out beside others
# what stays true of a patient and may answer a later question; symptoms of earlier turns may not
BACKGROUND = ("condition", "medication", "allergy", "age", "smoker", "pregnant")


def choose(
    tables: Tables, questions: Sequence[Question], turn: Scene, history: Scene
) -> list[tuple[Question, list[Row]]]:
    """The questions with their rows, in that order; a row stands only with the first question it answers.

    For each question: the specific rows (at most two) that its words choose, else the words near it, else what this
    message states, else what is known of the patient, else the row without a condition. What is known answers one
    question of a message: beside a row for another question it adds nothing. An intent asked a second time gets only
    what its words choose.
    """
    said = tuple(finding for finding in turn.findings if finding.name not in BACKGROUND and not _of_others(finding))
    known = tuple(finding for finding in history.findings if finding.name in BACKGROUND)
    turn, background = replace(turn, findings=said), replace(history, text="", findings=known)
    chosen: list[tuple[Question, list[Row]]] = []
    answered: set[str] = set()
    for question in questions:
        candidates = [row for row in tables.answers if question.intent in row.intents]
        asked = frozenset({question.intent})
        scenes = [replace(turn, text=text, intents=asked) for text in question.near]
        found = next(filter(None, (_by_words(candidates, scene) for scene in scenes)), [])
        if question.intent not in answered:
            found = found or _specific(candidates, scenes[-1]) or _known(candidates, background, asked, chosen)
        answered.add(question.intent)
        if any(row.when for row in found) or question.confidence >= DOUBTFUL or not any(rows for _, rows in chosen):
            new = [row for row in _apart(found)[:PER_INTENT] if all(row not in before for _, before in chosen)]
            chosen.append((question, new))
    return chosen


def _of_others(finding: Finding) -> bool:
    """What somebody else once had."""
    return finding.subject == "other" and finding.assertion == "past"


def _apart(rows: Sequence[Row]) -> list[Row]:
    """Without a row that is only the wider topic of one before it."""
    kept: list[Row] = []
    for row in rows:
        if all(row.key not in before.data.get("related", ()) for before in kept):
            kept.append(row)
    return kept


def _known(
    candidates: Sequence[Row], background: Scene, asked: frozenset[str], chosen: Sequence[tuple[Question, list[Row]]]
) -> list[Row]:
    """The rows for what is known of the patient, unless one is chosen already; else the one without a condition."""
    found = _specific(candidates, replace(background, intents=asked))
    if found:
        return [] if any(row in rows for _, rows in chosen for row in found) else found
    return [row for row in candidates if not row.when][:1]


def _specific(candidates: Sequence[Row], scene: Scene) -> list[Row]:
    return [row for row in candidates if row.when and holds(row.when, scene)]


def _by_words(candidates: Sequence[Row], scene: Scene) -> list[Row]:
    """Those that hold because of the text and not of what was found alone."""
    silent = replace(scene, text="")
    return [row for row in _specific(candidates, scene) if not holds(row.when, silent)]
