"""Numbers as patients write them: digits, fractions, words, and ranges of these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.understanding.quick import Quick

_ONES = {
    word: float(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10.0 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_VAGUE = {"couple": 2.0, "few": 3.0, "several": 5.0}
_PART_OF = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "eighth": 8, "sixteenth": 16}
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625, "⅞": 0.875}

_SMALL = "|".join(sorted(_ONES, key=len, reverse=True))
_CARDINAL = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{_SMALL}))?|{_SMALL})"
_HUNDRED = (
    rf"(?:(?:(?:a|one)\s+)?hundred(?:\s+(?:and\s+)?{_CARDINAL})?(?:\s+point\s+(?:{_SMALL}))?|one\s+oh\s+(?:{_SMALL}))"
)
_POINT = rf"(?:(?:{_CARDINAL}\s+)?point(?:\s+(?:{_SMALL})){{1,3}})"
"""Dictated: "one point five", "point two five"."""
_FRACTION = (
    r"(?:an?\s+)?(?:half|quarter|third|eighth|sixteenth)|(?:three|five|seven|[357])[\s-](?:quarters|eighths|sixteenths)"
)
_DIGITS = r"(?:\d{1,6}(?:\.\d{1,3})?|\.\d{1,3})(?!\d|,\d{3})"
_START = r"(?<![\w$€£#])(?<!\d[.,/:⁄])"

NUMBER = (
    rf"{_START}(?:"
    rf"\d{{1,3}}\s?[{''.join(_GLYPHS)}]|[{''.join(_GLYPHS)}]"
    r"|\d{1,3}(?:\s+and\s+|\s*&\s*|\s+|-)\d{1,2}[/⁄]\d{1,2}(?![\d/])"
    r"|\d{1,3}[/⁄]\d{1,3}(?:ths?|rds?)?(?![\d/])"
    rf"|{_DIGITS}\s+and\s+(?:a\s+)?half\b|{_DIGITS}"
    rf"|(?:{_HUNDRED}|{_POINT}|{_CARDINAL}\s+and\s+(?:an?\s+)?(?:half|quarter)|{_FRACTION}|{_CARDINAL}|"
    r"(?:an?\s+)?couple(?:\s+of)?|(?:an?\s+)?few"
    r"|several|an?)\b)"
)
"""Regular expression source for one number; has no groups."""

_SEPARATOR = re.compile(r"\s*(?:-|–|—|~|,|\bto\b|\bor\b|\band\b|\bmaybe\b)+\s*", re.IGNORECASE)
RANGE = rf"{NUMBER}(?:(?:\s*[-–—~]\s*|\s+(?:to|or|or\s+maybe|and)\s+|(?<=[1-9]),\s(?:or\s+|maybe\s+)?(?=\d)){NUMBER})?"
"""Regular expression source for a number or a range of two ("4-5", "four or five"); has no groups."""

_NUMBER = re.compile(NUMBER, re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """A number or range: `value` is the middle; `vague` is true for "a few" and "several"."""

    low: float
    high: float
    vague: bool = False

    @property
    def value(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2


@lru_cache(maxsize=4096)
def amount(text: str) -> Amount | None:
    """Read what `RANGE` or `NUMBER` matched. None when it is not a number (a fraction over zero)."""
    text = text.strip().lower()
    vague = any(word in text for word in ("few", "several"))
    if _NUMBER.fullmatch(text):
        value = _number(text)
        return None if value is None else Amount(value, value, vague)
    for cut in _SEPARATOR.finditer(text):
        left, right = text[: cut.start()].strip(), text[cut.end() :].strip()
        if _NUMBER.fullmatch(left) and _NUMBER.fullmatch(right):
            low, high = _number(left), _number(right)
            if low is not None and high is not None:
                if "," in cut.group() and not low < high <= low + 2:  # "tooth 8, 4 mm" is no range
                    return Amount(high, high, vague)
                return Amount(min(low, high), max(low, high), vague)
    return None


def _number(text: str) -> float | None:
    words = re.sub(r"[\s-]+|(?<=\d)(?=[½¼¾⅓⅔⅛⅜⅝⅞])", " ", text.replace("⁄", "/").replace("&", " and ")).split()
    total = 0.0
    for place, word in enumerate(words):
        if word in _GLYPHS:
            total += _GLYPHS[word]
        elif "/" in word:
            top, bottom = (int(part.rstrip("thrds")) for part in word.split("/"))
            if bottom == 0:
                return None
            total += top / bottom
        elif word[0].isdigit() or word[0] == ".":
            total += float(word)
        elif word.rstrip("s") in _PART_OF:
            parts = 1 / _PART_OF[word.rstrip("s")]
            total = total * parts if word.endswith("s") else total + parts
        elif word == "hundred" or word == "oh":
            total = 100.0
        elif word == "point":
            return total + sum(_ONES[digit] * 0.1**at for at, digit in enumerate(words[place + 1 :], start=1))
        elif word in ("a", "an"):
            total += 1.0 if len(words) == 1 else 0.0
        elif word not in ("and", "of"):
            total += _ONES.get(word) or _TENS.get(word) or _VAGUE.get(word) or 0.0
    return total


def any_of(words: str) -> str:
    """Regular expression source for one of the space-separated `words`; an underscore stands for white space."""
    return "(?:" + "|".join(word.replace("_", r"\s+") for word in words.split()) + ")"


NOT_COUNTING = (
    r"(?!\s*-?\s*(?:[%°º/:]|(?:mgs?|mm|cm|ml|mcg|grams?|lbs?|pounds?|hours?|hrs?|days?|weeks?|wks?|months?|mos?|"
    r"years?|yrs?|y/?o|"
    r"minutes?|mins?|times|percent|inch(?:es)?|out|feet|foot|ft|kgs?|kilos?|stone|nights?|pills?|tablets?|am|pm)\b)|"
    r"[.,]?\d)"
)
"""Look-ahead source: the number is not the count of a unit (hours, mg, %) and not cut short."""


MOST = 40
"""Numbers of one kind that are read in a text; nobody states more, and time has to stay bounded."""


def windows(anchor: re.Pattern[str] | Quick, text: str, margin: int = 70) -> list[tuple[int, int]]:
    """The stretches of `text` within `margin` characters of a match of `anchor`, joined where they meet.

    Grammars that need an anchor are tried only there: on a long message this saves most of the time.
    """
    found: list[tuple[int, int]] = []
    for match in anchor.finditer(text):
        start, end = max(0, match.start() - margin), min(len(text), match.end() + margin)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
