"""Regular expressions that are tried only where a match can begin.

`re` tries an expression at every character of a text. Most of ours begin at the beginning of a word, and with one of a
few words; which, is read off the expression itself. A text's words are indexed once for all expressions. What
`finditer` gives is the same, in a tenth of the time.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

# the standard library's own parser of expressions; it has no public name
_OLD = sys.version_info < (3, 11)
sre: Any = import_module("sre_constants" if _OLD else "re._constants")
sre_parse: Any = import_module("sre_parse" if _OLD else "re._parser")

LONGEST = 4
"""Characters of a beginning; more would tell words apart no better."""
MOST = 600
"""Beginnings; an expression with more is tried everywhere."""
END = " "
"""Stands behind the last character of a word."""
_PIECE = re.compile(r"\w+|[^\w\s]")
_ODD = re.compile("[\u017f\u0131\u212a]|(?![0-9])\\d")
_LOOKING = (sre.AT, sre.ASSERT, sre.ASSERT_NOT)
_INFINITY = 1 << 30
Item = tuple[Any, Any]
"""Of a parsed expression: what it is, and its content."""


class Quick:
    """A compiled expression, without regard to case, with the same `finditer` and `search` as `re.Pattern`."""

    def __init__(self, source: str) -> None:
        """Compile `source`. Raises re.error."""
        self.pattern = re.compile(source, re.IGNORECASE)

    @cached_property
    def beginnings(self) -> frozenset[str] | None:
        """Of which one must stand where a match begins, which is at a word; None when that cannot be told."""
        return beginnings(self.pattern.pattern)

    def finditer(self, text: str, start: int = 0, end: int = _INFINITY) -> Iterator[re.Match[str]]:
        """Every match in text[start:end], as `re.Pattern.finditer` gives them."""
        heads, index = self.beginnings, _index(text)
        if heads is None or index is None:
            return self.pattern.finditer(text, start, end)
        places, known = index
        if heads.isdisjoint(known):
            return iter(())
        return self._at(sorted({place for key in heads & known for place in places[key]}), text, start, end)

    def _at(self, places: Iterable[int], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        match_at = self.pattern.match
        for place in places:
            if start <= place < end and (match := match_at(text, place, end)):
                start = match.end()
                yield match

    def search(self, text: str, start: int = 0, end: int = _INFINITY) -> re.Match[str] | None:
        """The first match in text[start:end]."""
        return next(self.finditer(text, start, end), None)


@lru_cache(maxsize=4)
def _index(text: str) -> tuple[dict[str, list[int]], frozenset[str]] | None:
    """Where the words with each beginning stand, and the beginnings; None where `re` sees other letters as equal."""
    lower = text.lower()
    if len(lower) != len(text) or (not text.isascii() and _ODD.search(lower)):
        return None
    places: dict[str, list[int]] = defaultdict(list)
    for match in _PIECE.finditer(lower):
        place = match.start()
        for head in _heads(match[0][:LONGEST]):
            places[head].append(place)
    return places, frozenset(places)


@lru_cache(maxsize=4096)
def _heads(word: str) -> tuple[str, ...]:
    """What a word begins with: "i", "i "."""
    word += END
    return tuple(word[:length] for length in range(1, min(len(word), LONGEST) + 1))


Heads = tuple[set[str], set[str]]
"""What a piece of an expression can begin with: when all of it is read (what follows comes next), and when not."""
_ANYTHING: Heads = (set(), {""})


def beginnings(source: str) -> frozenset[str] | None:
    """What the matches of an expression can begin with; None when one can begin elsewhere than at a word, or anyhow."""
    tree = list(sre_parse.parse(source, re.IGNORECASE))
    if not _at_word(tree):
        return None
    whole, part = _first(tree)
    found = whole | part
    return None if "" in found or END in found or len(found) > MOST else frozenset(found)


def _at_word(items: Iterable[Item]) -> bool:
    r"""Whether what begins with a word character begins at a word: after `\b`, `(?<!\w)`, `(?<![\w-])`."""
    for kind, value in items:
        if kind is sre.AT and value is sre.AT_BOUNDARY:
            return True
        if kind is sre.ASSERT_NOT and value[0] < 0 and len(value[1]) == 1 and value[1][0][0] is sre.IN:
            if value[1][0][1][0][0] is not sre.NEGATE and (sre.CATEGORY, sre.CATEGORY_WORD) in value[1][0][1]:
                return True
        elif kind is sre.SUBPATTERN:
            return _at_word(value[3])
        elif kind is sre.BRANCH:
            return all(_at_word(branch) for branch in value[1])
        elif kind is sre.MAX_REPEAT and all(inner in _LOOKING for inner, _ in value[2]):
            continue
        elif kind not in _LOOKING:
            return False
    return False


def _first(items: Iterable[Item]) -> Heads:
    whole, part = {""}, set[str]()
    for kind, value in items:
        if kind is sre.AT and value is sre.AT_BOUNDARY:
            part |= {head + END for head in whole if head}
            whole &= {""}
            continue
        tails = _of(kind, value)
        part |= {_joined(head, tail) for head in whole for tail in tails[1]}
        whole = {_joined(head, tail) for head in whole for tail in tails[0]}
        part |= {head for head in whole if len(head) >= LONGEST or (head and not all(map(_in_word, head)))}
        whole -= part
        if not whole or len(whole) > MOST:
            return set(), part | whole
    return whole, part


def _joined(head: str, tail: str) -> str:
    """Up to the first character that belongs to no word: of a word's beginning it is the end."""
    both = head + tail
    after = next((i for i, character in enumerate(both) if not _in_word(character)), LONGEST)
    return both[:1] if after == 0 else (both[:after] + END if after < len(both) else both)[:LONGEST]


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _of(kind: Any, value: Any) -> Heads:
    if kind is sre.LITERAL:
        return _characters([chr(value)])
    if kind is sre.IN:
        return _class(value)
    if kind is sre.BRANCH:
        heads = [_first(branch) for branch in value[1]]
        return set().union(*(whole for whole, _ in heads)), set().union(*(part for _, part in heads))
    if kind is sre.SUBPATTERN:
        return _first(value[3])
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, inner = value
        whole, part = _first(inner)
        if most > 1:  # the second time may follow, or what comes after
            whole, part = set(), whole | part
        return (whole | {""} if not least else whole), part
    if kind in _LOOKING:
        return {""}, set()
    return _ANYTHING


def _class(members: Sequence[Item]) -> Heads:
    characters: list[str] = []
    for kind, value in members:
        if kind is sre.LITERAL:
            characters.append(chr(value))
        elif kind is sre.RANGE and value[1] - value[0] < 40:
            characters += map(chr, range(value[0], value[1] + 1))
        elif kind is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            characters += "0123456789"
        elif kind is sre.CATEGORY and value in (sre.CATEGORY_SPACE, sre.CATEGORY_NOT_WORD):
            characters.append(END)
        else:
            return _ANYTHING
    return _characters(characters)


def _characters(characters: Iterable[str]) -> Heads:
    return {character.lower() for character in characters}, set()
