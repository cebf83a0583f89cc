"""The small phrase language of the lexicon (see lexicon/README.md), compiled to regular expressions.

{cant} breathe|breath        words in order; `|` alternatives; `{name}` a word list of words.yml
lip <=3 numb                 up to three other words between (never past a sentence's end)
numb ~3 lip|chin             either order, up to three words between
(fell|came out) [right] now  a group with longer alternatives; `[...]` may be there
screw(s)                     screw or screws
took # tablets               `#` is any number in digits
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

Alternative = tuple[str, ...]  # the words of one alternative

_TOKEN = re.compile(
    r"\s*(?:<=(?P<gap>\d+)|~(?P<either>\d+)|\[(?P<optional>[^\]]*)\]|(?P<plain>(?:\((?:[^()]|\(s\))*\)|\{\w+\}|[^\s\[\]<~(){}|]+"
    r"(?:\(s\))?)(?:\|(?:\((?:[^()]|\(s\))*\)|\{\w+\}|[^\s\[\]<~(){}|]+(?:\(s\))?))*))"
)
_PIECE = re.compile(r"[\w']+")
_PART = re.compile(r"\((?P<group>(?:[^()]|\(s\))*)\)|\{(?P<list>\w+)\}|(?P<word>[^\s|(){}]+(?:\(s\))?)")

NUMBER = "#"
BLANK = "\0"
_JOIN = r"(?:[^\w.!?;]|\.(?=\.)|(?<=\.)\.)+"  # what may stand between two words: anything but the end of a sentence
_WITHIN = r"[^\w.!?;\n]+"  # behind a word of a gap: neither the end of a line nor an ellipsis
_SAME_LINE = r"(?<!\n)(?<!\.)(?<!\. )"  # before a word of a gap
_END = r"(?:'s|'re|'ve|'d|'m|'ll)?(?![\w'])"


class PhraseError(ValueError):
    """A phrase the small language cannot read; the message says why."""


@dataclass(frozen=True)
class Element:
    """One place of a phrase: its alternatives, whether it may be missing, and the gap allowed before it."""

    alternatives: tuple[Alternative, ...]
    optional: bool
    gap: int

    @cached_property
    def keys(self) -> frozenset[str]:
        """Words of which at least one must be in the text (the longest word of each alternative); `#` is not a word."""
        return frozenset(max(_PIECE.findall(" ".join(words)) or [NUMBER], key=len) for words in self.alternatives)

    @cached_property
    def longest(self) -> int:
        """The most words it takes."""
        return max(len(_PIECE.findall(" ".join(words)) or [NUMBER]) for words in self.alternatives)


@dataclass(frozen=True)
class Fillers:
    """Words that may stand between any two words of a phrase, and words that no gap may contain (regex alternations).

    Fillers are not part of each phrase's expression, which would be ten times as long: `mask` blanks them in the text.
    """

    fillers: str
    barriers: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches one filler."""
        return re.compile(rf"(?<![\w'])(?:{self.fillers})(?![\w'])")

    def mask(self, text: str) -> str:
        """The text with every filler blanked, same length."""
        return self.pattern.sub(lambda match: BLANK * len(match[0]), text)


@dataclass(frozen=True)
class Phrase:
    """A compiled phrase. `source` is what the YAML says."""

    source: str
    elements: tuple[Element, ...]
    fillers: Fillers

    @cached_property
    def required(self) -> tuple[tuple[frozenset[str], int], ...]:
        """One set of words per element that must be there, and how many words after the first one may stand at most."""
        found, reach = [], -1
        for element in self.elements:
            reach += element.gap + element.longest
            if not element.optional and NUMBER not in element.keys:
                found.append((element.keys, reach))
        return tuple(found)

    @cached_property
    def starts(self) -> frozenset[str]:
        """The words of which one must stand where a match begins; `#` for a number."""
        return frozenset((_PIECE.findall(words[0]) or [NUMBER])[0] for words in self.elements[0].alternatives)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word the phrase can contain."""
        return frozenset(w for element in self.elements for words in element.alternatives for w in words)

    @cached_property
    def has_filler(self) -> bool:
        """Whether a filler is one of its own words ("still bleeding"), so that it must also be sought unmasked."""
        return any(
            self.fillers.pattern.search(" ".join(words)) for element in self.elements for words in element.alternatives
        )

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression; each gap is a group. Compiled when first needed: most phrases never are."""
        pieces: list[str] = []
        for element in self.elements:
            body = _alternation(element.alternatives, _JOIN)
            if not pieces:
                pieces.append(rf"(?<![\w']){body}")
                continue
            gap = _JOIN
            if element.gap:
                word = rf"{_SAME_LINE}(?!(?:{self.fillers.barriers})(?![\w']))[\w'%]+"
                gap = rf"{_JOIN}((?:{word}{_WITHIN}){{0,{element.gap}}}?)"
            pieces.append(f"(?:{gap}{body})?" if element.optional else f"{gap}{body}")
        return re.compile("".join(pieces))


def parse(source: str, lists: Mapping[str, Sequence[str]], fillers: Fillers) -> list[Phrase]:
    """Read one phrase; two come back when `~` allows both orders. Raises PhraseError."""
    sides: list[list[Element]] = [[]]
    gap, either, position = 0, 0, 0
    text = source.strip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None or token.end() == position:
            raise PhraseError(f"cannot read {text[position:]!r} in phrase {source!r}")
        position = token.end()
        if token["gap"]:
            gap = int(token["gap"])
        elif token["either"]:
            if len(sides) == 2 or not sides[0]:
                raise PhraseError(f"`~` needs one thing on each side: {source!r}")
            sides.append([])
            either, gap = int(token["either"]), 0
        else:
            optional = token["optional"] is not None
            text_of = f"({token['optional']})" if optional else token["plain"]
            alternatives = _alternatives(text_of, lists, source)
            sides[-1].append(Element(alternatives, optional, gap))
            gap = 0
    if gap:
        raise PhraseError(f"a phrase cannot end with a gap: {source!r}")
    if any(not side or side[0].optional for side in sides):
        raise PhraseError(f"a phrase, and each side of `~`, must begin with a word that has to be there: {source!r}")
    orders = sides if len(sides) == 1 else [sides[0] + _after(sides[1], either), sides[1] + _after(sides[0], either)]
    return [Phrase(source, tuple(order), fillers) for order in orders]


def _after(elements: list[Element], gap: int) -> list[Element]:
    return [replace(elements[0], gap=gap), *elements[1:]]


def _alternatives(text: str, lists: Mapping[str, Sequence[str]], source: str) -> tuple[Alternative, ...]:
    found: list[Alternative] = []
    for part in _PART.finditer(text):
        if part["group"] is not None:
            for option in part["group"].split("|"):
                found += _words(option, lists, source)
        elif part["list"] is not None:
            if part["list"] not in lists:
                raise PhraseError(f"no word list {{{part['list']}}} in words.yml: {source!r}")
            for option in lists[part["list"]]:
                found += _words(option, lists, source)
        else:
            found += _words(part["word"], lists, source)
    if not found:
        raise PhraseError(f"empty place in phrase {source!r}")
    return tuple(dict.fromkeys(found))


def _words(option: str, lists: Mapping[str, Sequence[str]], source: str) -> list[Alternative]:
    """The alternatives of one option; a `{list}` inside a longer option is multiplied out."""
    if any(sign in option for sign in ("<=", "~", "[")):
        raise PhraseError(f"gaps and brackets cannot stand inside a group: {source!r}")
    results: list[Alternative] = [()]
    for word in option.split():
        if word.startswith("{") and word.endswith("}"):
            if word[1:-1] not in lists:
                raise PhraseError(f"no word list {word} in words.yml: {source!r}")
            forms = [alternative for entry in lists[word[1:-1]] for alternative in _words(entry, lists, source)]
        elif word.endswith("(s)"):
            forms = [(word[:-3],), (word[:-3] + "s",)]
        else:
            forms = [(word,)]
        results = [(*head, *form) for head in results for form in forms]
    return [result for result in results if result]


def _alternation(alternatives: Sequence[Alternative], between: str) -> str:
    longest_first = sorted(alternatives, key=lambda words: (-len(words), words))
    return "(?:" + "|".join(between.join(_word(w) for w in words) for words in longest_first) + ")"


def _word(word: str) -> str:
    return r"\d+(?![\w'])" if word == NUMBER else re.escape(word) + _END
