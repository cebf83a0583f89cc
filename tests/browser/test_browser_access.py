"""Everybody can use it: keyboard, screen reader, small screen, dark, large text, little motion."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_chat import Chat
from browser_gateway import ROOT, Gateway
from playwright.sync_api import BrowserContext, Page, expect

AXE = ROOT / "bot" / "widget" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCREENS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "320 px": {"width": 320, "height": 568, "has_touch": True, "is_mobile": True},
    "320 px dark": {"width": 320, "height": 568, "color_scheme": "dark"},
}


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, on the page and in the chat."""
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [f"{v['id']}: {node['html'][:200]}" for v in found["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(context: Callable[..., BrowserContext], gateway: Gateway, screen: str) -> None:
    if not AXE.exists():
        assert not os.environ.get("CI"), "axe-core is not installed"
        pytest.skip("axe-core is not installed: npm ci in bot/widget")
    chat = Chat.visit(context(reduced_motion="reduce", **SCREENS[screen]), gateway.url)
    expect(chat.launcher).to_be_visible()
    assert violations(chat.page) == []
    chat.open().say("I cannot breathe").sees("answer 1")
    gateway.engine.buttons = [{"title": word, "payload": word} for word in ("Yes", "No")]
    gateway.engine.image = "/parts/implant.svg"
    chat.say("and my cap fell out").sees("answer 2")
    assert violations(chat.page) == []
    gateway.engine.buttons = [{"title": "Implant", "payload": "Implant", "picture": "implant"}]
    chat.button("Yes").click()
    chat.dialog.get_by_role("radio", name="Implant").check()
    chat.menu()
    assert violations(chat.page) == []
    chat.button("Delete this chat").click()
    assert violations(chat.page) == []


def test_all_of_it_with_the_keyboard(chat: Chat, gateway: Gateway) -> None:
    press = chat.page.keyboard.press
    expect(chat.launcher).to_have_attribute("aria-expanded", "true")
    expect(chat.field).to_be_focused()
    press("Escape")
    expect(chat.dialog).to_have_count(0)
    expect(chat.launcher).to_be_focused()
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")
    press("Enter")
    expect(chat.field).to_be_focused()
    chat.page.keyboard.type("one")
    press("Shift+Enter")
    chat.page.keyboard.type("two")
    gateway.engine.buttons = [{"title": "Yes", "payload": "Yes"}]
    press("Enter")
    chat.sees("answer 1")
    assert gateway.texts() == ["one\ntwo"]
    for _ in range(3):  # field, photo, quick reply
        press("Shift+Tab")
        if chat.button("Yes").evaluate("one => one.matches(':focus')"):
            break
    expect(chat.button("Yes")).to_be_focused()
    press("Enter")
    chat.sees("answer 2")
    expect(chat.field).to_be_focused()


def test_every_stop_of_the_tab_key_has_a_name_and_can_be_seen(chat: Chat, gateway: Gateway) -> None:
    gateway.engine.buttons = [{"title": "Yes", "payload": "Yes"}]
    chat.say("hello").sees("answer 1")
    chat.launcher.focus()
    active = """() => {
        let one = document.activeElement;
        while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
        const box = one.getBoundingClientRect(), style = getComputedStyle(one);
        const name = one.ariaLabel || one.textContent.trim();
        const top = box.top >= 0 && box.bottom <= innerHeight;
        return [name, top, style.outlineStyle !== 'none', Math.min(box.width, box.height)];
    }"""
    stops = []
    for _ in range(12):
        chat.page.keyboard.press("Tab")
        name, visible, outlined, size = chat.page.evaluate(active)
        if name == "Your message":
            stops.append(name)
            chat.page.keyboard.press("Tab")
            stops.append(chat.page.evaluate(active)[0])
            break
        assert name
        assert visible, name
        assert outlined, name
        assert size >= (24 if name == "911" else 44), name
        stops.append(name.split("\n")[0])
    assert stops[:2] == ["More", "Close chat"]
    assert stops[-3:] == ["Add a photo", "Your message", "Send"]
    assert "Yes" in stops


def test_a_screen_reader_hears_what_is_new_and_not_the_history(chat: Chat) -> None:
    chat.say("hello").sees("answer 1")
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.log).to_have_attribute("aria-relevant", "additions")
    chat.page.route("**/api/conversation/messages?after=0", lambda route: route.abort())
    chat.page.reload()
    chat.launcher.click()
    expect(chat.log).to_have_attribute("aria-live", "off")
    chat.page.unroute("**/api/conversation/messages?after=0")
    chat.sees("answer 1")
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.dialog.get_by_role("alert").filter(has_text="answer")).to_have_count(0)
    expect(chat.field).to_have_accessible_description("Enter sends. Shift and Enter starts a new line.")


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 740)])
def test_on_a_phone_it_takes_the_whole_screen_and_keeps_the_focus(
    context: Callable[..., BrowserContext], gateway: Gateway, width: int, height: int
) -> None:
    chat = Chat.visit(
        context(width, height, has_touch=True, is_mobile=True, reduced_motion="reduce"), gateway.url
    ).open()
    box = chat.dialog.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, height)
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.log.evaluate("one => one.scrollWidth <= one.clientWidth")
    for _ in range(12):
        chat.page.keyboard.press("Tab")
        assert chat.page.evaluate(
            "!document.activeElement || ['BODY', 'CLINIC-CHAT'].includes(document.activeElement.tagName)"
        )
    chat.page.keyboard.press("Escape")
    expect(chat.dialog).to_have_count(0)
    expect(chat.launcher).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (320, 640)])
def test_text_of_twice_the_size_can_be_read_and_used(
    context: Callable[..., BrowserContext], gateway: Gateway, width: int, height: int
) -> None:
    chat = Chat.visit(context(width, height), gateway.url)
    # the reader's setting: what rem means on a page that leaves it alone
    chat.page.evaluate("document.documentElement.style.setProperty('font-size', '32px', 'important')")
    chat.open().say("hello").sees("answer 1")
    assert chat.dialog.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") == 32
    assert chat.dialog.evaluate("one => one.scrollWidth <= one.clientWidth")
    for name in ("Close chat", "Talk to a person", "Send"):
        chat.button(name).scroll_into_view_if_needed()
        expect(chat.button(name)).to_be_in_viewport()


def test_little_motion_is_respected(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    chat = Chat.visit(context(reduced_motion="reduce"), gateway.url).open()
    moving = "one => one.getAnimations({subtree: true}).length"
    gateway.engine.thinking = True
    chat.say("hello")
    expect(chat.dialog.get_by_text("The assistant is typing")).to_have_count(1)
    assert chat.dialog.evaluate(moving) == 0
    gateway.engine.thinking = False
    chat.sees("answer 1")
