"""/metrics: who may read it, and that it tells what a person on call must know."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway_fakes import Build, FakeEngine, House
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from bot.content import ROOT
from bot.gateway.app import create_app
from bot.records.models import Case, Contact, Delivery, Message

MESSAGES = "/api/conversation/messages"
Visit = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def visit(build: Build) -> AsyncIterator[Visit]:
    """A client of one app, by default on this machine."""
    house = build(metrics_token="for-prometheus")
    app = create_app(lambda: house.services, house.services.clinic.website_origins)
    async with app.router.lifespan_context(app):

        def client(address: str = "127.0.0.1", **headers: str) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app=app, client=(address, 1234))
            web = httpx.AsyncClient(transport=transport, base_url="http://clinic", headers=headers)
            web.house = house  # type: ignore[attr-defined]
            return web

        yield client


async def values(web: httpx.AsyncClient) -> dict[tuple[str, str], float]:
    """Every sample by name and the value of its label."""
    response = await web.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


async def begin(web: httpx.AsyncClient) -> None:
    web.headers["authorization"] = f"Bearer {(await web.post('/api/conversations')).json()['token']}"


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.1", {}, 403),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.1"}, 403),  # a proxy on this machine speaks for the internet
        ("127.0.0.1", {"forwarded": "for=203.0.113.1"}, 403),
        ("127.0.0.1", {"x-real-ip": "203.0.113.1"}, 403),
        ("203.0.113.1", {"authorization": "Bearer for-prometheus"}, 200),
        ("203.0.113.1", {"authorization": "Bearer wrong"}, 403),
        ("203.0.113.1", {"authorization": "Bearer "}, 403),
        ("203.0.113.1", {"authorization": "for-prometheus"}, 403),
        ("not-an-address", {}, 403),
    ],
)
async def test_who_may_read(visit: Visit, address: str, headers: dict[str, str], status: int) -> None:
    assert (await visit(address, **headers).get("/metrics")).status_code == status


async def test_without_a_token_nobody_from_elsewhere(build: Build) -> None:
    house = build()
    app = create_app(lambda: house.services, [])
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, client=("203.0.113.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic") as web:
            assert (await web.get("/metrics", headers={"authorization": "Bearer "})).status_code == 403


async def test_counters(visit: Visit, engine: FakeEngine) -> None:
    web = visit()
    before = await values(web)
    await begin(web)
    await web.post(MESSAGES, json={"text": "hello", "client_id": "c1"})
    await web.post(MESSAGES, json={"text": "hello", "client_id": "c1"})  # again: the same message
    engine.mode = "fail"
    await web.post(MESSAGES, json={"text": "are you there"})
    await web.post(MESSAGES, json={"text": "my lip is numb"})
    after = await values(web)
    risen = {key: after[key] - before.get(key, 0) for key in after}
    assert risen["assistant_messages_total", "web"] == 3
    assert risen["assistant_answer_seconds_count", "web full"] == 1
    assert 0 < risen["assistant_answer_seconds_sum", "web full"] < 15
    assert risen["assistant_answer_seconds_count", "web held"] == 1
    assert risen["assistant_answer_seconds_count", "web safety"] == 1
    assert risen["assistant_engine_away_total", "http_503"] >= 1


async def test_what_the_records_say(visit: Visit, engine: FakeEngine) -> None:
    web = visit()
    house: House = web.house  # type: ignore[attr-defined]
    empty = await values(web)
    for key in (
        ("assistant_waiting_messages", "web"),
        ("assistant_waiting_messages", "sms"),
        ("assistant_oldest_waiting_seconds", ""),
        ("assistant_open_cases", "emergency"),
        ("assistant_overdue_cases", ""),
        ("assistant_deliveries", "failed"),
        ("assistant_open_streams", ""),
    ):
        assert empty[key] == 0, key
    engine.mode = "fail"
    await begin(web)
    said = (await web.post(MESSAGES, json={"text": "my lip is numb"})).json()
    conversation, now = await house.open("sms"), house.services.now()
    with house.services.database.write() as session:
        session.execute(
            update(Message)
            .where(Message.id == uuid.UUID(said["message_id"]))
            .values(received_at=now - timedelta(minutes=10))
        )
        session.execute(update(Case).values(due_at=now - timedelta(minutes=1)))
        session.add(Contact(conversation_id=conversation, address_hash="x" * 64, address="+15550100001"))
        message = Message(conversation_id=conversation, seq=9, direction="staff", text="hi", received_at=now)
        session.add(message)
        session.flush()
        session.add(
            Delivery(message_id=message.id, conversation_id=conversation, state="failed", next_at=now, updated_at=now)
        )
    found = await values(web)
    assert found["assistant_waiting_messages", "web"] == 1
    assert 590 < found["assistant_oldest_waiting_seconds", ""] < 660
    assert found["assistant_open_cases", "hour"] == 1
    assert found["assistant_overdue_cases", ""] == 1
    assert found["assistant_deliveries", "failed"] == 1


async def test_nothing_of_a_patient_is_in_it(visit: Visit) -> None:
    web = visit()
    await begin(web)
    await web.post(MESSAGES, json={"text": "my se-cret pus", "client_id": "se-cret-id"})
    house: House = web.house  # type: ignore[attr-defined]
    conversation = await house.open("sms")
    with house.services.database.write() as session:
        session.add(Contact(conversation_id=conversation, address_hash="x" * 64, address="+15550100001"))
    text = (await web.get("/metrics")).text
    for secret in ("se-cret", "5550100001", "x" * 64, web.headers["authorization"].partition(" ")[2], "127.0.0.1"):
        assert secret not in text


async def test_the_workers_counts_are_among_them(web: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it was killed: what it counted is in a file."""
    code = (
        "import os, signal; from bot.gateway.metrics import ANSWER, ENGINE_AWAY; ENGINE_AWAY.labels('timeout').inc(3);"
        "ANSWER.labels('sms', 'full').observe(2); os.kill(os.getpid(), signal.SIGKILL)"
    )
    folder = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=os.environ | folder, cwd=ROOT, check=False, timeout=120)
    monkeypatch.setenv(*folder.popitem())
    text = (await web.get("/metrics")).text
    for line in (
        'assistant_engine_away_total{code="timeout"} 3.0',
        'assistant_answer_seconds_count{door="sms",kind="full"} 1.0',
        'assistant_open_cases{level="hour"} 0.0',
    ):
        assert line in text.splitlines()
    assert "process_resident_memory_bytes" in text
