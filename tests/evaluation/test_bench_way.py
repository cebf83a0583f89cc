"""The bench of the whole way: what it counts, in which order it asks, what it calls memory, what it calls missed."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.content import ROOT
from bot.evaluation.bench_report import missed, picture, table
from bot.evaluation.bench_systems import System, commands, resident, used
from bot.evaluation.bench_way import AT_ONCE, Amount, Words, latency, throughput, turns

SMALL = Amount(conversations=3, turns=4, rounds=2, at_once_turns=2, long=2, long_turns=5)
SHORT, LONG = ["it wobbles", "is that usual?"], ["It fell out. I have it here, 4.5 mm long! What now?"]


class Fake:
    """A system that answers after `seconds`, and a `turn` more for each turn before; `log` has what was said."""

    def __init__(self, name: str, log: list[tuple[str, int, int, str]], seconds: float, turn: float = 0.0) -> None:
        self.name, self.log, self.seconds, self.turn = name, log, seconds, turn
        self.begun = self.busy = self.most = 0

    async def begin(self) -> FakeTalk:
        self.begun += 1
        return FakeTalk(self, self.begun)


class FakeTalk:
    def __init__(self, system: Fake, number: int) -> None:
        self.system, self.number, self.turns = system, number, 0

    async def say(self, text: str) -> None:
        system = self.system
        system.log.append((system.name, self.number, self.turns, text))
        system.busy += 1
        system.most = max(system.most, system.busy)
        await asyncio.sleep(system.seconds + system.turn * self.turns)
        system.busy -= 1
        self.turns += 1


def words() -> Words:
    return Words(SHORT, LONG)


def test_both_hear_the_same_in_turn_and_the_slower_is_told_apart() -> None:
    log: list[tuple[str, int, int, str]] = []
    found = asyncio.run(
        latency({"starter": Fake("starter", log, 0.03), "ours": Fake("ours", log, 0.01)}, words(), SMALL)
    )
    assert found["starter"]["p50_ms"] >= 30
    assert 10 <= found["ours"]["p50_ms"] < found["starter"]["p50_ms"]
    assert found["ours"]["p95_ms"] >= found["ours"]["p50_ms"]
    assert found["ours"]["messages_per_s_1"] > found["starter"]["messages_per_s_1"]
    assert len(log) == 2 * SMALL.conversations * SMALL.turns
    pairs = list(zip(log[::2], log[1::2]))
    assert all(one[0] != other[0] and one[1:] == other[1:] for one, other in pairs)
    assert {one[0] for one, _ in pairs} == {"starter", "ours"}, "always the same one first"


def test_sixteen_are_asked_at_once() -> None:
    slow, fast = Fake("starter", [], 0.04), Fake("ours", [], 0.02)
    found = asyncio.run(throughput({"starter": slow, "ours": fast}, words(), SMALL))
    assert slow.most == fast.most == AT_ONCE
    assert slow.begun == AT_ONCE * SMALL.rounds, "sixteen different conversations"
    assert found["ours"]["messages_per_s_16"] > 1.3 * found["starter"]["messages_per_s_16"]
    assert found["starter"]["messages_per_s_16"] <= AT_ONCE / 0.04


def test_a_late_turn_is_seen_to_be_slower() -> None:
    log: list[tuple[str, int, int, str]] = []
    systems = {"starter": Fake("starter", [], 0.01), "ours": Fake("ours", log, 0.01, turn=0.02)}
    found = asyncio.run(turns(systems, words(), SMALL))
    assert found["ours"]["turn5_ms"] >= found["ours"]["turn1_ms"] + 40
    assert found["starter"]["turn5_ms"] < found["ours"]["turn5_ms"]
    first = [each for each in log if each[2] == 0]
    last = [each for each in log if each[2] == SMALL.long_turns - 1]
    assert [each[3] for each in first] == [each[3] for each in last], "other words take another time"


def test_no_sentence_is_said_twice() -> None:
    speaks = words()
    said = [text for _ in range(20) for text in speaks.conversation(6)]
    sentences = [sentence for text in said for sentence in re.split(r"(?<=[.?!])\s", text)]
    assert len(sentences) == len(set(sentences))
    assert said[0].startswith("It fell out, ")
    assert "4.5 mm long, " in said[0], "a number is not a sentence's end"
    assert re.fullmatch(r"it wobbles, [A-Z][a-z]+\.", said[1])


SMAPS = """\
7f00-7f10 r-xp 00000000 fe:00 123                        /lib/big library.so
Size:                400 kB
Rss:                 300 kB
Pss:                 100 kB
Anonymous:             0 kB
7f10-7f20 rw-p 00100000 fe:00 123                        /lib/big library.so
Rss:                  20 kB
Anonymous:            12 kB
7f20-7f30 rw-p 00000000 00:00 0
Rss:                1000 kB
Anonymous:          1000 kB
7f30-7f40 rw-p 00000000 00:00 0                          [heap]
Rss:                 500 kB
Anonymous:           500 kB
"""


def test_memory_of_a_process_by_file() -> None:
    assert resident(SMAPS) == {"": 1512, "/lib/big library.so": 308}


@pytest.mark.parametrize(
    ("tables", "megabytes"),
    [
        ([{"": 1024, "/a": 2048}], 3.0),
        ([{"": 1024, "/a": 2048}, {"": 1024, "/a": 1024}], 4.0),
        ([{"": 1024, "/a": 2048}, {"": 1024, "/b": 1024}], 5.0),
        ([], 0.0),
    ],
)
def test_a_shared_file_counts_once(tables: list[dict[str, int]], megabytes: float) -> None:
    assert used(tables) == megabytes


def test_ours_are_the_processes_of_the_procfile() -> None:
    found = commands((ROOT / "Procfile").read_text(encoding="utf-8"))
    assert next(name for name, _ in found) == "engine", "the bench waits for the first, the slowest to start"
    assert {name for name, _ in found} == {"engine", "actions", "gateway", "gateway2", "worker"}
    assert all(command and not command.startswith(":") for _, command in found)


GOOD = {
    "p50_ms": 50.0,
    "p95_ms": 90.0,
    "messages_per_s_1": 20.0,
    "messages_per_s_16": 30.0,
    "rss_mb": 900.0,
    "rss_sum_mb": 1000.0,
    "start_s": 20.0,
    "turn1_ms": 50.0,
    "turn100_ms": 55.0,
    "without_answer": 0,
}
PARTS = {
    "parse": {"short": {"starter": 9.0, "ours": 8.0}, "long": {"starter": 20.0, "ours": 60.0}},
    "words": {"short": 12, "long": 128},
    "understanding": {"short": 1.0, "long": 7.0},
    "assessment": 0.9,
    "embedding": 1.5,
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"messages_per_s_16": 60.0}, []),
        ({"messages_per_s_16": 59.9}, ["messages_per_s_16"]),
        ({"messages_per_s_16": 60.0, "p50_ms": 50.1}, ["p50_ms"]),
        ({"messages_per_s_16": 60.0, "rss_mb": 901.0}, ["rss_mb"]),
        ({"messages_per_s_16": 60.0, "turn100_ms": 65.1}, ["turn100_ms"]),
        ({"messages_per_s_16": 60.0, "without_answer": 1}, ["without_answer"]),
    ],
)
def test_what_is_missed_is_said(change: dict[str, float], expected: list[str], tmp_path: Path) -> None:
    found = {"starter": GOOD, "ours": GOOD | change, **PARTS}
    assert missed(found) == expected
    text = table(found)
    assert text.count("**missed**") == len(expected)
    assert f"| messages a second, sixteen patients at once | 30.0 | {change['messages_per_s_16']:.1f} |" in text
    assert "| parse, 128 words | 20.0 ms | 60.0 ms | ratio 3.00, at most 1.0 |" in text
    picture(found, tmp_path / "bench.png")
    assert (tmp_path / "bench.png").read_bytes().startswith(b"\x89PNG")


AWAY = """# HELP assistant_engine_away_total Messages
assistant_engine_away_total{reason="timeout"} 2.0
assistant_engine_away_total{reason="paused"} 1.0
assistant_engine_away_created{reason="paused"} 1.7e+09
"""


@pytest.mark.parametrize(
    ("name", "path", "key", "away"),
    [("ours", "/api/conversation/messages", "text", 3), ("starter", "/webhooks/rest/webhook", "message", 0)],
)
async def test_patients_are_heard_and_those_who_are_refused_count_as_a_failure(
    name: str, path: str, key: str, away: int
) -> None:
    heard: list[tuple[str | None, str]] = []

    async def hear(request: web.Request) -> web.Response:
        text = (await request.json())[key]
        if "no" in text:
            raise web.HTTPTooManyRequests
        heard.append((request.headers.get("authorization"), text))
        return web.json_response([])

    async def begin(_: web.Request) -> web.Response:
        return web.json_response({"token": "secret"})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(text=AWAY)

    app = web.Application()
    app.add_routes([web.post(path, hear), web.post("/api/conversations", begin), web.get("/metrics", metrics)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    system = System(name, f"http://127.0.0.1:{runner.addresses[0][1]}", {})
    talk = await system.begin()
    await talk.say("it wobbles")
    with pytest.raises(aiohttp.ClientResponseError):
        await talk.say("no")
    assert heard == [("Bearer secret" if name == "ours" else None, "it wobbles")]
    assert await system.without_answer() == away
    await system.client.close()
    await runner.cleanup()
