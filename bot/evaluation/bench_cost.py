"""`python -m bot.evaluation.bench_cost`: what a message costs each process, in a minute or two.

Time of the processor, unlike time that passes, is nearly the same on a machine that has other things to do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import content
from bot.evaluation.bench import made
from bot.evaluation.bench_systems import System, family, ours, starter
from bot.evaluation.bench_way import AT_ONCE, MESSAGES, Words, converse

TICKS = os.sysconf("SC_CLK_TCK")
CONVERSATIONS, TURNS = 18, 8
SYNC = re.compile(r"\bf(?:data)?sync\(")


def spent(system: System) -> dict[str, float]:
    """Seconds of the processor that each process of a system, with its children, has used up to now."""
    return {name: sum(map(_seconds, family(process.pid))) for name, process in system.parts.items()}


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def syncs(system: System, log: Path) -> Iterator[None]:
    """Count in `log` how often the gateway waits for the disk; needs strace."""
    pid = system.parts["gateway"].pid
    command = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", str(log), "-p", str(pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603 (our own command)
    time.sleep(1)
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait()


async def measure(system: System, words: Words, at_once: int) -> str:
    """One line: how fast, how many were held, and milliseconds of the processor a message for each process."""
    waited: list[float] = []
    left = iter([words.conversation(TURNS) for _ in range(CONVERSATIONS if at_once == 1 else 2 * at_once)])

    async def patient() -> None:
        for texts in left:
            talk = await system.begin()
            waited.extend(await converse(talk, texts))

    before, held, began = spent(system), await system.without_answer(), time.perf_counter()
    await asyncio.gather(*(patient() for _ in range(at_once)))
    passed, after = time.perf_counter() - began, spent(system)
    cost = {name: 1000 * (after[name] - before[name]) / len(waited) for name in after}
    each = ", ".join(f"{name} {value:.1f}" for name, value in cost.items())
    return (
        f"{system.name}, {at_once} at once: {len(waited)} messages, p50 {1000 * statistics.median(waited):.0f} ms, "
        f"{len(waited) / passed:.1f} a second, {await system.without_answer() - held} held; "
        f"processor {sum(cost.values()):.1f} ms a message ({each})"
    )


async def report(system: System, counted: Path | None) -> None:
    """Print the lines of one system."""
    messages: Mapping[str, list[str]] = content.load(MESSAGES)
    words = Words(messages["short"], messages["long"])
    await converse(await system.begin(), words.conversation(TURNS))
    for at_once in (1, AT_ONCE):
        print(await measure(system, words, at_once), flush=True)
    if counted:
        with syncs(system, counted):
            talk = await system.begin()
            await converse(talk, words.conversation(TURNS))
        print(f"syncs of the gateway a message: {len(SYNC.findall(counted.read_text())) / TURNS:.1f}")
    figures = {name: f"{value:.0f}" for name, value in system.memory().items()}
    print(f"memory in MB: {figures}", flush=True)
    await system.client.close()


def main() -> int:
    """Exit status 0."""
    arguments = argparse.ArgumentParser(description="What a message costs each process.")
    arguments.add_argument("--starter", action="store_true", help="the starter too")
    arguments.add_argument("--syncs", action="store_true", help="count waits for the disk with strace")
    arguments.add_argument("--out", type=Path, default=content.ROOT / "results" / "cost", help="folder for logs")
    asked = arguments.parse_args()
    out: Path = asked.out
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as records, (out / "bench.log").open("wb") as log:
        systems = [partial(starter, out, made(log))] if asked.starter else []
        for start in (*systems, partial(ours, out, Path(records))):
            with start() as system:
                counted = out / "syncs" if asked.syncs and system.name == "ours" else None
                asyncio.run(report(system, counted))
    return 0


if __name__ == "__main__":
    sys.exit(main())
