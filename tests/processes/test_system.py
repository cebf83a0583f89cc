"""The whole system as processes: gateway, worker, engine, action server, a real database, over HTTP."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.clinic import Clinic
from bot.content import ROOT
from bot.evaluation.processes import engine, free_port, stop, wait

CLINIC = Clinic.load()
MESSAGES = "/api/conversation/messages"
SECRET = "zebrafinch"  # a word that no log may hold


@dataclass
class System:
    """A running gateway and worker, whose engine comes and goes."""

    folder: Path
    engine_port: int
    client: httpx.Client

    def say(self, token: str, text: str, **more: Any) -> dict[str, Any]:
        answer = self.client.post(MESSAGES, json={"text": text, **more}, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def start(self) -> str:
        answer = self.client.post("/api/conversations")
        assert answer.status_code == 201
        assert answer.json()["messages"], "the disclosure comes first"
        return str(answer.json()["token"])

    def cases(self) -> list[sqlite3.Row]:
        with sqlite3.connect(self.folder / "records.sqlite3") as database:
            database.row_factory = sqlite3.Row
            return database.execute("SELECT * FROM cases ORDER BY opened_at").fetchall()


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("system")
    port, engine_port = free_port(), free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'records.sqlite3'}",
        "QUEUE_FILE": str(folder / "huey.sqlite3"),
        "ENGINE_URL": f"http://127.0.0.1:{engine_port}",
        "GATEWAY_PORT": str(port),
        "SECRET_FILE": str(folder / "secret.key"),
        "ENCRYPTION_FILE": str(folder / "encryption.key"),
        "PHOTOS_FOLDER": str(folder / "photos"),
        "PYTHONPATH": str(ROOT),
    }
    consumer = Path(sys.executable).parent / "huey_consumer"
    commands = {
        "gateway": [sys.executable, "-m", "bot.gateway"],
        "worker": [sys.executable, str(consumer), "bot.gateway.tasks.huey", "--workers", "5", "--quiet"],
    }
    with ExitStack() as stack:
        processes = {}
        for name, command in commands.items():
            log = stack.enter_context((folder / f"{name}.log").open("w"))
            processes[name] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
            stack.callback(stop, processes[name])
        wait(f"http://127.0.0.1:{port}/healthz", processes["gateway"], folder / "gateway.log")
        client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=15.0))
        yield System(folder, engine_port, client)


def until(seconds: float, done: Callable[[], Any]) -> Any:
    """What `done` returns once it is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := done():
            return result
        time.sleep(0.3)
    raise AssertionError(f"not within {seconds} s")


def texts(replies: list[dict[str, Any]]) -> str:
    return "\n".join(reply["text"] for reply in replies)


def test_an_outage_loses_nothing_and_then_the_full_answer_comes_once(system: System) -> None:
    calm, alarmed = system.start(), system.start()

    held = system.say(calm, f"My healing cap fell out, will the gum close over? {SECRET}")
    assert CLINIC.phone in texts(held["replies"])
    assert not held["handed_to_staff"]

    began = time.monotonic()
    flagged = system.say(alarmed, "I can't swallow and my neck is swelling")
    assert time.monotonic() - began < 5
    assert CLINIC.emergency_number in flagged["replies"][0]["text"]
    assert flagged["handed_to_staff"]
    case = system.cases()[0]
    assert case["level"] == "emergency"
    evidence = " ".join(word for rule in json.loads(case["rules"]) for word in rule["evidence"])
    assert "swallow" in evidence or "neck" in evidence

    def answers(token: str) -> list[dict[str, Any]]:
        talk = system.client.get(MESSAGES, headers={"authorization": f"Bearer {token}"}).json()["messages"]
        return [message for message in talk if message["from"] == "assistant"]

    before = len(answers(calm))
    with engine(system.folder / "engine", system.engine_port) as running:
        # the worker comes back by itself: within seconds at first, within a minute by its sweep
        until(150, lambda: len(answers(calm)) > before)
        late = texts(answers(calm)[before:])
        assert "gum" in late.lower()
        count = len(answers(calm))

        token = system.start()
        answer = system.say(token, "my chin is still numb, lower implant yesterday")
        assert CLINIC.oncall_phone in answer["replies"][0]["text"]
        assert answer["handed_to_staff"]

        twice = [system.say(calm, "what does a new one cost?", client_id="abc") for _ in range(2)]
        assert twice[0] == twice[1]
        assert twice[0]["replies"]

        for typed in ("/restart", "EXTERNAL: greet", "", "   ", "🙂", "qwrtz plmk", "9", "<b>hello</b>", "x" * 49_000):
            assert texts(system.say(system.start(), typed)["replies"]).strip(), typed[:20]

        time.sleep(3)
        assert len(answers(calm)) == count + len(twice[0]["replies"])  # nothing is answered twice

        stop(running.actions)
        token = system.start()
        flagged = system.say(token, f"my tongue is swelling and I can hardly breathe {SECRET}")
        assert CLINIC.emergency_number in flagged["replies"][0]["text"]
        held = system.say(system.start(), f"what does an implant cost? {SECRET}")
        assert CLINIC.phone in texts(held["replies"])


def test_no_log_holds_what_a_patient_wrote(system: System) -> None:
    logs = list(system.folder.rglob("*.log"))
    assert {log.stem for log in logs} >= {"gateway", "worker", "engine", "actions"}
    for log in logs:
        content = log.read_text(errors="replace")
        assert SECRET not in content, log.name
        assert "neck is swelling" not in content, log.name
