"""A person's text on its way in: what is never stored, and what never reaches Rasa as a command."""

from __future__ import annotations

import re
import unicodedata

from bot.understanding.handed import plain

_APOSTROPHES = re.compile("['’‘`´]")
_MARKS = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """`text` as it is stored: no NUL, no control characters but line ends and tabs, no lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def for_engine(text: str, limit: int) -> str:
    """The first `limit` characters as Rasa reads them, without a leading command mark. Never empty."""
    return plain(plain(text)[:limit])


def bare(text: str) -> str:
    """`text` as a table of whole messages has it: lower case, letters and digits only, single spaces, no accents."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    unmarked = "".join(character for character in letters if not unicodedata.combining(character))
    return _MARKS.sub(" ", _APOSTROPHES.sub("", unmarked)).strip()
