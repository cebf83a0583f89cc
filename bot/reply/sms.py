"""Text messages: the GSM-7 alphabet, segments, and packing replies into few texts."""

from __future__ import annotations

from collections.abc import Sequence

import smsutil
from smsutil.codecs import GSM_CHARSET, GSM_EXT_CHARSET

ONE, PART = smsutil.GSM_SINGLE_PART_BYTES, smsutil.GSM_MULTI_PART_BYTES
"""Septets in a text of one segment, and in each segment of a longer one."""
MOST = 2
"""Segments of a reply."""
LIMIT = MOST * PART


def is_gsm7(text: str) -> bool:
    """Whether the text can be sent in GSM-7; one other character makes every segment hold 70 instead of 160."""
    return all(character in GSM_CHARSET for character in text)


def septets(text: str) -> int:
    """Length in GSM-7 places: characters of the extension table take two."""
    return len(text) + sum(character in GSM_EXT_CHARSET for character in text)


def segments(text: str) -> int:
    """How many segments a text is billed and sent as, in GSM-7 if it can be, else in UCS-2."""
    return len(smsutil.split(text).parts)


def join(texts: Sequence[str]) -> list[str]:
    """Pack replies, in order, into as few texts of at most two segments as possible; a longer one stays whole."""
    packed: list[str] = []
    for text in texts:
        if packed and segments(f"{packed[-1]} {text}") <= MOST:
            packed[-1] = f"{packed[-1]} {text}"
        else:
            packed.append(text)
    return packed
