"""Fits a reply to its channel: what is left out first when it would be too long to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.reply.responses import Response
from bot.reply.sms import LIMIT, ONE, septets

Kind = Literal[
    "emergency", "flag", "second", "talk", "lost", "worry", "answer", "more", "third", "part", "do", "extra", "net",
    "detail", "check", "question",
]  # fmt: skip
WEB_WORDS = 90
SMS_SEPTETS = LIMIT  # two segments
# what goes first; "more" and "third" are answers beside the main one, "detail" a question that cannot change the
# urgency, "check" one of the second look, which no rule bears out, "second" the instruction of another red flag, which
# comes in the next turn
DROPPED_WEB: tuple[Kind, ...] = ("net", "detail", "third", "extra", "worry", "part", "check")
DROPPED_SMS: tuple[Kind, ...] = ("net", "worry", "detail", "third", "extra", "part", "check", "more")
FLAGGED: tuple[Kind, ...] = ("second", "more")


@dataclass(frozen=True)
class Piece:
    """One response and the job it does in the reply."""

    kind: Kind
    response: str


def fit(pieces: Sequence[Piece], channel: str, responses: Mapping[str, Response]) -> list[Piece]:
    """Drop what matters least until the reply fits, one kind after the other.

    Safety lines and the main answer always stay, and on the web, without a safety line, a second answer. On SMS a
    safety question waits if what to do would not fit beside it; a line of an emergency has one text. A dropped line
    counts as not said, so it can come in a later turn. A reply never becomes empty.
    """
    kept = list(pieces)
    sms = channel == "sms"
    flagged = any(piece.kind in ("emergency", "flag") for piece in kept)
    limit = (ONE if any(piece.kind == "emergency" for piece in kept) else SMS_SEPTETS) if sms else WEB_WORDS
    order = (*DROPPED_SMS, *FLAGGED, "question") if sms else (*DROPPED_WEB, *(FLAGGED if flagged else ()))
    for kind in order:
        if len(kept) > 1 and _size(kept, sms, responses) > limit:
            kept = [piece for piece in kept if piece.kind != kind] or kept
    return kept


def _size(pieces: Sequence[Piece], sms: bool, responses: Mapping[str, Response]) -> int:
    """Septets on SMS, words elsewhere. Placeholders count as written: their values are about as long."""
    texts = [responses[piece.response].on("sms" if sms else "web").text for piece in pieces]
    return sum(septets(text) + 1 if sms else len(text.split()) for text in texts)
