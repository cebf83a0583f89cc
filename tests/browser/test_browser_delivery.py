"""Nothing is lost: reload, two tabs, no line, a busy or forgetful gateway, an answer that comes late."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_chat import Chat
from browser_gateway import Gateway, wait_for
from playwright.sync_api import BrowserContext, Route, expect


def test_a_reload_brings_everything_back(chat: Chat, gateway: Gateway) -> None:
    chat.say("hello").sees("answer 1")
    words = chat.words()
    before = gateway.count()
    chat.page.reload()
    chat.open().sees("answer 1")
    assert chat.words() == words
    assert gateway.count() == before


def test_two_tabs_stay_in_step(chat: Chat, gateway: Gateway) -> None:
    other = Chat.visit(chat.page.context, gateway.url).open()
    chat.say("from the first").sees("answer 1")
    other.sees("from the first").sees("answer 1")
    other.say("from the second").sees("answer 2")
    chat.sees("from the second").sees("answer 2")
    assert chat.words() == other.words()
    other.menu().button("Delete this chat").click()
    other.button("Yes, delete").click()
    expect(chat.dialog.get_by_text("Your chat has been deleted.")).to_be_visible()


def test_what_is_written_without_a_line_is_sent_in_order_when_it_is_back(chat: Chat, gateway: Gateway) -> None:
    chat.say("zero").sees("answer 1")
    chat.page.context.set_offline(True)
    for text in ("one", "two", "three"):
        chat.say(text)
    expect(chat.status).to_contain_text("You are offline")
    expect(chat.log.get_by_text("Not sent yet")).to_have_count(3)
    chat.page.context.set_offline(False)
    expect(chat.log.get_by_text("Sent", exact=True)).to_have_count(4)
    expect(chat.status).not_to_contain_text("offline")
    assert gateway.texts() == ["zero", "one", "two", "three"]
    assert chat.words().count("two") == 1


def test_unsent_words_survive_a_reload(chat: Chat, gateway: Gateway) -> None:
    chat.say("zero").sees("answer 1")
    chat.page.route("**/api/conversation/messages", lambda route: route.abort())
    chat.say("not yet sent")
    expect(chat.log.get_by_text("Not sent yet")).to_be_visible()
    chat.page.unroute("**/api/conversation/messages")
    chat.page.reload()
    chat.open().sees("not yet sent")
    wait_for(lambda: gateway.texts() == ["zero", "not yet sent"])
    wait_for(lambda: chat.page.evaluate("sessionStorage.length") == 0)


def test_an_answer_lost_on_the_way_does_not_double_the_message(chat: Chat, gateway: Gateway) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    chat.page.route("**/api/conversation/messages", lose, times=1)
    chat.say("hello").sees("answer 1")
    expect(chat.log.get_by_text("Sent", exact=True)).to_have_count(1)
    assert gateway.texts() == ["hello"]
    assert chat.words()[1:] == ["hello", "answer 1"]


def test_too_many_waits_as_told_and_says_whom_to_call(chat: Chat, gateway: Gateway) -> None:
    busy = {"status": 429, "headers": {"Retry-After": "1"}, "json": {"error": "too_many", "reason": "x"}}
    chat.page.route("**/api/conversation/messages", lambda route: route.fulfill(**busy), times=1)  # type: ignore[arg-type]
    chat.say("hello")
    expect(chat.status).to_contain_text(
        "We try again in 2 seconds. If it cannot wait, call 555-010-0002. In an emergency call 911."
    )
    expect(chat.status.get_by_role("link", name="555-010-0002")).to_be_visible()
    chat.sees("answer 1")
    assert gateway.texts() == ["hello"]


def test_what_is_refused_for_good_can_be_discarded(chat: Chat, gateway: Gateway) -> None:
    no = {"status": 400, "json": {"error": "invalid", "reason": "x"}}
    chat.page.route("**/api/conversation/messages", lambda route: route.fulfill(**no), times=1)  # type: ignore[arg-type]
    chat.say("hello")
    expect(chat.log.get_by_text("Not sent", exact=True)).to_be_visible()
    expect(chat.status).to_contain_text("could not be taken")
    chat.button("Discard").click()
    expect(chat.log.get_by_text("hello")).to_have_count(0)
    chat.say("second").sees("answer 1")


def test_a_forgotten_conversation_begins_anew_and_the_message_goes_there(chat: Chat, gateway: Gateway) -> None:
    chat.say("hello").sees("answer 1")
    chat.page.evaluate("localStorage.setItem('clinic-chat:demo:token', 'nobody')")
    chat.say("hello again")
    expect(chat.status).to_contain_text("this is a new one")
    wait_for(lambda: gateway.texts() == ["hello again"])
    wait_for(lambda: chat.words()[1:] == ["hello again", "answer 1"])


def test_a_late_answer_arrives_by_itself(chat: Chat, gateway: Gateway) -> None:
    gateway.engine.thinking = True
    chat.say("hello")
    expect(chat.dialog.get_by_text("The assistant is typing")).to_have_count(1)
    gateway.staff_says("We are on it")
    chat.sees("We are on it")
    gateway.engine.thinking = False


def test_a_second_message_does_not_wait_for_the_answer_to_the_first(chat: Chat, gateway: Gateway) -> None:
    # the gateway takes the first, its answer to the call never comes: only the stream tells that it is stored
    chat.page.route("**/api/conversation/messages", lambda route: void(route.fetch()), times=1)
    chat.say("first").say("I cannot breathe")
    expect(chat.log.get_by_text("Call 911 now.")).to_be_visible()
    assert gateway.texts() == ["first", "I cannot breathe"]


def void(_: object) -> None:
    """Leave a request without an answer."""


def test_where_streams_are_held_back_it_asks(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    page = context().new_page()
    page.route("**/api/conversation/events", lambda route: route.abort())
    page.goto(gateway.url)
    chat = Chat(page).open()
    chat.say("hello").sees("answer 1")
    gateway.staff_says("Seen without a stream")
    chat.sees("Seen without a stream")


def test_a_browser_that_keeps_nothing_can_still_talk(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    page = context().new_page()
    refuse = "() => { throw new DOMException('no', 'SecurityError') }"
    for store in ("localStorage", "sessionStorage"):
        page.add_init_script(f"Object.defineProperty(window, '{store}', {{get: {refuse}}})")
    page.goto(gateway.url)
    Chat(page).open().say("hello").sees("answer 1").say("more").sees("answer 2")


def test_a_chat_that_does_not_load_says_whom_to_call(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    page = context().new_page()
    page.route("**/widget/panel-*.js", lambda route: route.abort(), times=1)
    page.goto(gateway.url)
    chat = Chat(page)
    chat.launcher.click()
    expect(page.get_by_role("alert")).to_contain_text("Please call 555-010-0001")
    chat.open()


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "[x](javascript:alert(1)) https://evil.example", "a\n\nb  c"]
)
def test_text_is_text_on_both_sides(chat: Chat, gateway: Gateway, text: str) -> None:
    gateway.engine.says = text
    chat.say(text)
    expect(chat.log.locator(".words")).to_have_count(3)
    assert chat.log.locator(".words").evaluate_all("all => all.slice(1).map(one => one.textContent)") == [text, text]
    assert chat.log.locator("img").count() == 0
    links = chat.log.locator(".words a").evaluate_all("all => all.map(one => one.protocol)")
    assert set(links) <= {"tel:"}
