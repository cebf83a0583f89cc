"""Local mode: the developer's telephone, for this machine alone, through the same signed webhook."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from fake_twilio import FakeTwilio, TextDoor
from gateway_fakes import Build, House

from bot.gateway.app import create_app
from bot.gateway.way import Hooks

PATIENT = "+15550100777"


@pytest.fixture
async def house(build: Build) -> AsyncIterator[House]:
    house = build(texts_go_out=True)
    yield house
    await house.services.close()


def client_of(house: House, address: str = "127.0.0.1", base: str = "http://localhost:8000") -> httpx.AsyncClient:
    app = create_app(lambda: house.services, house.services.clinic.website_origins)
    app.state.services = house.services
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app, client=(address, 5)), base_url=base)


async def test_write_as_a_patient_and_read_the_answer(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    async with client_of(house) as client:
        assert (await client.post("/dev/sms/send", json={"number": PATIENT, "text": "my crown fell out"})).is_success
        for _ in range(1000):
            talk = (await client.post("/dev/sms/talk", json={"number": "(555) 010-0777"})).json()["messages"]
            if len(talk) == 3 and talk[-1]["state"] == "delivered":
                break
            await asyncio.sleep(0.02)
    assert [(text["sender"], text["text"], text["state"]) for text in talk] == [
        ("patient", "my crown fell out", None),
        ("assistant", "utter_sms_notice/sms", "delivered"),
        ("assistant", "answer 1", "delivered"),
    ]
    seen = capsys.readouterr()
    assert "answer 1" not in seen.out + seen.err  # whoever keeps either keeps a log


async def test_what_the_rules_say_does_not_wait_for_a_worker(house: House) -> None:
    async with client_of(house) as client:
        await client.post("/dev/sms/send", json={"number": PATIENT, "text": "HELP"})
        end = time.monotonic() + 30
        talk: list[dict[str, str]] = []
        while not talk or talk[-1]["state"] != "delivered":
            assert time.monotonic() < end
            await asyncio.sleep(0.02)
            talk = (await client.post("/dev/sms/talk", json={"number": PATIENT})).json()["messages"]
    assert [text["text"] for text in talk] == ["HELP", "utter_sms_help/sms"]


async def test_the_page(house: House) -> None:
    async with client_of(house) as client:
        page = await client.get("/dev/sms")
        assert page.headers["content-type"].startswith("text/html")
        assert "script-src 'self'" in page.headers["content-security-policy"]
        for name in ("phone.js", "phone.css"):
            assert f"/dev/sms/{name}" in page.text
            assert (await client.get(f"/dev/sms/{name}")).is_success
        assert not (await client.get("/dev/sms/index.html")).is_success


@pytest.mark.parametrize(
    ("address", "base", "headers"),
    [
        ("203.0.113.9", "http://localhost:8000", {}),
        ("127.0.0.1", "http://chat.clinic.example", {}),
        ("127.0.0.1", "http://localhost:8000", {"X-Forwarded-For": "203.0.113.9"}),
        ("127.0.0.1", "http://localhost:8000", {"Forwarded": "for=203.0.113.9"}),
        ("not an address", "http://localhost:8000", {}),
    ],
)
async def test_for_nobody_else(house: House, address: str, base: str, headers: dict[str, str]) -> None:
    async with client_of(house, address, base) as client:
        for path in ("/dev/sms/talk", "/dev/sms/send"):
            answer = await client.post(path, json={"number": PATIENT, "text": "hi"}, headers=headers)
            assert answer.status_code == 404
        assert (await client.get("/dev/sms", headers=headers)).status_code == 404


async def test_not_with_an_account(sms: TextDoor, twilio: FakeTwilio) -> None:
    async with client_of(sms.house) as client:
        assert (await client.get("/dev/sms")).status_code == 404


async def test_in_local_mode_too_a_webhook_must_be_signed(house: House) -> None:
    form = {"content-type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "AAAA"}
    async with client_of(house) as client:
        content = f"MessageSid=SM1&From=%2B{PATIENT[1:]}&Body=hi"
        assert (await client.post("/sms/incoming", content=content, headers=form)).status_code == 403


def test_make_sms_prints_the_replies(served: tuple[House, str]) -> None:
    house, url = served
    assert house.services.sms is not None
    house.services.way._hooks = Hooks(deliver=house.services.sms.courier.send)
    settings = house.services.settings
    variables = {"GATEWAY_PORT": url.rpartition(":")[2], "SECRET_FILE": settings.secret_file, "PYTHONPATH": "."}
    command = [sys.executable, "-m", "bot.gateway.sms", "my crown fell out"]
    done = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["< utter_sms_notice/sms  [delivered]", "< answer 1  [delivered]"]


def test_make_sms_says_what_is_wrong(served: tuple[House, str]) -> None:
    _, url = served
    for variables, words in (
        ({"GATEWAY_PORT": "9"}, "No gateway there"),
        ({"GATEWAY_PORT": url.rpartition(":")[2], "SECRET_KEY": "another"}, "Refused: 403"),
    ):
        command = [sys.executable, "-m", "bot.gateway.sms", "hello"]
        environment = os.environ | variables | {"PYTHONPATH": "."}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 1
        assert words in done.stdout
