"""What is counted while the process runs, for Prometheus. Labels are words of ours: never a patient's, never an id."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

MESSAGES = Counter("assistant_messages", "Patients' messages stored", ["door"])
ANSWER = Histogram(
    "assistant_answer_seconds",
    "From a message's arrival to its safety line, its answer in full, or to being told to wait for it (held)",
    ["door", "kind"],
    buckets=(0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 4, 6, 10, 30, 60, 300, 1800),
)
ENGINE_AWAY = Counter("assistant_engine_away", "Turns without a usable answer of the engine in time", ["code"])
RATE_LIMITED = Counter("assistant_rate_limited", "Requests refused because of too many", ["limit"])
