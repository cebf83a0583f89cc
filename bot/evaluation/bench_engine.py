"""The measuring half of `make bench`; runs in the engine's environment: `bench_engine STARTER OURS RESULT`.

The two agents parse the same messages in turn, in one process, so that whatever else the machine does meets both.
Times are the processor's (all threads) in milliseconds, medians of many.
"""

from __future__ import annotations

import asyncio
import json
import logging
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from bot import content
from bot.clinic import Clinic
from bot.triage.assess import Triage
from bot.triage.history import fold
from bot.triage.types import CaseHistory
from bot.understanding.embeddings import REMEMBERED, Encoder
from bot.understanding.pipeline import Understander

MESSAGES = Path(__file__).parent / "bench_messages.yml"
WARM_UP, ROUNDS, REPEATS, TURNS = 3, 25, 200, 20


async def parse(agents: dict[str, Agent], texts: Sequence[str]) -> dict[str, float]:
    """Median processor time in which each agent parses one of `texts`, and the median `_waited` for it (wall clock)."""
    spent: dict[str, list[float]] = {name: [] for name in agents}
    waited: dict[str, list[float]] = {name: [] for name in agents}
    for turn in range(WARM_UP + ROUNDS):
        for text in texts:
            for name, agent in agents.items():
                started, at = time.process_time(), time.perf_counter()
                await agent.parse_message(f"{text} {turn}")  # a sentence met before would be remembered
                if turn >= WARM_UP:
                    spent[name].append(time.process_time() - started)
                    waited[name].append(time.perf_counter() - at)
    found = {name: milliseconds(values) for name, values in spent.items()}
    return found | {f"{name}_waited": milliseconds(values) for name, values in waited.items()}


def milliseconds(seconds: Sequence[float]) -> float:
    """The median, in milliseconds."""
    return round(statistics.median(seconds) * 1000, 3)


def alone(works: Sequence[Callable[[], object]]) -> float:
    """Median milliseconds of the processor for one of `works`, tried in turn so that no cache serves them."""
    times: list[float] = []
    for turn in range(WARM_UP + max(1, REPEATS // len(works))):
        for work in works:
            started = time.process_time()
            work()
            if turn >= WARM_UP:
                times.append(time.process_time() - started)
    return milliseconds(times)


def talk(understander: Understander, texts: Sequence[str], start: datetime) -> CaseHistory:
    """A conversation of twenty turns."""
    history = CaseHistory()
    for turn in range(TURNS):
        at = start + timedelta(minutes=turn)
        history = fold(history, understander.understand(texts[turn % len(texts)], at), (), at)
    return history


def measure(starter: str, ours: str) -> dict[str, Any]:
    """All figures, as `results/bench/bench.json` holds them."""
    messages: dict[str, list[str]] = content.load(MESSAGES)
    short, long = messages["short"], messages["long"]
    agents = {"starter": Agent.load(starter), "ours": Agent.load(ours)}
    found: dict[str, Any] = {
        "parse": {kind: asyncio.run(parse(agents, texts)) for kind, texts in messages.items()},
        "words": {kind: round(statistics.mean(len(t.split()) for t in texts)) for kind, texts in messages.items()},
    }
    now = datetime.now(Clinic.load().timezone)
    understander, triage, encoder = Understander(), Triage(), Encoder()
    understander.warm()
    # more texts than any cache of the room keeps
    more = [*long, *(text.replace(", ", " and ", 1) for text in long), *(text.replace("I ", "we ", 1) for text in long)]
    found["understanding"] = {
        kind: alone([partial(understander.understand, text, now) for text in texts])
        for kind, texts in {"short": [*short, *(f"{text} please" for text in short)], "long": more}.items()
    }
    history = talk(understander, short + long, now)
    found["assessment"] = alone([lambda: triage.assess(replace(history))])
    found["embedding"] = alone(
        [partial(encoder.encode, [f"{text} {n}"]) for n in range(REMEMBERED + WARM_UP) for text in short[:1]]
    )
    return found


if __name__ == "__main__":
    configure_structlog(logging.WARNING)  # Rasa would otherwise write every message it parses
    Path(sys.argv[3]).write_text(json.dumps(measure(sys.argv[1], sys.argv[2])), encoding="utf-8")
