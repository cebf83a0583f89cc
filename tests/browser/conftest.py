"""A real gateway process, a real Chromium, an engine that says what a test tells it to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser_chat import Chat
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from browser_website import serve

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "gateway"))

from gateway_fakes import FakeEngine, free_port  # noqa: E402
from sqlalchemy import select  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import Response  # noqa: E402

from bot.records import conversations  # noqa: E402
from bot.records.conversations import Draft  # noqa: E402
from bot.records.database import Database  # noqa: E402
from bot.records.models import Conversation, Message  # noqa: E402

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip


class Engine(FakeEngine):
    """Besides: `says` replaces the next answers' text, `image` goes with them."""

    says: str | None = None
    image: str | None = None

    async def _turn(self, request: Request) -> Response:
        response = await super()._turn(request)
        if response.status_code != 200:
            return response
        body = json.loads(bytes(response.body))
        for message in body["messages"]:
            message["text"] = self.says or message["text"]
            message["image"] = self.image
        return type(response)(body)


@dataclass
class Gateway:
    """The process's address and database, its engine, and a clinic's website elsewhere."""

    url: str
    website: str
    database: Database
    engine: Engine

    def texts(self) -> list[str]:
        """What patients wrote in the newest conversation."""
        with self.database.read() as session:
            newest = session.scalars(select(Conversation).order_by(Conversation.created_at.desc())).first()
            assert newest is not None
            rows = select(Message).where(Message.conversation_id == newest.id, Message.direction == "patient")
            return [message.text for message in session.scalars(rows.order_by(Message.seq))]

    def staff_says(self, text: str, take_over: bool = False) -> None:
        """As another process writes it: into the newest conversation."""
        with self.database.write() as session:
            newest = session.scalars(select(Conversation).order_by(Conversation.created_at.desc())).first()
            assert newest is not None
            newest.taken_over = take_over
            conversations.reply(session, newest.id, [Draft(text)], datetime.now(timezone.utc), None, by="staff")

    def count(self) -> int:
        """How many conversations there are."""
        with self.database.read() as session:
            return len(session.scalars(select(Conversation.id)).all())


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    engine = Engine()
    engine.start()
    port, website_port = free_port(), free_port()
    url, website = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{website_port}"
    command = [sys.executable, str(Path(__file__).with_name("serve_gateway.py")), str(folder), engine.url, str(port), website]
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "gateway")]),
        "QUEUE_FILE": str(folder / "queue.sqlite3"),
        "PHOTOS_FOLDER": str(folder / "photos"),
    }
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    site = serve(website_port, url)
    try:
        wait_for(lambda: ready(url) or running.poll() is not None, 30)
        assert running.poll() is None, (folder / "log").read_text()
        yield Gateway(url, website, Database(f"sqlite:///{folder}/records.sqlite3"), engine)
    finally:
        running.terminate()
        running.wait(10)
        site.shutdown()
        engine.stop()


@pytest.fixture
def gateway(process: Gateway) -> Gateway:
    """The one process, its engine as at the start."""
    engine = process.engine
    engine.mode, engine.delay, engine.buttons, engine.says, engine.image = "answer", 0.0, [], None, None
    engine.asked.clear()
    return process


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser profiles: one is one patient's device. At the end no page may have had an error."""
    made: list[BrowserContext] = []
    errors: list[str] = []

    def make(width: int = 1280, height: int = 800, **options: Any) -> BrowserContext:
        new = browser.new_context(viewport={"width": width, "height": height}, **options)
        new.set_default_timeout(8_000)
        new.on("weberror", lambda error: errors.append(str(error.error)))
        new.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
        made.append(new)
        return new

    yield make
    for new in made:
        new.close()
    assert errors == []


@pytest.fixture
def chat(context: Callable[..., BrowserContext], gateway: Gateway) -> Chat:
    """The demo page on a desktop, the chat opened."""
    return Chat.visit(context(), gateway.url).open()


def ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=1).status_code == 200
    except httpx.HTTPError:
        return False


def wait_for(condition: Callable[[], object], seconds: float = 8) -> None:
    """Until it is so. AssertionError if it never is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
