"""The line that says what the part probably is: whether it belongs in this reply, and which wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.reply.conditions import Scene, holds
from bot.reply.tables import Row

IDENTITY = "ask_part_identity"
OUT = ("part_out", "part_in_mouth", "part_missing", "missing_in_mouth", "swallowed_part", "inhaled_part")
LOOSE = ("loose", "implant_moves")
PREFIX, WITH_SIZE = "utter_part_", "_size"


def is_about_a_part(asks: Sequence[str], known: Scene) -> bool:
    """Whether a part is asked about or is known to have come out."""
    return IDENTITY in asks or _knows(known, OUT)


def part_line(
    rows: Sequence[Row], asks: Sequence[str], now: Scene, known: Scene, topics: frozenset[str], said: Sequence[str]
) -> str | None:
    """The response, where this message asks about a part or tells more of one that is out or loose; None if just said.

    `now` is this turn, `known` the conversation, `topics` are the answers given in the same reply.
    """
    if known.part is None or not (IDENTITY in asks or (now.findings and _knows(known, (*OUT, *LOOSE)))):
        return None
    # a size counts in the turn it is told in, so that its caveat is said once
    sizes = tuple(finding for finding in now.findings if finding.name == "part_size_mm")
    others = tuple(finding for finding in known.findings if finding.name != "part_size_mm")
    scene = replace(known, findings=(*others, *sizes), intents=frozenset(asks))
    row = next((row for row in rows if holds(row.when, scene)), None)
    if row is None or topics & set(row.covered_by):
        return None
    before = next((name for name in reversed(said) if name.startswith(PREFIX)), None)
    return None if before in (row.response, row.response + WITH_SIZE) else row.response


def _knows(known: Scene, names: Sequence[str]) -> bool:
    return any(finding.name in names and finding.assertion == "present" for finding in known.findings)
