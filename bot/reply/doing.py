"""What to do and by when, and what stands in the way of coming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.reply.conditions import Scene, holds
from bot.reply.tables import Row, Tables


def what_to_do(tables: Tables, now: Scene, known: Scene, spoken: Sequence[Row], said: Sequence[str]) -> Row | None:
    """The situation of this message (`now`), else of the conversation (`known`); None if it was said already.

    Where an answer or talk line in `spoken` covers it, the general row for the urgency stands in, unless that names
    a number to call.
    """
    rows = tables.situations
    # a row that looks at nothing but the urgency would fit every later message too
    general = [row for row in rows if set(row.when) == {"urgency"}]
    specific = [row for row in rows if row not in general]
    reports = now.findings or any(intent.startswith("report_") for intent in now.intents)
    for scene, candidates in ((now, specific), (known, rows if reports else specific)):
        row = next((row for row in candidates if holds(row.when, scene)), None)
        if row is None:
            continue
        covering = [other for other in spoken if other.key in row.covered_by or "any" in row.covered_by]
        if any(other.response in tables.calls for other in covering):
            return None
        if covering:
            row = next((row for row in general if holds(row.when, now)), row)
        return row if row.response not in said else None
    return None


def hindrance(tables: Tables, now: Scene, spoken: Sequence[Row], said: Sequence[str]) -> Row | None:
    """What is said to whom cost or distance keeps from coming, once, or a second time in its words for that."""
    topics = {row.key for row in spoken}
    rows = (row for row in tables.extras if holds(row.when, now) and topics.isdisjoint(row.covered_by))
    row = next(rows, None)
    if row is not None and row.response in said and row.data.get("again", said[-1]) not in said:
        return replace(row, response=row.data["again"])
    return row if row is not None and row.response not in said else None
