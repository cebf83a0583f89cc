"""Several texts within seconds are one: which messages of a conversation are read, and answered, together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.records.models import Message


def together(waiting: Sequence[Message], gap: timedelta, limit: int) -> list[Message]:
    """The first of `waiting` (oldest first) with those that came within `gap` of each other and fit into `limit`.

    What the engine has failed at once goes alone: if it was one of several, the others must not fail with it.
    """
    burst = list(waiting[:1])
    length = sum(len(message.text) for message in burst)
    for message in waiting[1:]:
        length += 1 + len(message.text)
        if (
            abs(message.received_at - burst[-1].received_at) > gap
            or length > limit
            or message.attempts
            or burst[0].attempts
        ):
            break
        burst.append(message)
    return burst


def latest(messages: Sequence[Message], gap: timedelta) -> list[Message]:
    """The last of `messages` (oldest first) with those before it that came within `gap` of each other."""
    burst = list(messages[-1:])
    for message in reversed(messages[:-1]):
        if abs(burst[0].received_at - message.received_at) > gap:
            break
        burst.insert(0, message)
    return burst


def joined(texts: Iterable[str]) -> str:
    """One text of several: a line each, so that "no" of one is not read into the next."""
    return "\n".join(text for text in texts if text.strip())
