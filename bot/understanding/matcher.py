"""Finds phrases in normalised text. A phrase is tried only where all its needed words stand near enough.

The words of a text are numbered and the places of a word are the bits of one integer: "where does a word of A stand
with a word of B at most five words later" takes a few operations. Only there the regular expression decides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Generic, TypeVar

from bot.understanding.phrases import NUMBER, Fillers, Phrase

_WORD = re.compile(r"[\w']+")
_SUFFIX = re.compile(r"'(?:s|re|ve|d|m|ll)$")

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Need:
    """Words of which one must stand at most `reach` words after the start of a phrase. Equal ones are one object."""

    words: frozenset[str]
    reach: int


@cache
def _need(words: frozenset[str], reach: int) -> Need:
    return Need(words, reach)


@dataclass(slots=True)
class Match(Generic[T]):
    """A phrase at [start, end) of the text, what it belongs to, and what stood in its gaps."""

    start: int
    end: int
    payload: T
    phrase: Phrase
    gaps: tuple[tuple[int, int], ...]


class _Reading:
    """The words of one text and where they stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        """Where each word begins."""
        self.places: dict[str, int] = defaultdict(int)
        """The numbers of a word's places as bits; with a suffix ("it's") also without it, a number also as `#`."""
        self.known: dict[Need, int] = {}
        """What `before` has answered."""
        bit = 1
        for found in _WORD.finditer(text):
            word = found[0]
            if "'" in word:
                if not word.strip("'"):
                    continue  # no word to the phrases either
                self.places[_SUFFIX.sub("", word)] |= bit
            elif word.isdigit():
                self.places[NUMBER] |= bit
            self.places[word] |= bit
            self.starts.append(found.start())
            bit <<= 1
        self.words = frozenset(self.places)

    def matches(self, phrase: Phrase, needs: Iterable[Need]) -> list[re.Match[str]]:
        """The phrase, wherever all its needs are met."""
        known, places = self.known, -1
        for need in needs:
            bits = known.get(need)
            places &= self.before(need) if bits is None else bits
            if not places:
                return []
        found: list[re.Match[str]] = []
        match_at, end = phrase.pattern.match, 0
        while places:
            low = places & -places
            places ^= low
            start = self.starts[low.bit_length() - 1]
            if start >= end and (match := match_at(self.text, start)):
                end = match.end()
                found.append(match)
        return found

    def before(self, need: Need) -> int:
        """The places from which one of the words stands no further than it may."""
        bits = 0
        for word in need.words & self.words:
            bits |= self.places[word]
        if bits:
            width, whole = 1, need.reach + 1  # of the run of bits each place has become, and is to become
            while width < whole:
                step = min(width, whole - width)
                bits |= bits >> step
                width += step
        self.known[need] = bits
        return bits


class PhraseMatcher(Generic[T]):
    """Many phrases at once; each carries a payload."""

    def __init__(self, phrases: Iterable[tuple[Phrase, T]]) -> None:
        """Index every phrase by the element whose words are rarest among all phrases."""
        self._phrases = list(phrases)
        counts = Counter(word for phrase, _ in self._phrases for keys, _ in phrase.required for word in keys)
        self._fillers = self._phrases[0][0].fillers if self._phrases else None
        self._index: dict[str, list[tuple[int, tuple[frozenset[str], ...]]]] = defaultdict(list)
        """By a word of its rarest element: the number of a phrase, and the words of its other elements."""
        self._needs: list[tuple[Need, ...]] = []
        for number, (phrase, _) in enumerate(self._phrases):
            required = sorted(phrase.required, key=lambda need: (sum(counts[w] for w in need[0]), sorted(need[0])))
            needs = (*(_need(*need) for need in required), _need(phrase.starts, 0))
            others = {need.words for need in needs if need.words != needs[0].words}
            fewest_first = tuple(sorted(others, key=len))
            for word in needs[0].words:
                self._index[word].append((number, fewest_first))
            self._needs.append(needs)

    def warm(self) -> None:
        """Compile every expression now; otherwise each is compiled when a text first needs it."""
        for phrase, _ in self._phrases:
            phrase.pattern.groups  # noqa: B018 - the property compiles

    def find(self, text: str) -> list[Match[T]]:
        """All matches, in order of start; overlapping ones included."""
        if self._fillers is None:
            return []
        masked, plain = _readings(text, self._fillers)
        found: list[Match[T]] = []
        for number in sorted(self._possible(plain.words)):  # in a fixed order: of equals the first stays
            phrase, payload = self._phrases[number]
            matches = masked.matches(phrase, self._needs[number])
            if phrase.has_filler and plain is not masked:
                seen = {match.span() for match in matches}
                matches += (m for m in plain.matches(phrase, self._needs[number]) if m.span() not in seen)
            for match in matches:
                gaps = tuple(span for span in match.regs[1:] if span[0] < span[1])
                found.append(Match(match.start(), match.end(), payload, phrase, gaps))
        return sorted(found, key=lambda m: (m.start, -m.end))

    def _possible(self, words: frozenset[str]) -> set[int]:
        """The phrases of whose every element a word is there."""
        found: set[int] = set()
        for word in self._index.keys() & words:
            for number, others in self._index[word]:
                for other in others:
                    if other.isdisjoint(words):
                        break
                else:
                    found.add(number)
        return found


@lru_cache(maxsize=4)
def _readings(text: str, fillers: Fillers) -> tuple[_Reading, _Reading]:
    """The text with its fillers blanked, and as it is; every matcher of this room reads the same one after another."""
    masked = fillers.mask(text)
    plain = _Reading(text)
    return (plain if masked == text else _Reading(masked)), plain
