"""The sentences of a message that ask something, and how many things they ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_DENIES = re.compile(r"\b(no|never|without|none|(do|does|did|is|was|has|have)(n[o']?t| not))\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[?;,]+|\b(?:and|or|but)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asking:
    """`words` are the sentences that ask; `around` adds the sentence before each, unless it denies something.

    Both are the whole text if none asks. `count` is the number of questions, counted by clauses: "is it dear, and how
    long does it take" are two.
    """

    words: str
    around: str
    count: int


def asking(text: str, spans: Sequence[tuple[int, int]], asks: str) -> Asking:
    """What asks in `text`, whose sentences are at `spans`. A sentence asks if it has a question mark or fits `asks`."""
    pieces = [text[start:end] for start, end in spans] or [text]
    sentences = [sentence for piece in pieces for sentence in _SENTENCE_END.split(piece) if sentence.strip()]
    cue = re.compile(asks, re.IGNORECASE)
    places = [place for place, words in enumerate(sentences) if "?" in words or cue.search(words)]
    if not places:
        return Asking(text, text, 0)
    before = {place - 1 for place in places if place and not _DENIES.search(sentences[place - 1])}
    around = sorted({*places, *before})
    return Asking(
        words=" ".join(sentences[place] for place in places),
        around=" ".join(sentences[place] for place in around),
        count=sum(max(1, _clauses(sentences[place], cue)) for place in places),
    )


def _clauses(sentence: str, cue: re.Pattern[str]) -> int:
    return sum(bool(cue.search(clause)) for clause in _CLAUSE_END.split(sentence))
