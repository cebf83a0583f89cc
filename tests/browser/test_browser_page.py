"""The widget as a guest on a page: what it costs, what it asks for, what the page's own style and policy do to it."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from browser_chat import Chat
from browser_gateway import ROOT, Gateway
from playwright.sync_api import BrowserContext, Request, expect

DIST = ROOT / "bot" / "widget" / "dist"
BEFORE_OPEN = 15_000
"""Bytes over the wire, of everything the widget adds to a page before it is first opened."""


def test_before_it_is_opened_it_costs_next_to_nothing(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    page = context().new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(gateway.url, wait_until="networkidle")
    expect(Chat(page).launcher).to_be_visible()
    ours = [r for r in asked if "/widget" in r.url]
    assert [r.url.removeprefix(gateway.url).partition("?")[0] for r in ours] == ["/widget.js", "/api/widget"]
    assert sum(len(gzip.compress(r.response().body())) for r in ours) < BEFORE_OPEN  # type: ignore[union-attr]
    assert len(gzip.compress((DIST / "widget.js").read_bytes())) < 4_000
    assert gateway.url == page.evaluate("location.origin")
    assert page.evaluate("localStorage.length") == 0


def test_it_asks_nobody_but_the_chat_s_own_server(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    page = context().new_page()
    foreign: list[str] = []
    page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith(gateway.url) else None)
    page.goto(gateway.url)
    chat = Chat(page).open()
    gateway.engine.image = "/parts/implant.svg"
    chat.say("hello").sees("answer 1")
    assert foreign == []
    assert page.context.cookies() == []


def test_on_another_website_with_a_strict_policy(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    # the policy allows the chat's address for script, connection and picture, and no style but the page's own
    chat = Chat.visit(context(), gateway.website).open()
    chat.say("hello").sees("answer 1")
    gateway.staff_says("Hello from the desk")
    chat.sees("Hello from the desk")
    chat.page.reload()
    chat.open().sees("Hello from the desk")
    style = chat.button("Send").evaluate(
        "one => { const s = getComputedStyle(one); return [s.display, s.backgroundColor, s.color] }"
    )
    assert style == ["flex", "rgb(255, 213, 74)", "rgb(0, 0, 0)"]
    assert "monospace" not in chat.field.evaluate("one => getComputedStyle(one).fontFamily")


def test_a_website_that_is_not_allowed_gets_no_chat(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    page = context().new_page()
    stranger = gateway.website.replace("127.0.0.1", "localhost")
    page.goto(stranger, wait_until="networkidle")
    assert page.locator("clinic-chat").count() == 0


def test_the_demo_page_s_rude_style_does_not_reach_it(chat: Chat) -> None:
    style = chat.button("Talk to a person").evaluate(
        "one => { const s = getComputedStyle(one); return [s.textTransform, s.float, s.fontStyle, s.backgroundColor] }"
    )
    assert style == ["none", "none", "normal", "rgb(255, 255, 255)"]
    assert chat.dialog.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") == 16


def test_a_second_tag_adds_no_second_chat(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    page = context().new_page()
    # right beside the first, while that one is still asking for the clinic's facts
    page.add_init_script(
        """document.addEventListener('DOMContentLoaded', () => {
            const tag = document.createElement('script');
            tag.src = '/widget.js';
            document.head.append(tag);
        })"""
    )
    page.goto(gateway.url, wait_until="networkidle")
    Chat(page).open()
    assert page.locator("clinic-chat").count() == 1
