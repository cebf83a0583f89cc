"""Fits a reply to its channel: what is left out first when it would be too long to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.reply.responses import Response
from bot.reply.sms import LIMIT, septets

Kind = Literal["emergency", "flag", "talk", "lost", "worry", "answer", "part", "do", "extra", "question"]
WEB_WORDS = 110
WEB_WORDS_MORE = 50  # for each question answered after the first
DROPPED_WEB: tuple[Kind, ...] = ("part", "extra", "worry")
DROPPED_SMS: tuple[Kind, ...] = ("worry", "part", "extra")


@dataclass(frozen=True)
class Piece:
    """One response and the job it does in the reply."""

    kind: Kind
    response: str


def fit(pieces: Sequence[Piece], channel: str, responses: Mapping[str, Response]) -> list[Piece]:
    """Drop what matters least until the reply fits; safety, answers, what to do and the question always stay.

    A dropped line counts as not said, so it can come in a later turn. A reply never becomes empty.
    """
    kept = list(pieces)
    sms = channel == "sms"
    answers = sum(piece.kind == "answer" for piece in kept)
    limit = LIMIT * min(2, max(1, answers)) if sms else WEB_WORDS + WEB_WORDS_MORE * max(0, answers - 1)
    for kind in DROPPED_SMS if sms else DROPPED_WEB:
        if len(kept) > 1 and _size(kept, sms, responses) > limit:
            kept = [piece for piece in kept if piece.kind != kind] or kept
    return kept


def _size(pieces: Sequence[Piece], sms: bool, responses: Mapping[str, Response]) -> int:
    """Septets on SMS, words elsewhere. Placeholders count as written: their values are about as long."""
    texts = [responses[piece.response].on("sms" if sms else "web").text for piece in pieces]
    return sum(septets(text) + 1 if sms else len(text.split()) for text in texts)
