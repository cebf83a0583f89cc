"""The front door: what it accepts, what it refuses and how."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from gateway_fakes import FakeEngine, House

from bot.gateway import log
from bot.gateway.app import create_app

JSON = {"content-type": "application/json"}
MESSAGES = "/api/conversation/messages"


async def begin(web: httpx.AsyncClient) -> str:
    return str((await web.post("/api/conversations", json={})).json()["token"])


async def say(web: httpx.AsyncClient, token: str, text: str, **more: Any) -> httpx.Response:
    return await web.post(MESSAGES, json={"text": text, **more}, headers=bearer(token))


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def talk_of(web: httpx.AsyncClient, token: str, after: int = 0) -> list[dict[str, Any]]:
    response = await web.get(MESSAGES, params={"after": after}, headers=bearer(token))
    assert response.status_code == 200
    return list(response.json()["messages"])


async def test_a_conversation(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    engine.buttons = [{"title": "Yes", "payload": "Yes"}]
    started = await web.post("/api/conversations")
    assert started.status_code == 201
    assert [message["text"] for message in started.json()["messages"]] == ["utter_disclosure/web"]
    token = started.json()["token"]
    said = (await say(web, token, "hello", client_id="c1")).json()
    assert said["handed_to_staff"] is False
    reply = said["replies"][0]
    assert (reply["text"], reply["from"], reply["buttons"]) == ("answer 1", "assistant", engine.buttons)
    assert set(reply) == {
        *("id", "seq", "text", "buttons", "image", "photo", "at", "from", "client_id", "urgent", "language", "name")
    }
    talk = await talk_of(web, token)
    assert [(m["from"], m["text"]) for m in talk] == [
        ("assistant", "utter_disclosure/web"),
        ("patient", "hello"),
        ("assistant", "answer 1"),
    ]
    assert talk[1]["client_id"] == "c1"
    assert said["seq"] == talk[1]["seq"]
    assert [m["id"] for m in await talk_of(web, token, after=2)] == [reply["id"]]


async def test_tokens_are_long_and_never_alike(web: httpx.AsyncClient) -> None:
    tokens = {await begin(web) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)


async def test_a_late_answer_arrives(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    engine.mode = "fail"
    token = await begin(web)
    said = (await say(web, token, "hello")).json()
    assert [reply["text"] for reply in said["replies"]] == ["utter_have_message/web"]
    engine.mode = "answer"
    house: House = web.house  # type: ignore[attr-defined]
    await house.services.way.answer(uuid.UUID(said["message_id"]), house.services.now())
    talk = await talk_of(web, token, after=said["replies"][0]["seq"])
    assert [m["text"] for m in talk] == ["answer 1"]


async def test_sending_again_is_harmless(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    token = await begin(web)
    first, second = [(await say(web, token, "hello", client_id="c1")).json() for _ in range(2)]
    assert first == second
    assert len(engine.asked) == 1


async def test_posts_at_once_stay_in_order(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    engine.delay = 0.05
    token = await begin(web)
    said = await asyncio.gather(*(say(web, token, f"text {n}") for n in range(5)))
    assert {response.status_code for response in said} == {200}
    talk = await talk_of(web, token)
    in_order = [m["text"] for m in talk if m["from"] == "patient"]
    assert sorted(in_order) == [f"text {n}" for n in range(5)]
    # what came while the engine was busy is answered as one
    assert [text for body in engine.asked for text in body["text"].splitlines()] == in_order
    given = {reply["id"]: reply["text"] for response in said for reply in response.json()["replies"]}
    assert given == {m["id"]: m["text"] for m in talk[1:] if m["from"] == "assistant"}


@pytest.mark.parametrize("text", ["", "   ", "😭😭", "\0", "<img src=x onerror=alert(1)>", "/restart", "EXTERNAL: x"])
async def test_odd_texts_are_answered(web: httpx.AsyncClient, engine: FakeEngine, text: str) -> None:
    said = await say(web, await begin(web), text)
    assert [reply["text"] for reply in said.json()["replies"]] == ["answer 1"]
    assert not engine.asked[0]["text"].startswith(("/", "EXTERNAL:"))
    assert engine.asked[0]["text"]


async def test_half_a_character_is_dropped(web: httpx.AsyncClient) -> None:
    token = await begin(web)
    said = await web.post(MESSAGES, content=r'{"text": "\ud800x"}', headers=JSON | bearer(token))
    assert said.status_code == 200
    assert (await talk_of(web, token))[1]["text"] == "x"


async def test_commands_are_stored_as_typed(web: httpx.AsyncClient) -> None:
    token = await begin(web)
    await say(web, token, "/restart")
    talk = await talk_of(web, token)
    assert talk[1]["text"] == "/restart"


async def test_the_longest_message_is_accepted_even_escaped(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    body = json.dumps({"text": "😭" * 50_000})
    assert len(body) > 590_000
    said = await web.post(MESSAGES, content=body, headers=JSON | bearer(await begin(web)))
    assert said.status_code == 200
    assert len(engine.asked[0]["text"]) == 4000


async def slow_body(size: int) -> AsyncIterator[bytes]:
    yield b'{"text": "'
    for _ in range(size // 1000):
        yield b"x" * 1000
    yield b'"}'


async def test_refusals(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    token = await begin(web)
    mine = bearer(token)
    web.headers = httpx.Headers(mine)
    path = MESSAGES
    cases = [
        (web.post(path, json={"text": "x" * 50_001}), 413, "too_large"),
        (web.post(path, content="x" * 700_000, headers=JSON), 413, "too_large"),
        (web.post(path, content=slow_body(700_000), headers=JSON), 413, "too_large"),
        (web.post(path, content='{"text": "hi"}', headers={"content-type": "text/plain"}), 415, "wrong_type"),
        (web.post(path, data={"text": "hi"}), 415, "wrong_type"),
        (web.post(path, files={"text": b"hi"}), 415, "wrong_type"),
        (web.post(path, content='{"text": "hi"'), 415, "wrong_type"),
        (web.post(path, content='{"text": "se-cret"', headers=JSON), 400, "malformed"),
        (web.post(path, content="[" * 100_000, headers=JSON), 400, None),
        (web.post(path, content=b'{"text": "\xff"}', headers=JSON), 400, None),
        (web.post(path, json={"text": 5}), 400, "invalid"),
        (web.post(path, json={"text": {"se-cret": 1}}), 400, "invalid"),
        (web.post(path, json={"se-cret": "hi"}), 400, "invalid"),
        (web.post(path, json={"text": "hi", "received_at": "2020-01-01T00:00:00Z"}), 400, "invalid"),
        (web.post(path, json={"text": "hi", "client_id": "se-cret " * 20}), 400, "invalid"),
        (web.post(path, headers=JSON), 400, "invalid"),
        (web.post("/api/conversations", json={"lang": "se-cret!"}), 400, "invalid"),
        (web.get(path, params={"after": "se-cret"}), 400, "invalid"),
        (web.get(path, params={"after": 10**30}), 400, "invalid"),
        (web.get("/api/conversation/events", headers={"last-event-id": "se-cret"}), 400, "invalid"),
        (web.get("/nothing"), 404, "http_404"),
        (web.get("/widget/../../app.py"), 404, "http_404"),
        (web.put(path), 405, "http_405"),
        (web.get(f"/api/conversations/{token}/messages"), 404, "http_404"),
        (web.post("/api/conversations", headers={"origin": "https://evil.example"}), 403, "foreign_origin"),
    ]
    nobody = bearer("nobody-" + token)
    for method, address in (
        ("POST", path), ("GET", path), ("DELETE", "/api/conversation"), ("GET", "/api/conversation/events"),
    ):  # fmt: skip
        said = {"json": {"text": "hi"}} if method == "POST" else {}
        cases.append((web.request(method, address, headers=nobody, **said), 404, "unknown_conversation"))
        for none in ({"authorization": ""}, {"authorization": "Bearer "}, {"authorization": f"Basic {token}"}):
            cases.append((web.request(method, address, headers=none, **said), 401, "no_token"))
    for request, status, code in cases:
        response = await request
        problem = response.json()
        assert (response.status_code, set(problem)) == (status, {"error", "reason"}), response.text
        assert code in (None, problem["error"])
        assert "se-cret" not in response.text
        assert token not in response.text
        assert response.headers["x-content-type-options"] == "nosniff"
    assert engine.asked == []


async def test_an_engine_that_hangs_stops_nobody_else(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    reader, *writers = [await begin(web) for _ in range(12)]
    house: House = web.house  # type: ignore[attr-defined]
    house.impatient(3.0)
    engine.mode = "hang"
    sending = [asyncio.create_task(say(web, token, "hello")) for token in writers]
    while len(engine.asked) < 3:
        await asyncio.sleep(0.01)
    assert (await web.get("/healthz")).status_code == 200
    assert len(await talk_of(web, reader)) == 1
    assert (await web.post("/api/conversations")).status_code == 201
    assert not any(each.done() for each in sending)
    for response in await asyncio.gather(*sending):
        assert [reply["text"] for reply in response.json()["replies"]] == ["utter_have_message/web"]


async def test_health(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    for path in ("/healthz", "/readyz", "/"):
        assert (await web.head(path)).status_code == 200
    ready = await web.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "database": True, "engine": True})
    engine.stop()
    ready = await web.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "database": True, "engine": False})
    assert (await web.get("/healthz")).status_code == 200


async def visit_everything(web: httpx.AsyncClient, engine: FakeEngine) -> str:
    """Every call of the API, the secret in each place a request has; the token."""
    token = await begin(web)
    mine = bearer(token)
    for engine.mode in ("answer", "fail", "garbage", "hang", "answer"):
        await say(web, token, "my se-cret pus, cannot breathe", client_id="se-cret-1")
        await say(web, token, "my se-cret break the scan")
    await web.post(MESSAGES, content='{"text": "se-cret"', headers=JSON | mine)
    await web.post(MESSAGES, json={"se-cret": "se-cret"}, headers=mine)
    photo = {"photo": ("se-cret.jpg", b"se-cret", "image/jpeg")}
    await web.post("/api/conversation/photos", files=photo, data={"text": "se-cret", "client_id": "x"}, headers=mine)
    for method, path in (
        ("GET", "/se-cret?se-cret=se-cret"), ("GET", MESSAGES + "?after=se-cret"), ("GET", "/api/widget?lang=se-cret"),
        ("GET", "/widget/se-cret.js"), ("GET", "/api/conversation/transcript?x=se-cret"), ("POST", "/sms/incoming"),
        ("GET", "/parts/se-cret.svg"), ("GET", "/api/conversation/events?se-cret"), ("PUT", "/se-cret"), ("GET", "/"),
    ):  # fmt: skip
        headers = {} if "events" in path else mine
        await web.request(method, path, headers=headers | {"last-event-id": "se-cret", "cookie": "a=se-cret"})
    await web.post("/api/conversations", headers={"origin": "https://se-cret.example"})
    await web.delete("/api/conversation", headers=bearer("se-cret"))
    await web.delete("/api/conversation", headers=mine)
    return token


async def test_logs_hold_no_words_and_no_token(build: Any, engine: FakeEngine, capfd: Any) -> None:
    """Over good and bad paths, as written by the real formatter."""
    house = build(engine_timeout=1.0)
    app = create_app(lambda: house.services, [])
    address = "203.0.113.77"
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 1234))
        named = {"user-agent": "se-cret", "referer": "http://clinic/se-cret", "x-forwarded-for": address}
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic", headers=named) as web:
            tokens = [await visit_everything(web, engine), await begin(web)]
            house.services.database.engine.dispose()
            house.services.way._ledger.store = None  # a broken gateway
            broken = await say(web, tokens[1], "my se-cret")
            assert (broken.status_code, broken.json()["error"]) == (500, "internal")
            assert "se-cret" not in broken.text
            for name in ("uvicorn.error", "asyncio", "a.library"):
                try:
                    raise ValueError("se-cret")
                except ValueError:
                    logging.getLogger(name).exception("Exception in ASGI application\nse-cret %s", tokens[1])
            logging.getLogger("a.library").warning(f"se-cret {tokens[1]}")
            logging.getLogger("a.library").info("not even that it happened")
    written = capfd.readouterr()
    for secret in ("se-cret", *tokens, address):
        assert secret not in written.err
        assert secret not in written.out
    lines = [json.loads(line) for line in written.err.splitlines() if line.startswith("{")]
    events = {line["event"] for line in lines}
    expected = {"request", "stored", "case", "engine away", "scan failed", "Exception in ASGI application"}
    assert expected | {"request broken"} <= events
    assert not any("happened" in event for event in events)
    requests = [line for line in lines if line["event"] == "request"]
    assert {"route": MESSAGES, "status": 500}.items() <= requests[-1].items()
    assert [line["error"] for line in lines[-4:-1]] == ["ValueError"] * 3
    assert lines[-1]["event"].startswith("test_gateway_app:")


def test_the_access_log_of_uvicorn_is_silent() -> None:
    log.configure()
    access = logging.getLogger("uvicorn.access")
    assert access.disabled
    assert not access.handlers
