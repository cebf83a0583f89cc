"""What a patient typed, written the way the lexicon expects it, with a map back to the original.

Lower case, straight apostrophes, no accents, no HTML, no invisible characters, short messages' shorthand spelled out,
stretched words shortened, misspelt words of the lexicon corrected. What means nothing to the lexicon is left alone.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bot import content
from bot.understanding.aligned import Aligned
from bot.understanding.spelling import Speller

LANGUAGE = Path(__file__).parent / "language"

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,9})\b[^<>]{0,300}>")
_BREAKING_TAGS = {"br", "p", "div", "li", "tr"}
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4\u0060\uff07]")
_QUOTES = re.compile("[\u201c\u201d\u201e\u00ab\u00bb\uff02]")
_DASHES = re.compile(" ?[\u2012\u2013\u2014\u2015\u2212] ?| --? ")
_DIGIT_DASH = re.compile("(?<=\\d)\\s?[\u2010-\u2015\u2212]\\s?(?=\\d)")
_ENDS = re.compile(r"[\r\v\f]")
_SPACE = re.compile(r"[^\S\n]+")
_NEWLINES = re.compile(r" ?\n[ \n]*")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_WORD = re.compile(r"(?<![a-z])[a-z]+(?:'[a-z]+){0,3}(?![\w'])")  # bounded: "a'a'a'…" would take forever
_ODD = re.compile(r"[^\n -~]")
_STACCATO = re.compile(r"(?:\b[a-z']{1,14}[.!]\s+){2,}\b[a-z']{1,14}\b")  # "I. can't. breathe."
_WORD_ALONE = re.compile(r"[.!]\s+[a-z']{1,14}[.!]\s")
_SINGLE_LETTERS = re.compile(r"[ .-][a-z][ .-][a-z][ .-]")
_STOP = re.compile(r"[.!]")
_CLOCK = re.compile(r"(?<=\d) ?([ap])\.m\b\.?")
_SPELLED = re.compile(r"\b[a-z](?:[ .-][a-z]){3,}\b")  # "p a i n"


class Normaliser:
    """Built once; holds the shorthand table and the speller."""

    def __init__(self, speller: Speller) -> None:
        """Read the tables in `language/`. Raises ContentError."""
        table = content.load(LANGUAGE / "shorthand.yml", LANGUAGE / "shorthand.schema.json")
        self._words: Mapping[str, str] = {str(key): str(value) for key, value in table["words"].items()}
        self._emoji: Mapping[str, str] = table["emoji"]
        self._slashed = re.compile(r"(?<![\w/])(?:" + "|".join(re.escape(key) for key in table["slashed"]) + r")(?!\w)")
        self._slashed_words: Mapping[str, str] = table["slashed"]
        digits = [key for key in self._words if any(character.isdigit() for character in key)]
        self._digits = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, digits)) + r")(?!\w)")
        self._speller = speller

    def normalise(self, text: str) -> Aligned:
        """Return the normalised text with its map. Any Unicode is fine; the result may be shorter or longer."""
        aligned = Aligned.of(text)
        if "<" in text:
            aligned = aligned.substitute(_TAG, lambda m: "\n" if m[2].lower() in _BREAKING_TAGS else " ")
        if "&" in text:
            aligned = aligned.substitute(_ENTITY, lambda m: html.unescape(m[0]))
        if not text.isascii():
            aligned = aligned.substitute(_DIGIT_DASH, lambda _: "-").substitute(_ODD, self._plain)
        aligned = aligned.substitute(_UPPER, lambda m: m[0].lower())
        aligned = aligned.substitute(_APOSTROPHES, lambda _: "'")
        if ".m" in aligned.text:
            aligned = aligned.substitute(_CLOCK, lambda m: f" {m[1]}m")
        if _SINGLE_LETTERS.search(aligned.text):
            aligned = aligned.substitute(_SPELLED, lambda m: m[0][::2])
        if "  " in aligned.text or not aligned.text.isprintable():  # a line end is not printable either
            aligned = aligned.substitute(_ENDS, lambda _: "\n")
            aligned = aligned.substitute(_SPACE, lambda m: " " if m[0] != " " else None)
            aligned = aligned.substitute(_NEWLINES, lambda m: "\n" if m[0] != "\n" else None)
        aligned = aligned.substitute(_DASHES, lambda m: " - " if m[0] != " - " else None)
        if _WORD_ALONE.search(aligned.text):
            aligned = aligned.substitute(_STACCATO, lambda m: _STOP.sub(" ", m[0]))
        if _STRETCHED.search(aligned.text):
            aligned = aligned.substitute(_STRETCHED_WORD, lambda m: self._speller.shorten(m[0]))
        aligned = aligned.substitute(self._slashed, lambda m: self._slashed_words[m[0]])
        aligned = aligned.substitute(self._digits, lambda m: self._words[m[0]])
        return aligned.substitute(_WORD, self._word)

    def _word(self, match: re.Match[str]) -> str | None:
        word = match[0]
        return self._words.get(word) or self._speller.correct(word)

    def _plain(self, match: re.Match[str]) -> str | None:
        return _plain_character(match[0], self._emoji.get(match[0]))


_UPPER = re.compile(r"[A-Z]+")
_STRETCHED_WORD = re.compile(r"\b[a-z']{0,20}([a-z])\1{2,}[a-z']*\b")  # bounded: a long word would take forever


@lru_cache(maxsize=4096)
def _plain_character(character: str, emoji: str | None) -> str | None:
    """ASCII for one character outside ASCII, a space where it only separates, nothing where it is invisible."""
    if emoji is not None:
        return f" {emoji} "
    if character == "\u2026":
        return "... "
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me", "Cc"} and character not in "\u0085":
        return ""
    if category.startswith("Z") or character == "\u0085":
        return "\n" if character in "\u0085\u2028\u2029" else " "
    if category == "No" or character in "\u00b0\u00d7\u00bd":
        return None  # fractions and degrees are read by the measuring code
    if _APOSTROPHES.match(character):
        return "'"
    if _QUOTES.match(character):
        return '"'
    if _DASHES.match(character) or character in "\u2010\u2011":
        return "-" if character in "\u2010\u2011" else None
    plain = unicodedata.normalize("NFKD", character)
    plain = "".join(part for part in plain if not unicodedata.combining(part)).lower()
    if plain.isascii() and plain:
        return plain
    return " " if category in {"So", "Sk", "Cs", "Co", "Cn"} else plain or None
