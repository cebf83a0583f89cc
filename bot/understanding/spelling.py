"""Corrects misspellings of the words that matter, and nothing else: what is not near one of them is left alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot import content

LANGUAGE = Path(__file__).parent / "language"
SHORTEST = 5  # letters: shorter words have too many real neighbours, the table lists their misspellings
LONGEST = 20

_RUN = re.compile(r"([a-z])\1{2,}")
_DOUBLE = re.compile(r"([a-z])\1")


class Speller:
    """Knows the lexicon's words, the ones worth correcting to, real words like them, and common misspellings."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        """Read language/spelling.yml. Raises ContentError."""
        table = content.load(LANGUAGE / "spelling.yml", LANGUAGE / "spelling.schema.json")
        self._corrections: Mapping[str, str] = {str(key): str(value) for key, value in table["corrections"].items()}
        words = {word for word in vocabulary if word.isalpha() and word.isascii()}
        self._known = words | set(table["keep"]) | set(table["targets"])
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in table["targets"]:
            self._by_letter[word[0]].append(word)
        self.correct = lru_cache(maxsize=16384)(self._correct)

    def shorten(self, word: str) -> str:
        """A stretched word ("painnnn", "soooo") with its runs cut to two letters if that is a word, else to one."""
        two = _RUN.sub(r"\1\1", word)
        if two in self._known:
            return two
        one = _RUN.sub(r"\1", word)
        if one in self._known or len(one) < SHORTEST:
            return one
        return _DOUBLE.sub(r"\1", two) if _DOUBLE.sub(r"\1", two) in self._known else one

    def _correct(self, word: str) -> str | None:
        """The right word for a misspelt one, else None. The first letter must be right, or swapped with the next."""
        listed = self._corrections.get(word)
        if listed is not None:
            return listed
        if word in self._known or not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return None
        bucket = self._by_letter.get(word[0], [])
        best = process.extractOne(word, bucket, scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2)
        if best is None and word[1] != word[0]:
            best = process.extractOne(word, self._by_letter.get(word[1], []), scorer=OSA.distance, score_cutoff=1)
        return str(best[0]) if best else None
