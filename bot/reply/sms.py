"""Text messages: the GSM-7 alphabet, segments, and packing replies into few texts."""

from __future__ import annotations

from collections.abc import Sequence

# GSM 03.38 default alphabet; characters of the extension table take two places
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
ONE, PART = 160, 153  # septets in a text of one segment, and in each segment of a longer one
LIMIT = 2 * PART


def is_gsm7(text: str) -> bool:
    """Whether the text can be sent in GSM-7; one other character makes every segment hold 70 instead of 160."""
    return all(character in BASIC or character in EXTENDED for character in text)


def septets(text: str) -> int:
    """Length in GSM-7 places."""
    return sum(2 if character in EXTENDED else 1 for character in text)


def segments(text: str) -> int:
    """How many segments a GSM-7 text is billed and sent as."""
    length = septets(text)
    return 1 if length <= ONE else -(-length // PART)


def join(texts: Sequence[str]) -> list[str]:
    """Pack replies, in order, into as few texts of at most two segments as possible; a longer one stays whole."""
    packed: list[str] = []
    for text in texts:
        if packed and septets(f"{packed[-1]} {text}") <= LIMIT:
            packed[-1] = f"{packed[-1]} {text}"
        else:
            packed.append(text)
    return packed
