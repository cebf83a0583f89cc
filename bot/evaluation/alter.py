"""The same message as another patient would have typed or dictated it: seeded, so that each run alters it alike.

No maintained augmenter is in the locked environments, and none keeps numbers and units whole as the labels need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

TYPO, FILLER, EMOJI = 0.10, 0.05, 0.5  # shares of long words, of words, of sentences
_FILLERS = ("um", "uh", "like", "you know", "so yeah", "i mean")
_EMOJI = ("😢", "😭", "😬", "😰", "🙏", "😟", "🤔", "😩", "❤️", "😊")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LONG_WORD = re.compile(r"(?<![\w'’])[A-Za-z]{4,}(?![\w'’])")
_MARKS = re.compile(r"""(?<!\d)[.,:/](?=\d)|(?<=\d)[.,:/](?!\d)|(?<!\d)[.,:/](?!\d)|[;!?()\[\]"“”…*_~]|[-–—]+(?!\d)""")
_APOSTROPHES = re.compile(r"['’‘]")
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_FRACTIONS = {
    "1/2": "one half",
    "1/4": "one quarter",
    "3/4": "three quarters",
    "1/8": "one eighth",
    "3/8": "three eighths",
}
_UNITS = {"mm": "millimeters", "cm": "centimeters", "mg": "milligrams"}
_FRACTION = re.compile(rf"(?<![\d/.])(?:{'|'.join(_FRACTIONS)})(?![\d/])")
_OUT_OF_TEN = re.compile(r"(?<![\d/.])(\d{1,2}(?:\.5)?)\s?/\s?10(?![\d/])")
_NUMBER = re.compile(
    r"(?<![\w$€£.,:/])#?(\d{1,3})(?:\.(\d{1,2}))?(?:\s?(mm|cm|mg)\b)?(?![\w%:/]|[.,]\d)", re.IGNORECASE
)
_RANGE = re.compile(r"(?<=\d)\s?[-–]\s?(?=\d)")
_NUMBER_SIGN = re.compile(r"\b[Nn]o\. ?(?=\d)")
_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")


def typos(text: str, random: Random) -> str:
    """One slip of the finger in every tenth longer word; numbers, units and short words stay."""

    def slip(match: re.Match[str]) -> str:
        word = match[0]
        if random.random() >= TYPO:
            return word
        at = random.randrange(1, len(word) - 1)  # the first letter is rarely the wrong one
        kind = random.choice(("neighbour", "swap", "drop", "twice"))
        if kind == "neighbour":
            return word[:at] + _neighbour(word[at], random) + word[at + 1 :]
        if kind == "swap":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + (word[at] * 2 if kind == "twice" else "") + word[at + 1 :]

    return _LONG_WORD.sub(slip, text)


def _neighbour(letter: str, random: Random) -> str:
    row = next(row for row in _ROWS if letter.lower() in row)
    at = row.index(letter.lower())
    return random.choice([row[n] for n in (at - 1, at + 1) if 0 <= n < len(row)])


def plain(text: str, _: Random | None = None) -> str:
    """Lower case, no punctuation, no apostrophes; the marks inside numbers (38.5, 8/10, 14:30) stay."""
    bare = _MARKS.sub(" ", _APOSTROPHES.sub("", text)).lower()
    return " ".join(bare.split())


def spoken(text: str, random: Random) -> str:
    """As dictated: numbers and units as words, fillers, no punctuation, no capitals. Years, prices and dates stay."""
    text = _NUMBER_SIGN.sub("#", text)
    text = _RANGE.sub(" to ", text)
    text = _FRACTION.sub(lambda match: _FRACTIONS[match[0]], text)
    text = _OUT_OF_TEN.sub(r"\1 out of 10", text)
    words: list[str] = []
    for word in text.split():
        # nobody says "um" between a number and its unit
        if random.random() < FILLER and not _DIGIT.search("".join([*words[-1:], word])):
            words.append(random.choice(_FILLERS))
        words.append(word)
    return plain(_NUMBER.sub(_say, " ".join(words)))


def _say(match: re.Match[str]) -> str:
    whole, decimals, unit = match.groups()
    words = ["number"] if match[0].startswith("#") else []
    words.append(cardinal(int(whole)))
    if decimals:
        words += ["point", *(_ONES[int(digit)] for digit in decimals)]
    if unit:
        words.append(_UNITS[unit.lower()])
    return " ".join(words)


def cardinal(number: int) -> str:
    """0 to 999 in words."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f" {_ONES[ones]}" if ones else "")
    hundreds, rest = divmod(number, 100)
    return f"{_ONES[hundreds]} hundred" + (f" {cardinal(rest)}" if rest else "")


def emoji(text: str, random: Random) -> str:
    """An emoji or two after every other sentence, and always one at the end."""

    def face(match: re.Match[str]) -> str:
        if random.random() >= EMOJI:
            return match[0]
        return f"{match[0]} {''.join(random.choices(_EMOJI, k=random.choice((1, 1, 2))))}"

    return f"{_SENTENCE_END.sub(face, text)} {random.choice(_EMOJI)}"


ALTERATIONS: Mapping[str, Callable[[str, Random], str]] = {
    "typos": typos,
    "lower case, no punctuation": plain,
    "dictated": spoken,
    "emoji": emoji,
}
