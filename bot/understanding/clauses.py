"""Cuts normalised text into sentences (for intents) and clauses (for assertion), also where no full stop was typed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from bot import content

LANGUAGE = Path(__file__).parent / "language"
LONGEST = 45  # words: a longer run-on is cut at its clauses

_WORD = re.compile(r"[\w'%]+(?:[.,]\d+)?")
_HARD = re.compile(r"[\n;]|[.!?](?=[\s\"')\]]|$)|[!?]")
_SOFT = re.compile(r"[:()\[\]]| - |\.\.|/ ")
_JOINING = {"and", "plus", "so", "then", "n"}
_LISTING = {"or", "nor"}  # ", or bleeding" goes on with the list
_SHORT = 2  # words a part needs before an unpunctuated border


class Word(NamedTuple):
    """One word of the text at [start, end)."""

    text: str
    start: int
    end: int


class Clause(NamedTuple):
    """A part of a sentence with one statement in it; `sentence` is the sentence's number."""

    start: int
    end: int
    sentence: int


@dataclass(frozen=True)
class Layout:
    """Words, clauses and sentences of one text, in order. Clauses and sentences are never empty."""

    words: tuple[Word, ...]
    clauses: tuple[Clause, ...]
    sentences: tuple[tuple[int, int], ...]

    def clause_at(self, position: int) -> int:
        """Number of the clause that holds (or precedes) a position."""
        return max(0, bisect_right(self._starts, position) - 1)

    @cached_property
    def _starts(self) -> list[int]:
        return [clause.start for clause in self.clauses]


class Splitter:
    """Built once from language/clauses.yml."""

    def __init__(self) -> None:
        """Raises ContentError."""
        table = content.load(LANGUAGE / "clauses.yml", LANGUAGE / "clauses.schema.json")
        self._subjects = frozenset(table["subjects"])
        self._possessives = frozenset(table["possessives"])
        self._verbs = frozenset(table["verbs"])
        self._holds = frozenset(table["holds"])
        self._modals = frozenset(table["modals"])
        self._after_comma = frozenset(table["list_words"])
        self._abbreviations = frozenset(table["abbreviations"])
        self._openers: dict[str, list[list[str]]] = defaultdict(list)
        for opener in table["openers"]:
            first, *rest = opener.split()
            self._openers[first].append(rest)

    def split(self, text: str) -> Layout:
        """Words, clauses and sentences of `text`."""
        words = tuple(Word(m[0], m.start(), m.end()) for m in _WORD.finditer(text))
        if not words:
            stripped = text.strip()
            start = text.find(stripped) if stripped else 0
            spans = ((start, start + len(stripped)),) if stripped else ()
            return Layout((), tuple(Clause(s, e, 0) for s, e in spans), spans)
        clauses: list[Clause] = []
        sentences: list[tuple[int, int]] = []
        clause_first = sentence_first = 0
        for i in range(1, len(words) + 1):
            kind = 2 if i == len(words) else self._border(text, words, i, i - clause_first, i - sentence_first)
            if not kind:
                continue
            end = _close(text, words[i - 1].end, words[i].start if i < len(words) else len(text))
            clauses.append(Clause(words[clause_first].start, end, len(sentences)))
            clause_first = i
            if kind == 2:
                sentences.append((words[sentence_first].start, end))
                sentence_first = i
        return Layout(words, tuple(clauses), tuple(sentences))

    def _border(self, text: str, words: tuple[Word, ...], i: int, in_clause: int, in_sentence: int) -> int:
        """0 none, 1 a clause begins at word `i`, 2 a sentence does."""
        before, word = words[i - 1], words[i].text
        between = text[before.end : words[i].start]
        spaced = between == " "  # nothing but a space: no mark to look for
        short = before.text in self._abbreviations and (before.text != "no" or word[0].isdigit())  # "no. 14"
        hard = None if spaced else _HARD.search(between)
        if hard and not (hard[0] == "." and (short or ".." in between)):
            return 2
        if ".." in between and in_sentence > _SHORT:
            return 2
        if short and "." in between:
            return 0
        if in_sentence > 1 and before.text not in self._holds and self._opens(words, i):
            return 2
        kind = 2 if in_sentence >= LONGEST else 1
        if not spaced and _SOFT.search(between):
            return kind
        if "," in between and word in _LISTING and not (i + 1 < len(words) and self._begins(words, i + 1)):
            return 0
        if "," in between:
            return kind if word in self._after_comma or self._verb_soon(text, words, i) else 0
        if word in _JOINING and i + 1 < len(words):
            begins = words[i + 1].text in self._after_comma or self._verb_soon(text, words, i + 1)
            return kind if begins and in_clause >= _SHORT else 0
        if word == "or" and i + 1 < len(words):
            return kind if self._begins(words, i + 1) else 0
        if word == "but":
            return kind
        if in_clause >= _SHORT and self._begins(words, i) and self._free(before.text, word):
            return kind
        return 2 if in_sentence >= 2 * LONGEST else 0

    def _opens(self, words: tuple[Word, ...], i: int) -> bool:
        rests = self._openers.get(words[i].text)
        return rests is not None and any([w.text for w in words[i + 1 : i + 1 + len(rest)]] == rest for rest in rests)

    def _begins(self, words: tuple[Word, ...], i: int) -> bool:
        """A subject with its verb: "I can't", "my lower lip is"."""
        following = [w.text for w in words[i + 1 : i + 4]]
        word = words[i].text
        if word in self._subjects:
            return "'" in word or word == "its" or bool(following and following[0] in self._verbs)
        return word in self._possessives and any(verb in self._verbs for verb in following[1:])

    def _free(self, before: str, word: str) -> bool:
        """Whether nothing before a subject holds it: not after "if", but "if you can | my lip is numb"."""
        return before not in self._holds or (before in self._modals and word in self._possessives)

    def _verb_soon(self, text: str, words: tuple[Word, ...], i: int) -> bool:
        end = i
        while end < min(i + 3, len(words)) and (end == i or "," not in text[words[end - 1].end : words[end].start]):
            if words[end].text in self._verbs:
                return True
            end += 1
        return False


def _close(text: str, end: int, limit: int) -> int:
    """Take the punctuation that ends a sentence along, not the space after it."""
    while end < limit and not text[end].isspace():
        end += 1
    return end
