"""Several texts within seconds are one: which messages of a conversation are read, and answered, together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.records.models import WAITING, Message

ANSWERED = 3
"""So many messages that have their answer may still be the beginning of what comes within seconds of them."""
SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")


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


def latest(messages: Sequence[Message], gap: timedelta, limit: int) -> list[tuple[Message, str]]:
    """The last of `messages` (oldest first) with those before it that came within `gap` of each other.

    With each the part of its text to be read together, at most `limit` characters in all before the last: whole while
    it waits for its answer. Of one that was answered the history has all but a last sentence without its end, which may
    go on in what follows: of that only this.
    """
    burst = [(message, message.text) for message in messages[-1:]]
    answered = 0
    for message in reversed(messages[:-1]):
        if abs(burst[0][0].received_at - message.received_at) > gap:
            break
        done = message.status not in WAITING
        answered += done
        text = _unfinished(message.text) if done else message.text
        limit -= len(text)
        if answered > ANSWERED or limit < 0 or (done and not text):
            break
        burst.insert(0, (message, text))
    return burst


def _unfinished(text: str) -> str:
    last = SENTENCE_END.split(text.strip())[-1]
    return "" if last.endswith((".", "?", "!")) else last


def joined(texts: Iterable[str]) -> str:
    """One text of several: a line each, so that "no" of one is not read into the next."""
    return "\n".join(text for text in texts if text.strip())
