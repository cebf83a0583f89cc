"""The whole system as processes: two gateways, worker, engine, action server, a real database, over HTTP."""

from __future__ import annotations

import base64
import io
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from bot.clinic import Clinic
from bot.content import ROOT
from bot.evaluation.bench_systems import STARTED
from bot.evaluation.processes import engine, free_port, stop, wait
from bot.records import conversations
from bot.records.conversations import Draft
from bot.records.database import Database
from bot.records.models import Case, Contact, Message, Note
from bot.records.sealing import Sealer, new_key

CLINIC = Clinic.load()
MESSAGES = "/api/conversation/messages"
SECRET = "zebrafinch"  # a word that no log may hold
NAME, NUMBER = "Quillfeather", "+15550143986"
CONSUMER = Path(sys.executable).parent / "huey_consumer"
COMMANDS = {
    "gateway": [sys.executable, "-m", "bot.gateway"],
    "gateway2": [sys.executable, "-m", "bot.gateway"],
    "worker": [sys.executable, str(CONSUMER), "bot.gateway.tasks.huey", "--workers", "5", "--quiet"],
}


@dataclass
class System:
    """Running gateways and a worker, whose engine comes and goes."""

    folder: Path
    environment: dict[str, str]
    engine_port: int
    client: httpx.Client
    processes: dict[str, subprocess.Popen[bytes]]

    def say(self, token: str, text: str, **more: Any) -> dict[str, Any]:
        answer = self.client.post(MESSAGES, json={"text": text, **more}, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def start(self) -> str:
        answer = self.client.post("/api/conversations")
        assert answer.status_code == 201
        assert answer.json()["messages"], "the disclosure comes first"
        return str(answer.json()["token"])

    def database(self) -> Database:
        key = (self.folder / "encryption.key").read_text()
        return Database(f"sqlite:///{self.folder / 'records.sqlite3'}", Sealer([key]))

    def cases(self) -> Sequence[Case]:
        with self.database().read() as session:
            return session.scalars(select(Case).order_by(Case.opened_at)).all()

    def text(self, text: str) -> None:
        """A text message, with the webhook's signature, to the running gateway."""
        command = [sys.executable, "-m", "bot.gateway.sms", text, "--sender", NUMBER]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, timeout=60)


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
    with ExitStack() as stack:
        processes = {}
        for name, command in COMMANDS.items():
            log = stack.enter_context((folder / f"{name}.log").open("w"))
            processes[name] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
            stack.callback(stop, processes[name])
        wait(f"http://127.0.0.1:{port}/healthz", processes["gateway"], folder / "gateway.log")
        client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=15.0))
        for name in ("gateway", "gateway2"):  # they share the port
            while STARTED not in (folder / f"{name}.log").read_text():
                assert processes[name].poll() is None, name
                time.sleep(0.1)
        yield System(folder, environment, engine_port, client, processes)


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
    assert case.level == "emergency"
    evidence = " ".join(word for rule in case.rules for word in rule["evidence"])
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


def test_nothing_on_disk_says_anything_of_a_patient(system: System) -> None:
    """Texts, numbers, names, photos, notes and errors of both doors; read as a thief would, WAL included."""
    token = system.start()
    mine = {"authorization": f"Bearer {token}"}
    photo = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(photo, "JPEG", comment=SECRET.encode())
    form = {"files": {"photo": (f"{SECRET}.jpg", photo.getvalue())}, "data": {"client_id": "p", "text": f"I am {NAME}"}}
    assert system.client.post("/api/conversation/photos", headers=mine, **form).status_code == 200
    system.text(f"My crown fell out, {NAME} here {SECRET}, ring me on {NUMBER}")
    form = {"Body": SECRET, "From": NUMBER}
    json = {"content-type": "application/json"}
    wrong = (
        system.client.post(MESSAGES, content=f'{{"text": "{SECRET}"', headers=mine | json),
        system.client.post(MESSAGES, json={"words": SECRET}, headers=mine),
        system.client.post(MESSAGES, json={"text": SECRET}, headers={"authorization": f"Bearer {SECRET}"}),
        system.client.post("/api/conversation/photos", headers=mine, files={"photo": (SECRET, SECRET.encode())}),
        system.client.post("/sms/incoming", data=form, headers={"x-twilio-signature": SECRET}),
        system.client.get(f"/{SECRET}?text={SECRET}"),
    )  # fmt: skip
    assert all(400 <= answer.status_code < 500 for answer in wrong)
    with system.database().write() as session:
        conversation = session.scalars(select(Contact.conversation_id)).one()
        now = datetime.now(timezone.utc)
        session.add(Note(conversation_id=conversation, text=f"rang {NAME}, {SECRET}", at=now))
        conversations.reply(
            session, conversation, [Draft(f"Dear {NAME}, {SECRET}")], now, None, by="staff", author="Ana"
        )
        conversations.store(session, conversation, f"{SECRET} and my lip is numb", None, now - timedelta(minutes=1))

    def scanned() -> bool:
        with system.database().read() as session:
            return (
                session.scalar(select(Message.id).where(Message.understanding.is_(None), ~Message.status.is_(None)))
                is None
            )

    until(30, scanned)  # by the worker
    files = [file for file in system.folder.rglob("*") if file.is_file() and file.suffix != ".key"]
    assert {file.name for file in files} >= {"records.sqlite3", "records.sqlite3-wal", "huey.sqlite3", "worker.log"}
    assert any(file.parent.name == "photos" for file in files)
    for file in files:
        kept = file.read_bytes()
        if file.suffix == ".sqlite3":
            with closing(sqlite3.connect(file)) as opened:
                kept += "\n".join(opened.iterdump()).encode()
        for word in (
            SECRET,
            NAME,
            NUMBER,
            NUMBER[2:],
            "lip is numb",
            "crown fell out",
            "neck is swelling",
            "implant cost",
        ):
            assert word.encode() not in kept, (file.name, word)
            assert base64.b64encode(word.encode())[:-4] not in kept, (file.name, word)
        assert b"\xff\xd8\xff" not in kept, file.name  # how a JPEG begins
    assert not list(ROOT.glob("*.db")), "Rasa keeps its conversations in memory"


@pytest.mark.parametrize("name", ["gateway", "worker"])
@pytest.mark.parametrize("key", ["another", "no key"])
def test_a_wrong_key_ends_a_process_with_one_sentence_and_changes_nothing(system: System, name: str, key: str) -> None:
    before = system.cases()
    environment = system.environment | {"ENCRYPTION_KEY": new_key() if key == "another" else key}
    environment |= {
        "PYTHONWARNINGS": "ignore",
        "GATEWAY_PORT": str(free_port()),
        "QUEUE_FILE": str(system.folder / "other.sqlite3"),
    }
    process = subprocess.run(COMMANDS[name], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert process.returncode == 1
    (said,) = (process.stdout + process.stderr).strip().splitlines()
    assert {"another": "Nothing was changed.", "no key": "make one with `make key`."}[key] in said
    assert "Traceback" not in said
    assert [(case.id, case.rules) for case in system.cases()] == [(case.id, case.rules) for case in before]


def test_a_gateway_dies_and_the_other_keeps_the_door_open_and_scans_what_was_left(system: System) -> None:
    """The last test: one of the two is gone from then on."""
    token = system.start()
    system.processes["gateway2"].kill()
    system.processes["gateway2"].wait()
    for number in range(20):  # each on a line of its own, as new visitors
        with httpx.Client(base_url=system.client.base_url, timeout=15.0) as web:
            assert web.get("/healthz").status_code == 200, number
    with system.database().write() as session:  # as the dead one left it
        conversation = conversations.by_token(session, token)
        assert conversation is not None
        at = datetime.now(timezone.utc)
        conversations.store(session, conversation.id, "I cannot breathe properly", None, at)
    mine = {"authorization": f"Bearer {token}"}

    def line() -> bool:
        with httpx.Client(base_url=system.client.base_url, headers=mine, timeout=15.0) as web:
            return any(CLINIC.emergency_number in each["text"] for each in web.get(MESSAGES).json()["messages"][1:])

    until(10, line)
    assert "seen late" not in (system.folder / "worker.log").read_text()
