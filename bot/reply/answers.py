"""Which FAQ topics answer the questions of one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.reply.conditions import Scene, holds
from bot.reply.tables import Row

MOST = 3
PER_INTENT = 2
# what stays true of a patient and may answer a later question; symptoms of earlier turns may not
BACKGROUND = ("condition", "medication", "allergy", "age", "smoker", "pregnant")


def choose(rows: Sequence[Row], intents: Sequence[str], turn: Scene, history: Scene) -> list[Row]:
    """Up to three rows, in the table's order of importance; the main question is always among them.

    For each question intent: the specific rows this message fits (at most two), else the first the patient's known
    background fits, else the row without a condition.
    """
    known = tuple(finding for finding in history.findings if finding.name in BACKGROUND)
    background = replace(history, text="", findings=known)
    chosen: list[Row] = []
    for intent in intents:
        candidates = [row for row in rows if intent in row.intents]
        specific = [row for row in candidates if row.when and holds(row.when, turn)][:PER_INTENT]
        if not specific:
            specific = [row for row in candidates if row.when and holds(row.when, background)][:1]
        chosen += specific or [row for row in candidates if not row.when][:1]
    unique = {row.response: row for row in chosen}
    if len(unique) <= MOST:
        return sorted(unique.values(), key=rows.index)
    main = chosen[0]
    others = sorted((row for row in unique.values() if row.response != main.response), key=rows.index)
    return sorted([main, *others[: MOST - 1]], key=rows.index)
