"""The sentences of a message that ask something, and the words near each question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SENTENCE = re.compile(r"\S.*?(?:[.!?…](?=\s)|\n|$)", re.DOTALL)
_DENIES = re.compile(r"\b(no|never|without|none|(do|does|did|is|was|has|have)(n[o']?t| not))\b", re.IGNORECASE)


@dataclass(frozen=True)
class Spoken:
    """Where an intent is said: text[start:end]; `confidence` is the engine's, from 0 to 1."""

    name: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class Question:
    """One thing a message asks, asked at offset `start` with `confidence` (0 to 1).

    `near`: its own words, then with more and more of what stands around them.
    """

    intent: str
    near: tuple[str, ...]
    confidence: float = 1.0
    start: int = 0


class Asking:
    """The sentences of `text`, found within `spans`; one asks by a question mark or by the pattern `asks`."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]], asks: str) -> None:
        self._text, self._cue = text, re.compile(asks, re.IGNORECASE)
        self._sentences = [sentence for span in spans or [(0, len(text))] for sentence in _cut(text, *span)]
        self._asking = [place for place, sentence in enumerate(self._sentences) if self.asks(*sentence)]

    @property
    def text(self) -> str:
        """The whole message."""
        return self._text

    def asks(self, start: int, end: int) -> bool:
        """Whether these words ask something."""
        words = self._text[start:end]
        return "?" in words or bool(self._cue.search(words))

    @property
    def any(self) -> bool:
        """Whether a sentence asks."""
        return bool(self._asking)

    def question(self, intent: str, said: Spoken | None) -> Question:
        """The question `intent`, said at `said`, or, where nobody knows, in any of the sentences that ask."""
        if said is None:
            places = self._asking or range(len(self._sentences))
            return Question(intent, (self._join(places), self._with_before(places)), start=self._start(places))
        places = [place for place, (start, end) in enumerate(self._sentences) if start < said.end and said.start < end]
        near = (self._text[said.start : said.end], self._join(places), self._with_before(places))
        return Question(intent, near, said.confidence, said.start)

    def worded(self, intent: str, pattern: str, confidence: float) -> Question | None:
        """The question `intent`, if sentences that ask have these words."""
        cue = re.compile(pattern, re.IGNORECASE)
        places = [place for place in self._asking if cue.search(self._join([place]))]
        if not places:
            return None
        first = self._sentences[places[0]]
        found = cue.search(self._text, *first)
        start = found.start() if found else first[0]
        return Question(intent, (self._join(places), self._with_before(places)), confidence, start)

    def _start(self, places: Sequence[int]) -> int:
        return self._sentences[places[0]][0] if places else 0

    def _with_before(self, places: Sequence[int]) -> str:
        return self._join(sorted({*places, *(place - 1 for place in places if self._adds(place - 1))}))

    def _adds(self, place: int) -> bool:
        """Whether a sentence tells what the next one asks about; one that denies something does not."""
        return place >= 0 and not _DENIES.search(self._join([place]))

    def _join(self, places: Sequence[int]) -> str:
        return " ".join(self._text[slice(*self._sentences[place])] for place in places)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _SENTENCE.finditer(text, start, end):
        yield found.start(), found.end()
