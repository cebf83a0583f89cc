"""The gateway's client of the engine: what goes wrong there and how it is told, whom it asks, what it keeps."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from gateway_fakes import FakeEngine, free_port

from bot.gateway.engine import Engine, EngineAway, Question
from bot.triage.types import CaseHistory

QUESTION = Question(uuid.uuid4(), uuid.uuid4(), "web", "my lip is numb", CaseHistory(), datetime.now(timezone.utc))
FULL = json.dumps({
    "messages": [{"text": "hello"}],
    "result": {"history": {"turns": 1}, "assessment": {"urgency": "info", "red_flags": []}, "intents": ["greet"]},
})  # fmt: skip


@pytest.fixture
async def asked(engine: FakeEngine) -> AsyncIterator[Engine]:
    client = Engine(engine.url)
    yield client
    await client.close()


@asynccontextmanager
async def answering(answer: str) -> AsyncIterator[tuple[Engine, list[int]]]:
    """A client of a server that says `answer` to whatever it hears and hangs up; how often it was reached."""
    reached: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.append(len(await reader.read(65_536)))
        writer.write(answer.encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1")
    client = Engine(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    async with server:
        yield client, reached
        await client.close()


def answer(body: str, status: str = "200 OK", length: int | None = None, more: str = "") -> str:
    return f"HTTP/1.1 {status}\r\ncontent-length: {length or len(body)}\r\n{more}\r\n{body}"


@pytest.mark.parametrize(
    ("said", "code", "reached"),
    [
        ("", "ServerDisconnectedError", False),
        ("ssh-2.0\r\n\r\n", "ClientResponseError", False),
        (answer(FULL, length=len(FULL) + 1), "ClientPayloadError", False),  # died in the middle of its answer
        (answer("{}", "503 Service Unavailable"), "http_503", True),
        (answer("", "307 Temporary Redirect", more="location: /\r\n"), "http_307", True),  # we go nowhere else
        (answer("<html>"), "garbage", True),
        (answer("[]"), "garbage", True),
        (answer(FULL.replace("hello", "")), "garbage", True),
        (answer(FULL.replace('"turns": 1', '"facts": [{}]')), "garbage", True),
        (answer(FULL.replace('"red_flags": []', '"red_flags": [{"rule": "R1"}]')), "garbage", True),
    ],
)
async def test_what_is_no_answer(said: str, code: str, reached: bool) -> None:
    async with answering(said) as (client, heard):
        with pytest.raises(EngineAway) as away:
            await client.ask(QUESTION, 2.0)
    assert (str(away.value), away.value.reached) == (code, reached)
    assert away.value.__cause__ is None  # it could quote the patient
    assert len(heard) == 1


async def test_an_answer() -> None:
    async with answering(answer(FULL)) as (client, _):
        reply = await client.ask(QUESTION, 2.0)
    assert ([draft.text for draft in reply.drafts], reply.history.turns, reply.intents) == (["hello"], 1, ("greet",))


async def test_nobody_listens() -> None:
    client = Engine(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(EngineAway, match="ClientConnectorError") as away:
        await client.ask(QUESTION, 2.0)
    assert not away.value.reached
    assert not await client.reachable(1.0)
    await client.close()


async def test_too_late(asked: Engine, engine: FakeEngine) -> None:
    engine.delay = 0.5
    with pytest.raises(EngineAway, match="timeout") as away:
        await asked.ask(QUESTION, 0.1)
    assert away.value.reached
    engine.delay = 0.0
    assert (await asked.ask(replace(QUESTION, text="and now?"), 2.0)).drafts[0].text == "answer 1"  # not the late one
    assert [body["text"] for body in engine.asked] == [QUESTION.text, "and now?"]


async def test_an_engine_that_was_started_again(asked: Engine, engine: FakeEngine) -> None:
    assert await asked.reachable(1.0)
    await asyncio.gather(*(asked.ask(QUESTION, 2.0) for _ in range(3)))
    await asyncio.to_thread(engine.stop)
    await asyncio.to_thread(engine.start)
    assert len([await asked.ask(QUESTION, 2.0) for _ in range(3)]) == 3  # the connections it kept were of the old one


async def test_a_proxy_of_the_environment_hears_nothing(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    client = Engine(engine.url)
    assert (await client.ask(QUESTION, 2.0)).drafts
    assert await client.reachable(1.0)
    await client.close()
