"""How fast the whole way of a message is, beside the starter's: latency, throughput, long conversations, memory.

The two systems run side by side and are asked in turn, so that whatever else the machine does meets both.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from bot import content
from bot.evaluation.bench_systems import System, Talk, ours, starter

MESSAGES = Path(__file__).parent / "bench_messages.yml"
AT_ONCE = 16
SYLLABLES = [f"{first}{vowel}" for first in "bdfklmnprstv" for vowel in "aeiou"]
SENTENCE_END = re.compile(r"(?=[.?!](?:\s|$))")


class Speaks(Protocol):
    """What is measured: `bench_systems.System`."""

    async def begin(self) -> Talk:
        """A new conversation."""


@dataclass(frozen=True)
class Amount:
    """How much is measured: conversations of eight turns, rounds of sixteen at once, conversations of 100 turns."""

    conversations: int = 24
    turns: int = 8
    rounds: int = 4
    at_once_turns: int = 6
    long: int = 6
    long_turns: int = 100


class Words:
    """What patients say: a long first message, then short ones, no sentence of them twice."""

    def __init__(self, short: Sequence[str], long: Sequence[str]) -> None:
        self._short, self._long = itertools.cycle(short), itertools.cycle(long)
        self._names = ("".join(name).capitalize() for name in itertools.product(SYLLABLES, repeat=3))

    def conversation(self, turns: int) -> list[str]:
        """The messages of one patient."""
        return [self.fresh(next(self._short if turn else self._long)) for turn in range(turns)]

    def fresh(self, text: str) -> str:
        """`text` with a name at the end of each sentence that was never said: nothing remembered serves it."""
        whole = text if text[-1] in ".?!" else f"{text}."
        return SENTENCE_END.sub(f", {next(self._names)}", whole)


def measure(logs: Path, records: Path, model: Path, amount: Amount) -> dict[str, dict[str, float]]:
    """All figures of `ours`, with its records in `records`, and of the starter. Raises StartError, or as `say`."""
    return asyncio.run(_measure(logs, records, model, amount))


async def _measure(logs: Path, records: Path, model: Path, amount: Amount) -> dict[str, dict[str, float]]:
    messages: dict[str, list[str]] = content.load(MESSAGES)
    words = Words(messages["short"], messages["long"])
    systems: dict[str, System] = {}
    found: dict[str, dict[str, float]] = {}
    with ExitStack() as stack:
        for start in (partial(starter, logs, model), partial(ours, logs, records)):
            began = time.monotonic()
            system = stack.enter_context(start())
            systems[system.name] = system
            await (await system.begin()).say(words.conversation(2)[1])
            found[system.name] = {"start_s": round(time.monotonic() - began, 1)}
        await _alternate(systems, lambda: words.conversation(amount.turns), 2)  # the first ones warm up
        for figures in (latency, throughput, turns):
            for name, values in (await figures(systems, words, amount)).items():
                found[name] |= values
        for name, system in systems.items():
            found[name] |= system.memory() | {"without_answer": await system.without_answer()}
            await system.client.close()
    return found


async def latency(systems: Mapping[str, Speaks], words: Words, amount: Amount) -> dict[str, dict[str, float]]:
    """One patient at a time, in turn with each system."""
    waited = await _alternate(systems, lambda: words.conversation(amount.turns), amount.conversations)
    return {
        name: {
            "p50_ms": _milliseconds(statistics.median(flat)),
            "p95_ms": _milliseconds(statistics.quantiles(flat, n=20, method="inclusive")[-1]),
            "messages_per_s_1": round(len(flat) / sum(flat), 2),
        }
        for name, flat in ((name, list(itertools.chain(*times))) for name, times in waited.items())
    }


async def turns(systems: Mapping[str, Speaks], words: Words, amount: Amount) -> dict[str, dict[str, float]]:
    """The last turn of long conversations beside their first: medians; both turns say the same."""

    def conversation() -> list[str]:
        short = words.conversation(amount.long_turns)[1:]
        return [*short, short[0]]

    waited = await _alternate(systems, conversation, amount.long)
    last = f"turn{amount.long_turns}_ms"
    return {
        name: {
            "turn1_ms": _milliseconds(statistics.median(times[0] for times in each)),
            last: _milliseconds(statistics.median(times[-1] for times in each)),
        }
        for name, each in waited.items()
    }


async def throughput(systems: Mapping[str, Speaks], words: Words, amount: Amount) -> dict[str, dict[str, float]]:
    """Sixteen patients at once, each of whom writes as soon as the answer is there; each system in turn, by rounds."""
    spent = dict.fromkeys(systems, 0.0)
    for _ in range(amount.rounds):
        said = [words.conversation(amount.at_once_turns) for _ in range(AT_ONCE)]
        for name, system in systems.items():
            talks = [await system.begin() for _ in said]
            began = time.perf_counter()
            await asyncio.gather(*(converse(talk, each) for talk, each in zip(talks, said)))
            spent[name] += time.perf_counter() - began
    count = amount.rounds * AT_ONCE * amount.at_once_turns
    return {name: {f"messages_per_s_{AT_ONCE}": round(count / seconds, 2)} for name, seconds in spent.items()}


async def _alternate(
    systems: Mapping[str, Speaks], conversation: Callable[[], list[str]], count: int
) -> dict[str, list[list[float]]]:
    """Seconds each message of `count` conversations took, message by message in turn, the first system changing."""
    waited: dict[str, list[list[float]]] = {name: [] for name in systems}
    for number in range(count):
        order = list(systems) if number % 2 else list(reversed(list(systems)))
        talks = {name: await systems[name].begin() for name in order}
        for name in order:
            waited[name].append([])
        for text in conversation():
            for name in order:
                waited[name][-1].append(await _timed(talks[name].say(text)))
    return waited


async def _timed(work: Awaitable[None]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def converse(talk: Talk, texts: Sequence[str]) -> list[float]:
    """Say one text after the other; how many seconds each answer took."""
    return [await _timed(talk.say(text)) for text in texts]


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
