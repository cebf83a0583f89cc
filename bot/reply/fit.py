"""Fits a reply to its channel: what is left out first when it would be too long to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.reply.responses import Response
from bot.reply.sms import LIMIT, PART, septets

Kind = Literal[
    "emergency", "flag", "talk", "lost", "worry", "answer", "more", "part", "do", "extra", "detail", "question"
]
WEB_WORDS = 115
SMS_SEPTETS = LIMIT  # two segments
SMS_SEPTETS_FLAG = LIMIT + PART  # a safety line and an answer
# what goes first; "more" are answers beside the main one, "detail" is a question that cannot change the urgency
DROPPED_WEB: tuple[Kind, ...] = ("extra", "worry", "detail", "part")
DROPPED_SMS: tuple[Kind, ...] = ("extra", "worry", "part", "detail", "do")
KEPT_WEB = 2  # how many answers stay, however long the reply; one on SMS or after a safety line


@dataclass(frozen=True)
class Piece:
    """One response and the job it does in the reply."""

    kind: Kind
    response: str


def fit(pieces: Sequence[Piece], channel: str, responses: Mapping[str, Response]) -> list[Piece]:
    """Drop what matters least until the reply fits: whole kinds, then the answers beside the main one, the last first.

    Safety lines, the main answer and a safety question always stay. A dropped line counts as not said, so it can come
    in a later turn. A reply never becomes empty.
    """
    kept = list(pieces)
    sms = channel == "sms"
    flagged = any(piece.kind in ("emergency", "flag") for piece in kept)
    limit = (SMS_SEPTETS_FLAG if flagged else SMS_SEPTETS) if sms else WEB_WORDS
    for kind in DROPPED_SMS if sms else DROPPED_WEB:
        if len(kept) > 1 and _size(kept, sms, responses) > limit:
            kept = [piece for piece in kept if piece.kind != kind] or kept
    least = 1 if sms or flagged else KEPT_WEB
    more = [piece for piece in kept if piece.kind == "more"]
    answers = len(more) + sum(piece.kind == "answer" for piece in kept)
    while more and answers > least and _size(kept, sms, responses) > limit:
        kept.remove(more.pop())
        answers -= 1
    return kept


def _size(pieces: Sequence[Piece], sms: bool, responses: Mapping[str, Response]) -> int:
    """Septets on SMS, words elsewhere. Placeholders count as written: their values are about as long."""
    texts = [responses[piece.response].on("sms" if sms else "web").text for piece in pieces]
    return sum(septets(text) + 1 if sms else len(text.split()) for text in texts)
