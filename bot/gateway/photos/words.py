"""What is said of a photo: names of responses."""

from __future__ import annotations

from bot.records.models import PhotoState

RECEIVED = "utter_photo_received"
UNREADABLE = "utter_photo_unreadable"
TOO_LARGE = "utter_photo_too_large"
LINES = (RECEIVED, UNREADABLE, TOO_LARGE)


def line(state: PhotoState, reason: str | None) -> str:
    """The response for a photo in this state; `reason` is that of a refusal."""
    if state != "refused":
        return RECEIVED
    return TOO_LARGE if reason in ("too_large", "too_many_pixels") else UNREADABLE
