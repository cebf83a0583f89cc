"""Which FAQ topics answer the questions of one message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.reply.conditions import Scene, holds
from bot.reply.tables import Row, Tables

MOST = 3
PER_INTENT = 2
# what stays true of a patient and may answer a later question; symptoms of earlier turns may not
BACKGROUND = ("condition", "medication", "allergy", "age", "smoker", "pregnant")


def choose(tables: Tables, intents: Sequence[str], turn: Scene, history: Scene) -> list[Row]:
    """Up to three rows, in the table's order of importance; the main question is always among them.

    For each question intent: the specific rows that fit the sentences that ask (at most two), else those that fit with
    the sentence before, else the first that fits what is known of the patient, else the row without a condition.
    """
    rows = tables.answers
    known = tuple(finding for finding in history.findings if finding.name in BACKGROUND)
    asking, around = asking_sentences(turn.text, tables.asks)
    scenes = [replace(turn, text=asking), replace(turn, text=around), replace(history, text="", findings=known)]
    chosen: list[Row] = []
    for intent in intents:
        candidates = [row for row in rows if intent in row.intents]
        for scene in (replace(scene, intents=frozenset({intent})) for scene in scenes):
            specific = [row for row in candidates if row.when and holds(row.when, scene)]
            if specific:
                chosen += specific[:PER_INTENT]
                break
        else:
            chosen += [row for row in candidates if not row.when][:1]
    unique = {row.response: row for row in chosen}
    if len(unique) <= MOST:
        return sorted(unique.values(), key=rows.index)
    main = chosen[0]
    others = sorted((row for row in unique.values() if row.response != main.response), key=rows.index)
    return sorted([main, *others[: MOST - 1]], key=rows.index)


def asking_sentences(text: str, asks: str) -> tuple[str, str]:
    """The sentences that ask, and these with the sentence before each; the whole text twice if none asks."""
    sentences = re.split(r"(?<=[.!?…])\s+|\n+", text)
    asking = [place for place, words in enumerate(sentences) if "?" in words or re.search(asks, words, re.IGNORECASE)]
    if not asking:
        return text, text
    around = sorted({*asking, *(place - 1 for place in asking if place)})
    return " ".join(sentences[place] for place in asking), " ".join(sentences[place] for place in around)
