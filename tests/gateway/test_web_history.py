"""What a patient sees of a conversation, takes home, and can have forgotten."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from gateway_fakes import FakeEngine, House
from sqlalchemy import inspect, select, text, update

from bot.gateway.web.texts import Texts
from bot.records import conversations
from bot.records.conversations import Draft
from bot.records.models import Base, Case, Conversation, Message, Photo

MESSAGES = "/api/conversation/messages"


@pytest.fixture
async def mine(web: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client with a conversation."""
    web.headers["authorization"] = f"Bearer {(await web.post('/api/conversations')).json()['token']}"
    return web


def house_of(web: httpx.AsyncClient) -> House:
    return web.house  # type: ignore[attr-defined,no-any-return]


def conversation_of(web: httpx.AsyncClient) -> uuid.UUID:
    token = web.headers["authorization"].partition(" ")[2]
    with house_of(web).services.database.read() as session:
        found = conversations.by_token(session, token)
        assert found is not None
        return found.id


async def say(web: httpx.AsyncClient, words: str) -> dict[str, Any]:
    response = await web.post(MESSAGES, json={"text": words})
    assert response.status_code == 200
    return dict(response.json())


def photo(conversation: uuid.UUID, message: uuid.UUID, at: datetime) -> Photo:
    return Photo(conversation_id=conversation, message_id=message, state="stored", next_at=at, created_at=at)


async def test_a_week_is_shown(mine: httpx.AsyncClient) -> None:
    services = house_of(mine).services
    old, young = await say(mine, "old"), await say(mine, "young")
    with services.database.write() as session:
        for message, days in ((old, 7.01), (young, 6.99)):
            at = services.now() - timedelta(days=days)
            where = Message.id == uuid.UUID(message["message_id"])
            session.execute(update(Message).where(where).values(received_at=at))
    talk = (await mine.get(MESSAGES)).json()["messages"]
    assert [m["text"] for m in talk if m["from"] == "patient"] == ["young"]
    with services.database.read() as session:
        assert session.get(Message, uuid.UUID(old["message_id"])) is not None  # the records keep it


async def test_a_photo_and_a_picture_are_shown(mine: httpx.AsyncClient) -> None:
    services, conversation = house_of(mine).services, conversation_of(mine)
    said = await say(mine, "see")
    now = services.now()
    with services.database.write() as session:
        message = uuid.UUID(said["message_id"])
        session.add(
            Photo(conversation_id=conversation, message_id=message, state="stored", next_at=now, created_at=now)
        )
        button = {"title": "A", "payload": "A", "picture": "crown"}
        draft = Draft("which?", (button,), "/parts/crown.svg")
        conversations.reply(session, conversation, [draft], now, None)
    talk = (await mine.get(MESSAGES)).json()["messages"]
    assert [m["photo"] for m in talk] == [None, {"state": "stored"}, None, None]
    assert (talk[3]["image"], talk[3]["buttons"]) == ("/parts/crown.svg", [button])
    assert all(m["at"].endswith("Z") for m in talk)


async def test_the_transcript(mine: httpx.AsyncClient) -> None:
    services, conversation = house_of(mine).services, conversation_of(mine)
    said = await say(mine, "¿se cayó?\n<b>sí</b> 😭")
    now = services.now()
    with services.database.write() as session:
        message = uuid.UUID(said["message_id"])
        session.add(
            Photo(conversation_id=conversation, message_id=message, state="stored", next_at=now, created_at=now)
        )
        conversations.reply(session, conversation, [Draft("come at 3")], now, None, by="staff")
    response = await mine.get("/api/conversation/transcript")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    days = {f"{at:%Y-%m-%d}" for at in (now, services.now())}  # two at midnight
    assert response.headers["content-disposition"] in {f'attachment; filename="chat-{day}.txt"' for day in days}
    parts = response.text.split("\n\n")
    head = parts[0].splitlines()
    assert head[0] == "Chat with Test Clinic & Partners, 555-010-0001"
    assert "911" in head[1]
    assert head[2].startswith(tuple(f"Saved on {day}" for day in days))
    assert head[2].endswith(("EST", "EDT"))
    lines = [part.splitlines() for part in parts[1:]]
    words = Texts.load().of("en")
    names = [words[key] for key in ("assistant", "you", "assistant", "staff")]
    assert [line[0].rpartition("  ")[2] for line in lines] == names
    assert lines[1][1:] == ["¿se cayó?", "<b>sí</b> 😭", "(a photo)"]
    assert lines[3][1:] == ["come at 3"]
    spanish = (await mine.get("/api/conversation/transcript", params={"lang": "es"})).text
    assert spanish.startswith("Chat con Test Clinic & Partners")
    assert "(una foto)" in spanish


async def test_a_deleted_conversation_is_gone(mine: httpx.AsyncClient, engine: FakeEngine) -> None:
    services = house_of(mine).services
    await say(mine, "my se-cret words")
    response = await mine.delete("/api/conversation")
    assert (response.status_code, response.content) == (204, b"")
    for method, path in (("GET", MESSAGES), ("GET", "/api/conversation/transcript"), ("DELETE", "/api/conversation")):
        assert (await mine.request(method, path)).status_code == 404
    with services.database.read() as session:
        for table in Base.metadata.sorted_tables:
            rows = session.execute(select(table)).all()
            left = {"audit": ["erased"], "seals": ["the right key opens this"]}.get(table.name, [])
            assert [row.action if table.name == "audit" else row.word for row in rows] == left, table.name
        assert set(inspect(session.connection()).get_table_names()) >= set(Base.metadata.tables)


async def test_an_open_case_outlives_it_without_a_word(mine: httpx.AsyncClient) -> None:
    services = house_of(mine).services
    await say(mine, "my se-cret lip is numb")
    await mine.delete("/api/conversation")
    with services.database.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.level, case.state, case.conversation_id, case.message_id) == ("hour", "open", None, None)
        assert [rule["rule"] for rule in case.rules] == ["R7"]
        rows = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
        assert session.scalars(select(Conversation)).all() == []
    assert "numb" not in "".join(rows)
    assert "se-cret" not in "".join(rows)


async def test_deleted_while_the_engine_thinks(mine: httpx.AsyncClient, engine: FakeEngine) -> None:
    """The answer that comes too late is nowhere."""
    engine.thinking = True
    sending = asyncio.create_task(mine.post(MESSAGES, json={"text": "my se-cret pus"}))
    while not engine.asked:
        await asyncio.sleep(0.01)
    assert (await mine.delete("/api/conversation")).status_code == 204
    engine.thinking = False
    assert (await sending).status_code in (200, 404)
    with house_of(mine).services.database.read() as session:
        assert session.scalars(select(Message)).all() == []
        found = session.execute(text("SELECT rules FROM cases")).all()
    assert "se-cret" not in str(found)


async def test_after_deleting_a_new_one_can_begin(mine: httpx.AsyncClient) -> None:
    await mine.delete("/api/conversation")
    token = (await mine.post("/api/conversations")).json()["token"]
    mine.headers["authorization"] = f"Bearer {token}"
    assert (await say(mine, "hello"))["replies"][0]["text"] == "answer 1"
