"""Which parts of a message get an intent of their own: its sentences, and the questions inside longer ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.understanding.clauses import Splitter

MOST = 48
"""Pieces per message. A longer text keeps its first and its last ones: 50 kB would be some thousand."""
_FIRST = 32
_WORDS = 3  # a shorter clause says too little to be a question of its own

OPENER = re.compile(
    r"\s*(?:(?:and|but|so|also|or)\s+)?(?:is|are|am|do|does|did|can|could|should|shall|will|would|how|what|why|when|where"
    r"|who|which|have|has|any|may|must)\b",
    re.IGNORECASE,
)


class Piece(NamedTuple):
    """The part [start, end) of a message; `clause` says that it is a question within a longer sentence."""

    start: int
    end: int
    clause: bool


class Cutter:
    """Built once; holds the clause tables."""

    def __init__(self) -> None:
        """Raises ContentError."""
        self._splitter = Splitter()

    def cut(self, text: str, sentences: Sequence[Sequence[int]]) -> list[Piece]:
        """The sentences [(start, end), ...] of `text`, then the questions within them; at most MOST.

        A text without any sentence is one piece; an empty one has none.
        """
        chosen = list(sentences) or [(0, len(text))] * bool(text)
        if len(chosen) > MOST:
            chosen = [*chosen[:_FIRST], *chosen[_FIRST - MOST :]]
        questions = [piece for start, end in chosen for piece in self._questions(text, start, end)]
        return [*(Piece(start, end, False) for start, end in chosen), *questions][:MOST]

    def _questions(self, text: str, start: int, end: int) -> list[Piece]:
        lower = text[start:end].lower().replace("’", "'")
        if len(lower) != end - start:  # a few letters grow in lower case, and offsets would be wrong
            return []
        clauses = self._splitter.split(lower).clauses
        found: dict[Piece, None] = {}
        for place, clause in enumerate(clauses if len(clauses) > 1 else ()):
            if not OPENER.match(lower[clause.start : clause.end]):
                continue
            if len(lower[clause.start : clause.end].split()) >= _WORDS:
                found[Piece(start + clause.start, start + clause.end, True)] = None
            if place:  # and with all that hangs on it
                found[Piece(start + clause.start, end, True)] = None
        return list(found)
