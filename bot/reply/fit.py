"""Fits a reply to its channel: what is left out first when it would be too long to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.reply.responses import Response
from bot.reply.sms import LIMIT, septets

Kind = Literal[
    "emergency", "flag", "talk", "lost", "worry", "answer", "more", "third", "part", "do", "extra", "net", "detail",
    "question",
]  # fmt: skip
WEB_WORDS = 90  # without the question that ends a reply
SMS_SEPTETS = LIMIT  # two segments
# what goes first; "more" and "third" are answers beside the main one, "detail" a question that cannot change the
# urgency
DROPPED_WEB: tuple[Kind, ...] = ("net", "extra", "worry", "third", "part")
DROPPED_SMS: tuple[Kind, ...] = ("net", "extra", "worry", "third", "part", "detail", "more", "do")


@dataclass(frozen=True)
class Piece:
    """One response and the job it does in the reply."""

    kind: Kind
    response: str


def fit(pieces: Sequence[Piece], channel: str, responses: Mapping[str, Response]) -> list[Piece]:
    """Drop what matters least until the reply fits, one kind after the other.

    Safety lines, the main answer and a safety question always stay, and on the web, without a safety line, a second
    answer. A dropped line counts as not said, so it can come in a later turn. A reply never becomes empty.
    """
    kept = list(pieces)
    sms = channel == "sms"
    limit = SMS_SEPTETS if sms else WEB_WORDS
    flagged = any(piece.kind in ("emergency", "flag") for piece in kept)
    for kind in DROPPED_SMS if sms else (*DROPPED_WEB, *(("more",) if flagged else ())):
        if len(kept) > 1 and _size(kept, sms, responses) > limit:
            kept = [piece for piece in kept if piece.kind != kind] or kept
    return kept


def _size(pieces: Sequence[Piece], sms: bool, responses: Mapping[str, Response]) -> int:
    """Septets on SMS, words elsewhere. Placeholders count as written: their values are about as long."""
    counted = [piece for piece in pieces if sms or piece.kind not in ("detail", "question")]
    texts = [responses[piece.response].on("sms" if sms else "web").text for piece in counted]
    return sum(septets(text) + 1 if sms else len(text.split()) for text in texts)
