"""Stand-ins for the rooms the gateway calls: a scan by two words, responses by name, an engine on loopback."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.clinic import Clinic
from bot.content import ContentError
from bot.evaluation.processes import free_port
from bot.gateway.scan import Scan
from bot.gateway.services import Services, assemble
from bot.gateway.settings import Settings
from bot.records import cases, conversations
from bot.records.models import Case, Message, Photo
from bot.triage.types import Assessment, CaseHistory, Fact, RedFlag, Tier
from bot.understanding.handed import DIMENSION, Handed
from bot.understanding.pieces import Piece
from bot.understanding.types import Finding, Understanding

CLINIC = Path(__file__).with_name("clinic.yml")
WORDS: dict[str, tuple[str, Tier]] = {
    "cannot breathe": ("R1", "emergency"),
    "lip is numb": ("R7", "hour"),
    "pus": ("R16", "day"),
}


class FakeUnderstander:
    def understand(self, text: str, received_at: datetime) -> Understanding:
        if "break the scan" in text:
            raise RuntimeError(text)
        found = [(m, words) for words in WORDS for m in re.finditer(words, text)]
        findings = tuple(Finding(words, start=m.start(), end=m.end(), text=m.group()) for m, words in found)
        return Understanding(text, findings, ((0, len(text)),))


def fake_fold(history: CaseHistory, seen: Understanding, intents: Sequence[str], at: datetime) -> CaseHistory:
    turns = history.turns + 1
    facts = tuple(Fact(finding, turns, at.isoformat()) for finding in seen.findings)
    return replace(history, facts=history.facts + facts, turns=turns, texts=(*history.texts, seen.text))


class FakeSecondLook:
    """Finds nothing."""

    def look(self, understanding: Understanding) -> Understanding:
        return understanding


class FakeHander:
    """The whole text is one piece."""

    def hand(self, understanding: Understanding) -> Handed:
        rows = np.ones((1, DIMENSION), dtype=np.float32)
        return Handed(understanding, (Piece(0, len(understanding.text), False),), rows)


class FakeTriage:
    def assess(self, history: CaseHistory) -> Assessment:
        flags = tuple(
            RedFlag(rule, tier, f"utter_flag_{rule.lower()}_{tier}", (fact.finding.text,), "a source")
            for fact in history.facts
            if fact.finding.name in WORDS
            for rule, tier in [WORDS[fact.finding.name]]
        )
        if not flags:
            return Assessment("info")
        return Assessment("emergency" if any(f.tier == "emergency" for f in flags) else "same_day", flags)


@dataclass(frozen=True)
class FakeRendered:
    text: str
    buttons: list[str] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    image: str | None = None


class FakeRenderer:
    def __init__(self, unknown: tuple[str, ...] = ()) -> None:
        self.unknown = unknown

    def render(self, response: str, channel: str, now: datetime) -> FakeRendered:
        if response in self.unknown:
            raise ContentError(f"no {response}")
        return FakeRendered(f"{response}/{channel}")


def fake_join(texts: Sequence[str]) -> list[str]:
    return [" | ".join(texts)]


class Served:
    """An app behind a real server in a thread, until `stop`."""

    def __init__(self, app: Starlette, port: int, **options: Any) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, **options))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), f"no server on {port}"
            time.sleep(0.01)

    def stop(self, at_once: bool = True) -> None:
        self._server.should_exit, self._server.force_exit = True, at_once
        self._thread.join(10)


class FakeEngine:
    """`mode`: answer, fail, hang, garbage, empty, lower (answers without any flag). Serves real HTTP on loopback.

    While it is `thinking` no answer goes out.
    """

    def __init__(self) -> None:
        self.mode = "answer"
        self.delay = 0.0
        self.thinking = False
        self.intents: list[str] = ["inform"]
        self.said: list[str] = []
        self.findings: list[dict[str, Any]] = []
        self.buttons: list[dict[str, str]] = []
        self.image: str | None = None
        self.poison = "\0"
        self.asked: list[dict[str, Any]] = []
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._served: Served | None = None

    def start(self) -> None:
        app = Starlette(
            routes=[
                Route("/webhooks/gateway/webhook", self._turn, methods=["POST"]),
                Route("/webhooks/gateway/", lambda _: PlainTextResponse("ok")),
            ]
        )
        self._served = Served(app, self.port, lifespan="off")

    def stop(self) -> None:
        if self._served is not None:
            self._served.stop()
            self._served = None

    async def _turn(self, request: Request) -> Response:
        body = await request.json()
        body["metadata"]["history"] = json.loads(body["metadata"]["history"])
        self.asked.append(body)
        if self.delay:
            await asyncio.sleep(self.delay)
        while self.mode == "hang" or self.thinking:
            await asyncio.sleep(0.01)
        if self.mode == "fail" or self.poison in body["text"]:
            return JSONResponse({"error": "turn failed", "text": body["text"]}, 503)
        if self.mode == "garbage":
            return PlainTextResponse(f"<html>{body['text']}</html>")
        understood = FakeUnderstander().understand(
            body["text"], datetime.fromisoformat(body["metadata"]["received_at"])
        )
        before = CaseHistory.from_dict(body["metadata"]["history"])
        history = fake_fold(before, understood, (), datetime.fromisoformat(body["metadata"]["received_at"]))
        history = replace(history, said=(*before.said, *self.said))
        assessment = Assessment("info") if self.mode == "lower" else FakeTriage().assess(history)
        number = history.turns
        messages = [{"recipient_id": body["sender"], "text": f"answer {number}", "buttons": self.buttons}]
        if self.image:
            messages[0]["image"] = self.image
        result = {
            "history": history.to_dict(),
            "assessment": assessment.to_dict(),
            "intents": self.intents,
            "findings": [*(finding.to_dict() for finding in understood.findings), *self.findings],
        }
        return JSONResponse({"messages": [] if self.mode == "empty" else messages, "result": result})


@dataclass
class House:
    """A gateway's services and what a test wants to know of them."""

    services: Services
    delivered: list[uuid.UUID]
    renderer: FakeRenderer = field(default_factory=FakeRenderer)

    @property
    def now(self) -> datetime:
        return datetime(2026, 3, 2, 9, 0, tzinfo=self.services.clinic.timezone)

    def impatient(self, seconds: float = 1.0) -> None:
        """Wait only so long for the engine: for tests in which it does not answer."""
        self.services.settings.engine_timeout = seconds

    def case(self, conversation: uuid.UUID) -> Case | None:
        with self.services.database.read() as session:
            return cases.open_case(session, conversation)

    def message(self, message_id: uuid.UUID) -> Message:
        with self.services.database.read() as session:
            return session.get_one(Message, message_id)

    def talk(self, conversation: uuid.UUID) -> list[tuple[str, str]]:
        with self.services.database.read() as session:
            return [(m.direction, m.text) for m in conversations.after(session, conversation, 0)]

    async def open(self, channel: str = "web") -> uuid.UUID:
        _, conversation, _ = await self.services.way.open(channel, self.now)  # type: ignore[arg-type]
        return conversation.id


Build = Callable[..., House]


def make_house(folder: Path, engine_url: str, texts_go_out: bool = False, **changed: object) -> House:
    """A gateway on the database in `folder`: another call is another process, or the same one after a restart.

    Unless `texts_go_out`, conversations with something to send only come to be `delivered`.
    """
    values = {
        "database_url": f"sqlite:///{folder}/records.sqlite3",
        "queue_file": f"{folder}/huey.sqlite3",
        "photos_folder": f"{folder}/photos",
        "secret_file": f"{folder}/secret.key",
        "encryption_file": f"{folder}/encryption.key",
        "engine_url": engine_url,
        "engine_timeout": 15.0,  # nobody waits for it unless the engine hangs: see House.impatient
        "sms_quiet": 0.2,
    } | changed
    renderer, delivered = FakeRenderer(), []
    scan = Scan(FakeUnderstander(), FakeSecondLook(), FakeTriage(), fake_fold, FakeHander())
    deliver = None if texts_go_out else delivered.append
    services = assemble(Settings(**values), Clinic.load(CLINIC), scan, renderer, fake_join, deliver)
    return House(services, delivered, renderer)


def a_photo(session: Session, stored: Message) -> None:
    """Stored with a message: one that is still to be fetched."""
    at = stored.received_at
    session.add(Photo(message_id=stored.id, conversation_id=stored.conversation_id, next_at=at, created_at=at))
