"""Which FAQ topics answer the questions of one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.reply.asking import Asking
from bot.reply.conditions import Scene, holds
from bot.reply.tables import Row, Tables

PER_INTENT = 2
# what stays true of a patient and may answer a later question; symptoms of earlier turns may not
BACKGROUND = ("condition", "medication", "allergy", "age", "smoker", "pregnant")


def choose(tables: Tables, asks: Sequence[str], asked: Asking, turn: Scene, history: Scene) -> list[list[Row]]:
    """The rows for each question of `asks`, in that order; a row stands only with the first question it answers.

    For each question intent: the specific rows that fit the sentences that ask (at most two), else those that fit with
    the sentence before, else those that fit what is known of the patient, else the row without a condition. What is
    known answers one question of a message: beside a row for another question it adds nothing.
    """
    rows = tables.answers
    said = tuple(finding for finding in turn.findings if finding.name not in BACKGROUND)
    known = tuple(finding for finding in history.findings if finding.name in BACKGROUND)
    background = replace(history, text="", findings=known)
    scenes = [*(replace(turn, text=text, findings=said) for text in (asked.words, asked.around)), background]
    chosen: list[list[Row]] = []
    for intent in asks:
        candidates = [row for row in rows if intent in row.intents]
        found = [row for row in candidates if not row.when][:1]
        for scene in scenes:
            specific = [row for row in candidates if row.when and holds(row.when, _asking(scene, intent))]
            if specific:
                told = scene is background and any(row in before for before in chosen for row in specific)
                found = [] if told else specific[:PER_INTENT]
                break
        chosen.append([row for row in found if all(row not in before for before in chosen)])
    return chosen


def _asking(scene: Scene, intent: str) -> Scene:
    return replace(scene, intents=frozenset({intent}))
