"""What is counted while the process runs, for Prometheus. Labels are words of ours: never a patient's, never an id."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from bot.records.models import Channel

MESSAGES = Counter("assistant_messages", "Patients' messages stored", ["door"])
REPLIES = Counter("assistant_replies", "Replies stored", ["door"])
ANSWER = Histogram(
    "assistant_answer_seconds",
    "From a message's arrival to its replies, full or held",
    ["door"],
    buckets=(0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 4, 6, 10, 30, 60, 300, 1800),
)
ENGINE_AWAY = Counter("assistant_engine_away", "Questions to the engine without a usable answer in time", ["code"])
RATE_LIMITED = Counter("assistant_rate_limited", "Requests refused because of too many", ["limit"])


def stored(door: Channel) -> None:
    """A new message of a patient is in the records."""
    MESSAGES.labels(door).inc()


def replied(door: Channel, replies: int, seconds: float) -> None:
    """A patient's message got so many replies so long after it came."""
    REPLIES.labels(door).inc(replies)
    ANSWER.labels(door).observe(seconds)
