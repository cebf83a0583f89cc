"""Which of a conversation's unsent texts goes next: an emergency's before all others, then as they were said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.clinic import Clinic
from bot.records.models import Message
from bot.records.texts import Text

LATE = timedelta(minutes=15)
"""An answer that comes this long after the question is like a text nobody asked for."""


def is_emergency(message: Message | None) -> bool:
    """Whether a patient's message belongs to an emergency."""
    return message is not None and (message.assessment or {}).get("urgency") == "emergency"


def urgent(text: Text) -> bool:
    """Whether a text answers an emergency."""
    return is_emergency(text.answers)


def head(texts: Sequence[Text]) -> Text | None:
    """The text to send next. `texts` are unsent, in the order they were said."""
    return next((text for text in texts if urgent(text)), texts[0] if texts else None)


def may_go(text: Text, texts: Sequence[Text], waiting: Sequence[Message], now: datetime) -> bool:
    """Whether `text` can be sent at `now`: it is due, alone on its way, and no emergency's line is yet to come.

    An emergency's text waits only for itself. `waiting` are the patient's messages without an answer.
    """
    if text.delivery.next_at > now:
        return False
    if urgent(text):
        return True
    under_way = any(other.delivery.state == "sending" and other.delivery.next_at > now for other in texts)
    return not under_way and not any(message.status == "received" and is_emergency(message) for message in waiting)


def unwanted(text: Text) -> bool:
    """Whether the patient wanted no more texts before this one was said."""
    opted_out_at = text.conversation.opted_out_at
    return opted_out_at is not None and text.message.received_at > opted_out_at


def quiet(texts: Sequence[Text], clinic: Clinic, now: datetime) -> bool:
    """Whether it is night and all there is to send are late answers without a red flag: they wait for the morning.

    A patient who writes at night gets the answer at night, and with it what waited.
    """
    return clinic.in_quiet_hours(now) and all(map(partial(_late, now), texts))


def _late(now: datetime, text: Text) -> bool:
    asked = text.answers
    if asked is None or text.message.direction != "assistant" or (asked.assessment or {}).get("red_flags"):
        return False
    return now - asked.received_at > LATE
