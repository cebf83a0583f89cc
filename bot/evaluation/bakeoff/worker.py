"""Runs in the engine's environment, a process of its own each time; RESULT is JSON. Times are the processor's.

`worker train CONFIG DATA MODEL RESULT` trains a pipeline, `worker parse MODEL TEXTS RESULT` loads it and parses texts.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.utils.log_utils import configure_structlog

WARM_UP = 10


def train(config: str, data: str, model: str, result: str) -> None:
    """Train into the archive `model`; the result holds `cpu_seconds`."""
    started = time.process_time()
    path = Path(model)
    train_nlu(config, data, str(path.parent), fixed_model_name=path.name.removesuffix(".tar.gz"))
    write(result, {"cpu_seconds": round(time.process_time() - started, 1)})


def parse(model: str, texts: str, result: str) -> None:
    """Parse a JSON list of texts: `resident_mb` once loaded, what was `said` of each text, and the `milliseconds`."""
    agent = Agent.load(model)
    lines = json.loads(Path(texts).read_text(encoding="utf-8"))
    said: list[dict[str, Any]] = []
    times: list[float] = []

    async def run() -> int | None:
        for line in lines[:WARM_UP]:
            await agent.parse_message(line)
        memory = resident_mb()
        for line in lines:
            started = time.process_time()
            parsed = await agent.parse_message(line)
            times.append(round((time.process_time() - started) * 1000, 2))
            said.append({key: parsed.get(key) for key in ("intent", "intents", "response_selector")})
        return memory

    memory = asyncio.run(run())
    write(result, {"resident_mb": memory, "said": said, "milliseconds": times})


def resident_mb() -> int | None:
    """Memory of this process; None where the system does not tell as Linux does."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def write(path: str, data: Mapping[str, Any]) -> None:
    """As JSON."""
    Path(path).write_text(json.dumps(data), encoding="utf-8")


if __name__ == "__main__":
    configure_structlog(logging.WARNING)  # Rasa would otherwise write every message it parses
    if sys.argv[1] == "train":
        train(*sys.argv[2:])
    else:
        parse(*sys.argv[2:])
