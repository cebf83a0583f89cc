"""A real gateway process, a real Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_chat import Chat
from browser_gateway import ROOT, Engine, Gateway, ready, wait_for
from browser_website import serve
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from bot.evaluation.processes import free_port
from bot.records.database import Database
from bot.records.sealing import Sealer

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    engine = Engine()
    engine.start()
    port, website_port = free_port(), free_port()
    url, website = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{website_port}"
    command = [
        sys.executable,
        str(Path(__file__).with_name("serve_gateway.py")),
        str(folder),
        engine.url,
        str(port),
        website,
    ]
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "gateway")]),
        "QUEUE_FILE": str(folder / "queue.sqlite3"),
        "PHOTOS_FOLDER": str(folder / "photos"),
    }
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    site = serve(website_port, url)
    try:
        wait_for(lambda: ready(url) or running.poll() is not None, 90)
        assert running.poll() is None, (folder / "log").read_text()
        yield Gateway(
            url,
            website,
            Database(f"sqlite:///{folder}/records.sqlite3", Sealer([(folder / "encryption.key").read_text()])),
            engine,
        )
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
    engine.thinking = False
    engine.asked.clear()
    return process


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=15_000)  # how long a busy machine may take, not how long anything should
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
        new.set_default_timeout(15_000)
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
