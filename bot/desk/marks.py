"""Where in a patient's message the words stand that raised a flag."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A run of a message's text. `rules` are those its words raised, none for plain text."""

    text: str
    rules: tuple[str, ...] = ()


def pieces(text: str, evidence: Iterable[tuple[str, Sequence[str]]]) -> list[Piece]:
    """`text` cut at the words of `evidence`, pairs of a rule and its words; put together again it is `text`.

    Words may overlap: what stands under two rules names both. Capitals do not matter, as they do not to the rules.
    """
    raised: list[set[str]] = [set() for _ in text]
    lower = text.lower() if len(text.lower()) == len(text) else text  # some capitals are longer in small letters
    for rule, words in evidence:
        for start, end in _places(lower, words):
            for place in range(start, end):
                raised[place].add(rule)
    found: list[Piece] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or raised[place] != raised[start]:
            found.append(Piece(text[start:place], tuple(sorted(raised[start]))))
            start = place
    return found


def _places(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    for each in filter(None, (word.strip().lower() for word in words)):
        for found in re.finditer(rf"(?<!\w){re.escape(each)}(?!\w)", text):  # "pus", and not within "push"
            yield found.span()
