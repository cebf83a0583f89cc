"""The chat page in a real browser: sending, quick replies, late answers, a lost conversation, text shown as text."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn
from gateway_fakes import Build, FakeEngine, House, free_port
from playwright.sync_api import Page, expect, sync_playwright

from bot.gateway.app import create_app

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def served(build: Build) -> Iterator[tuple[House, str]]:
    house = build()
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(lambda: house.services), port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield house, f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def page(browser, served: tuple[House, str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(served[1])
    expect(page.locator("#talk li")).to_have_count(1)
    yield page
    context.close()
    assert errors == []


def texts(page: Page) -> list[str]:
    return [item.split("\n", 1)[-1] for item in page.locator("#talk li").all_inner_texts()]


def send(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()


def test_a_talk_with_quick_replies_survives_a_reload(page: Page, engine: FakeEngine) -> None:
    engine.buttons = [{"title": "Yes", "payload": "Yes"}]
    send(page, "<img src=x onerror=alert(1)> hello")
    page.get_by_role("button", name="Yes").click()
    expect(page.locator("#talk li")).to_have_count(5)
    expected = ["utter_disclosure/web", "<img src=x onerror=alert(1)> hello", "answer 1", "Yes", "answer 2"]
    assert texts(page) == expected
    assert page.locator("img").count() == 0
    page.reload()
    expect(page.locator("#talk li")).to_have_count(5)
    assert texts(page) == expected


def test_a_late_answer_shows_up_by_itself(page: Page, engine: FakeEngine, build: Build) -> None:
    engine.mode = "fail"
    send(page, "my lip is numb")
    expect(page.get_by_text("utter_flag_r7_hour/web")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("team has been told")
    engine.mode = "answer"
    worker = build()  # another process in real life
    waiting = uuid.UUID(engine.asked[-1]["metadata"]["message_id"])
    with ThreadPoolExecutor() as pool:
        answered = pool.submit(asyncio.run, worker.services.way.answer(waiting, worker.services.now()))
        assert answered.result(10)
    expect(page.get_by_text("answer 1")).to_be_visible(timeout=10_000)


def test_an_unknown_conversation_starts_anew_and_loses_no_message(page: Page, engine: FakeEngine) -> None:
    page.evaluate("localStorage.setItem('conversation', 'nobody')")
    send(page, "hello again")
    expect(page.get_by_text("answer 1")).to_be_visible()
    assert texts(page) == ["utter_disclosure/web", "hello again", "answer 1"]


def test_a_message_is_sent_when_the_line_is_back(page: Page, engine: FakeEngine) -> None:
    page.context.set_offline(True)
    send(page, "hello")
    expect(page.get_by_role("status")).to_contain_text("Not sent yet")
    page.context.set_offline(False)
    expect(page.get_by_text("answer 1")).to_be_visible(timeout=15_000)
    assert len(engine.asked) == 1


def test_enter_sends_and_the_focus_stays(page: Page, engine: FakeEngine) -> None:
    page.get_by_label("Your message").press_sequentially("hello")
    page.keyboard.press("Enter")
    expect(page.get_by_text("answer 1")).to_be_visible()
    expect(page.get_by_label("Your message")).to_be_focused()
    expect(page.get_by_label("Your message")).to_have_value("")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
