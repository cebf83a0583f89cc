"""Each question carries what was understood of exactly the text the engine reads: then it reads nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from gateway_fakes import FakeEngine, FakeHander, House, a_photo

from bot.understanding.handed import Handed, plain


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("it fell out", "it fell out"),
        ("  /restart it fell out ", "restart it fell out"),
        ("EXTERNAL: hello", "hello"),
        ("/", "-"),
        ("Se me cayó el tornillo, ¿qué hago?", "Se me cayó el tornillo, ¿qué hago?"),
        ("one\r\ntwo\n\n three", "one\ntwo\n\n three"),
        ("pus " * 1500, ("pus " * 1000).strip()),
    ],
)
@pytest.mark.parametrize("with_photo", [False, True])
async def test_one_message(house: House, engine: FakeEngine, text: str, asked: str, with_photo: bool) -> None:
    also = a_photo if with_photo else None
    await house.services.way.receive(await house.open(), text, None, house.now, also)
    (body,) = engine.asked
    handed = Handed.from_dict(body["metadata"]["understanding"])
    assert body["text"] == plain(body["text"]) == handed.understanding.text == asked


async def test_a_burst_and_what_the_worker_answers_late(house: House, engine: FakeEngine) -> None:
    engine.stop()
    conversation = await house.open()
    way = house.services.way
    receipts = [await way.receive(conversation, text, None, house.now) for text in ("it is", "swollen")]
    engine.start()
    assert await way.answer(receipts[-1].message.id, house.now + timedelta(seconds=9))
    (body,) = engine.asked
    assert body["text"] == body["metadata"]["understanding"]["text"] == "it is\nswollen"


async def test_without_it_the_engine_is_asked_all_the_same(
    house: House, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Handed:
        raise RuntimeError

    monkeypatch.setattr(FakeHander, "hand", broken)
    receipt = await house.services.way.receive(await house.open(), "hello", None, house.now)
    assert [reply.text for reply in receipt.replies] == ["answer 1"]
    assert "understanding" not in engine.asked[0]["metadata"]


async def test_nothing_is_understood_twice(house: House, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    scan = house.services.way._look._scan
    understander = scan._understander
    understand = understander.understand
    monkeypatch.setattr(understander, "understand", lambda text, at: read.append(text) or understand(text, at))
    conversation = await house.open()
    for text in ("hello", "it fell out", "what now"):  # an hour apart: no burst
        await house.services.way.receive(conversation, text, None, house.now + timedelta(hours=len(read)))
    assert read == ["hello", "it fell out", "what now"]
    assert len(engine.asked) == 3
