"""Finds phrases in normalised text. Only phrases whose needed words are all in the text are tried at all."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.understanding.phrases import Phrase

_WORD = re.compile(r"[\w']+")
_SUFFIX = re.compile(r"'(?:s|re|ve|d|m|ll)$")

T = TypeVar("T")


@dataclass(frozen=True)
class Match(Generic[T]):
    """A phrase at [start, end) of the text, what it belongs to, and what stood in its gaps."""

    start: int
    end: int
    payload: T
    phrase: Phrase
    gaps: tuple[tuple[int, int], ...]


class PhraseMatcher(Generic[T]):
    """Many phrases at once; each carries a payload."""

    def __init__(self, phrases: Iterable[tuple[Phrase, T]]) -> None:
        """Index every phrase by the element whose words are rarest among all phrases."""
        self._phrases = list(phrases)
        counts = Counter(word for phrase, _ in self._phrases for keys in phrase.required for word in keys)
        self._fillers = self._phrases[0][0].fillers if self._phrases else None
        self._index: dict[str, list[int]] = defaultdict(list)
        for number, (phrase, _) in enumerate(self._phrases):
            rarest = min(phrase.required, key=lambda keys: (sum(counts[w] for w in keys), sorted(keys)))
            for word in rarest:
                self._index[word].append(number)

    def find(self, text: str) -> list[Match[T]]:
        """All matches, in order of start; overlapping ones included."""
        present = set(_WORD.findall(text))
        present |= {_SUFFIX.sub("", word) for word in present if "'" in word}
        tried: set[int] = set()
        for word in present:
            tried.update(self._index.get(word, ()))
        found: list[Match[T]] = []
        masked = self._fillers.mask(text) if self._fillers else text
        for number in sorted(tried):  # in a fixed order: of equals the first stays
            phrase, payload = self._phrases[number]
            if any(keys.isdisjoint(present) for keys in phrase.required):
                continue
            seen: set[tuple[int, int]] = set()
            matches = [*phrase.pattern.finditer(masked), *(phrase.pattern.finditer(text) if phrase.has_filler else ())]
            for match in matches:
                if match.span() in seen:
                    continue
                seen.add(match.span())
                gaps = tuple(match.span(g) for g in range(1, (phrase.pattern.groups or 0) + 1) if match[g])
                found.append(Match(match.start(), match.end(), payload, phrase, gaps))
        return sorted(found, key=lambda m: (m.start, -m.end))
