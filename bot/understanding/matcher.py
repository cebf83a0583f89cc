"""Finds phrases in normalised text. Only phrases whose needed words are all in the text are tried at all."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.understanding.phrases import NUMBER, Phrase

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

    def warm(self) -> None:
        """Compile every expression now; otherwise each is compiled when a text first needs it."""
        for phrase, _ in self._phrases:
            phrase.pattern.groups  # noqa: B018 - the property compiles

    def find(self, text: str) -> list[Match[T]]:
        """All matches, in order of start; overlapping ones included."""
        places = _places(text)
        present = frozenset(places)
        tried: set[int] = set()
        for word in present:
            tried.update(self._index.get(word, ()))
        found: list[Match[T]] = []
        masked = self._fillers.mask(text) if self._fillers else text
        for number in sorted(tried):  # in a fixed order: of equals the first stays
            phrase, payload = self._phrases[number]
            if any(keys.isdisjoint(present) for keys in phrase.required):
                continue
            starts = sorted({place for word in phrase.starts & present for place in places[word]})
            seen: set[tuple[int, int]] = set()
            readings = (masked, text) if phrase.has_filler else (masked,)
            for match in (m for reading in readings for m in _matches(phrase, reading, starts)):
                if match.span() in seen:
                    continue
                seen.add(match.span())
                gaps = tuple(match.span(g) for g in range(1, (phrase.pattern.groups or 0) + 1) if match[g])
                found.append(Match(match.start(), match.end(), payload, phrase, gaps))
        return sorted(found, key=lambda m: (m.start, -m.end))


def _places(text: str) -> dict[str, list[int]]:
    """Where each word of the text begins; one with a suffix ("it's") also without it, a number also as `#`."""
    places: dict[str, list[int]] = defaultdict(list)
    for match in _WORD.finditer(text):
        word = match[0]
        for form in {word, _SUFFIX.sub("", word), NUMBER if word.isdigit() else word}:
            places[form].append(match.start())
    return places


def _matches(phrase: Phrase, text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """What `finditer` would give, tried only where a match can begin: many times faster."""
    end = 0
    for start in starts:
        if start >= end and (match := phrase.pattern.match(text, start)):
            end = match.end()
            yield match
