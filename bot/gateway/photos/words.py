"""What is said of a photo: names of responses."""

from __future__ import annotations

from collections.abc import Iterable

from bot.records.models import Photo, PhotoState
from bot.records.photos import LOST

RECEIVED = "utter_photo_received"
UNREADABLE = "utter_photo_unreadable"
TOO_LARGE = "utter_photo_too_large"
DID_NOT_COME = "utter_photo_lost"
LINES = (RECEIVED, UNREADABLE, TOO_LARGE, DID_NOT_COME)


def line(state: PhotoState, reason: str | None) -> str:
    """The response for a photo in this state; `reason` is that of a refusal."""
    if state != "refused":
        return RECEIVED
    if reason == LOST:
        return DID_NOT_COME
    return TOO_LARGE if reason in ("too_large", "too_many_pixels") else UNREADABLE


def lines(photos: Iterable[Photo]) -> list[str]:
    """The responses for several, each once."""
    return list(dict.fromkeys(line(photo.state, photo.reason) for photo in photos))
