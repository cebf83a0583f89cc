"""Whether a sign is only asked about, feared, imagined or told of others: in general, and not there.

ConText (context.py) knows words that point at a sign a few words further on. This reads the mood of a whole sentence:
a question that names no mouth and no time, a condition of what may come, a fear, what a leaflet says. It reaches across
clauses to the end of the sentence, up to a "but". Words of language/mood.yml that make it real keep the sign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import content
from bot.understanding.clauses import Layout
from bot.understanding.lexicon import parsed
from bot.understanding.matcher import Match, PhraseMatcher
from bot.understanding.tense import without_verb

LANGUAGE = Path(__file__).parent / "language"
LISTED = 5
"""Words of signs that are only listed on behind a question."""
MARKS = ("conditions", "to_come", "no_condition", "feared", "hearsay", "claimed", "real", "own")
_TURN = re.compile(r"\b(?:but|however|although|though|because|except|yet|anyway|pero)\b")
_OWN_TURN = re.compile(_TURN.pattern + r"|\b(?:i|i'm|i've|my|mine|me|he|she|his|her)\b")
_DEFINITE = re.compile(r"\b(?:the|my|this|these|his|her|our) (?:\w+ ){0,2}$")
_GENERALLY = re.compile(
    r"\b(?:ever|usually|normally|typically|generally|on average|which day|how many (?:hours|days)|the worst)\b"
)
"""Makes even a definite sign a general one: "which day is the swelling worst?"."""
_PART = re.compile(r"[,:;] ")
_PLAINLY = re.compile(r"^\W*(?:do|does|is|are|what|which|how|why) (?!to\b|not\b|i\b)")
"""Begins a question also where no mark ends it."""
_STATES = re.compile(
    r"(?:do|does|did|is|are|has|have|can|could|will|would) not\b|"
    r"(?:when|where) (?!to\b|do|does|did|is\b|are\b|can|could|will|would|should|might|may|was|were|has|have)\w"
)
"""No question in spite of its first word: "when I suck on a straw", "does not know me"."""
_INTRODUCING = re.compile(
    r"^(?:\W|\b(?:and|but|or|so|also|hi|hello|hey|then|please|um|uh|well|sorry|doctor|just|ok|quick question|question|"
    r"another question|one more thing|by the way|btw|oh|say|i wonder|i was wondering|wondering|curious|asking)\b)*"
)


class Moods:
    """Built once from language/mood.yml."""

    def __init__(self) -> None:
        """Raises ContentError."""
        path = LANGUAGE / "mood.yml"
        data = content.load(path, LANGUAGE / "mood.schema.json")
        self._matcher = PhraseMatcher([(phrase, name) for name in MARKS for phrase in parsed(path, data[name], [name])])
        self._asks = frozenset(data["asks"])

    def warm(self) -> None:
        """Compile every expression now."""
        self._matcher.warm()

    def of(self, text: str, layout: Layout) -> Mood:
        """The moods of one normalised text."""
        return Mood(text, layout, self._matcher.find(text), self._asks)


@dataclass(frozen=True)
class Mood:
    """The marks of one text and what they make of a sign."""

    text: str
    layout: Layout
    marks: Sequence[Match[str]]
    asks: frozenset[str]

    def imagined(self, start: int, end: int) -> bool:
        """Whether the sign at [start, end) of the text is asked about, feared or imagined and nothing makes it real."""
        first, last = self.layout.sentences[self.layout.clauses[self.layout.clause_at(start)].sentence]
        clause = self.layout.clauses[self.layout.clause_at(start)]
        if self._in("real", min(clause.start, start), max(clause.end, end)) or self._in("claimed", first, last):
            return False
        general = self._general(first, last, start, end)
        return general or self._conditional(first, last, start) or self._governed(first, start)

    def real(self, start: int, end: int) -> bool:
        """Whether a sign is claimed as one's own in the midst of hearsay, or told as there already."""
        first, last = self.layout.sentences[self.layout.clauses[self.layout.clause_at(start)].sentence]
        return bool(self._in("claimed", first, last)) or " already " in self.text[start:end]

    def _conditional(self, first: int, last: int, start: int) -> bool:
        conditions = [m for m in self._in("conditions", first, start) if not _TURN.search(self.text[m.end : start])]
        apart = self._in("no_condition", first, last)
        conditions = [m for m in conditions if not any(a.start <= m.start < a.end for a in apart)]
        return bool(conditions) and bool(self._in("to_come", first, last))

    def _governed(self, first: int, start: int) -> bool:
        feared = any(not _TURN.search(self.text[m.end : start]) for m in self._in("feared", first, start))
        return feared or any(not _OWN_TURN.search(self.text[m.end : start]) for m in self._in("hearsay", first, start))

    def _general(self, first: int, last: int, start: int, end: int) -> bool:
        words = self.text[first:last]
        part = first + max((m.end() for m in _PART.finditer(self.text[first:start])), default=0)
        opened = self._opened(first) or self._opened(part) or self._named_on(first, words)
        if not opened or not (words.endswith("?") or _PLAINLY.match(words)) or re.search(r"\d", self.text[start:end]):
            return False
        if self._in("own", first, last) or self._in("real", first, last):
            return False
        if _GENERALLY.search(words):
            return True
        return not _DEFINITE.search(
            self.text[max(first, start - 20) : start] + self.text[start:end].split(" ", 1)[0] + " "
        )

    def _opened(self, start: int) -> bool:
        """Whether a word that asks begins what stands at `start`."""
        introduced = _INTRODUCING.match(self.text[start:])
        begins = start + (introduced.end() if introduced else 0)
        asked = self.text[begins:]
        return asked.split(" ", 1)[0].rstrip("?,") in self.asks and not _STATES.match(asked)

    def _named_on(self, first: int, words: str) -> bool:
        """Whether signs are only listed on behind a general question: "What are the signs? Bleeding, pus?"."""
        number = self.layout.clauses[self.layout.clause_at(first)].sentence
        if number == 0 or not words.endswith("?") or not without_verb(words) or len(words.split()) > LISTED:
            return False
        before, end = self.layout.sentences[number - 1]
        return self._opened(before) and self.text[before:end].endswith("?") and not self._in("own", before, end)

    def _in(self, name: str, first: int, last: int) -> list[Match[str]]:
        return [m for m in self.marks if m.payload == name and first <= m.start and m.end <= last]
