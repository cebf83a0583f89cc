"""The desk in a real browser, the whole way: a patient writes, staff hear of it, answer, hand back, close."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_chat import Chat
from browser_desk import NUMB, THROAT, Clinic, Desk, coin_photo
from browser_gateway import ROOT, ready, wait_for
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_browser_access import AXE, violations

from bot.evaluation.processes import free_port

RINGS = """() => {
    window.rung = 0;
    HTMLMediaElement.prototype.play = () => { window.rung += 1; return Promise.resolve(); };
}"""
SCREENS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "320 px": {"width": 320, "height": 568, "has_touch": True, "is_mobile": True},
    "320 px dark": {"width": 320, "height": 568, "color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A gateway with the real scan, and its desk."""
    folder, port = tmp_path_factory.mktemp("desk"), free_port()
    url = f"http://127.0.0.1:{port}"
    rooms = [str(ROOT), str(ROOT / "tests" / "gateway"), str(ROOT / "tests" / "browser")]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(rooms), "QUEUE_FILE": str(folder / "huey.sqlite3")}
    command = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("serve_desk.py")), str(folder), str(port)]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: ready(url) or running.poll() is not None, 180)
        assert running.poll() is None, (folder / "log").read_text()
        made = Clinic(url)
        made.chat("hello")  # the scan is warm
        yield made
    finally:
        running.terminate()
        running.wait(10)


@pytest.fixture(scope="module")
def badges(browser: Browser, clinic: Clinic) -> Callable[[str], Any]:
    """The cookies of somebody who signed in once: signing in is meant to be slow."""
    known: dict[str, Any] = {}

    def badge(name: str) -> Any:
        if name not in known:
            context = browser.new_context()
            Desk.sign_in(context, clinic.url, name)
            known[name] = context.storage_state()
            context.close()
        return known[name]

    return badge


@pytest.fixture
def desk(context: Callable[..., BrowserContext], clinic: Clinic, badges: Callable[[str], Any]) -> Callable[..., Desk]:
    """Opens the inbox of somebody of the staff."""

    def open_desk(name: str = "ben", **screen: Any) -> Desk:
        page = context(storage_state=badges(name), reduced_motion="reduce", **screen).new_page()
        page.add_init_script(f"({RINGS})()")
        page.goto(f"{clinic.url}/desk")
        return Desk(page, clinic.url)

    return open_desk


def test_a_red_flag_of_the_chat_the_whole_way(
    context: Callable[..., BrowserContext], clinic: Clinic, desk: Callable[..., Desk]
) -> None:
    ben = desk("ben")
    ben.page.get_by_role("button", name="Sound is off").click()
    expect(ben.page.get_by_role("button", name="Sound is on")).to_be_visible()
    rung = ben.page.evaluate("rung")
    patient = Chat.visit(context(), clinic.url).open()
    patient.say(THROAT)
    line = ben.line("hard to swallow")
    expect(line).to_be_visible()
    expect(line).to_contain_text("Emergency")
    expect(line).to_contain_text("Nobody has looked")
    expect(ben.page).to_have_title(re.compile(r"^\(\d+ overdue\) Inbox"))
    wait_for(lambda: ben.page.evaluate("rung") > rung)

    ben.open("hard to swallow")  # the only one so far
    expect(ben.thread.locator("mark").first).to_have_text(re.compile("swallow|swelling"))
    expect(ben.page.get_by_role("complementary", name="Summary")).to_contain_text("Airway, swallowing, voice")
    ben.press("Take over")
    expect(ben.state).to_contain_text("You answer.")
    expect(patient.log.get_by_text("A person from our team is here now")).to_be_visible()
    ben.answer("This is Ben. Is somebody with you?")
    patient.sees("This is Ben. Is somebody with you?")
    expect(ben.page.get_by_label("Answer", exact=True)).to_have_value("")
    patient.say("yes, my wife")
    expect(ben.thread.get_by_text("yes, my wife")).to_be_visible()
    ben.press("Hand back")
    expect(ben.state).to_contain_text("The assistant answers.")
    expect(patient.log.get_by_text("The automated helper is back")).to_be_visible()
    ben.close_case("Sent to emergency care")
    expect(ben.state).to_contain_text("Done")
    ben.page.goto(f"{clinic.url}/desk/done")
    expect(ben.line("Sent to emergency care")).to_be_visible()


def test_an_alarm_shows_within_two_seconds_of_the_patients_message(clinic: Clinic, desk: Callable[..., Desk]) -> None:
    anna = desk("anna")
    watch = """known => new Promise(found => {
        const look = () => {
            for (const one of document.querySelectorAll('#list .line a'))
                if (!known.includes(one.id)) { found(Date.now()); observer.disconnect(); return; }
        };
        const observer = new MutationObserver(look);
        observer.observe(document.getElementById('list'), {childList: true, subtree: true});
        look();
    })"""
    device, took = {}, []
    for _ in range(3):  # the machine may be busy with other work: the best of three counts
        known = anna.page.locator("#list .line a").evaluate_all("all => all.map(one => one.id)")
        anna.page.evaluate(f"known => {{ window.seen = ({watch})(known); }}", known)
        device = clinic.chat()
        before = anna.page.evaluate("Date.now()")
        clinic.write(device, NUMB)
        took.append((anna.page.evaluate("seen") - before) / 1000)
    assert min(took) < 2.0, took


def test_the_same_by_text_message(clinic: Clinic, desk: Callable[..., Desk]) -> None:
    number = "+12125550199"
    ben = desk("ben")
    clinic.text(number, NUMB)
    expect(ben.line("(212) 555-0199")).to_contain_text("Within the hour")
    ben.open("(212) 555-0199")
    expect(ben.page.get_by_role("link", name="Call (212) 555-0199")).to_have_attribute("href", f"tel:{number}")
    ben.answer("Dr. Okafor here. Please call me on 555-010-0199.", "Take over and send")
    said = ben.thread.locator(".said.staff").filter(has_text="Dr. Okafor here.")
    expect(said).to_contain_text(re.compile("Sent|Delivered"))
    sent = [each["text"] for each in clinic.texts(number) if each["sender"] != "patient"]
    assert any(text.startswith("A person from our team is here now") for text in sent)
    assert sent[-1] == "Dr. Okafor here. Please call me on 555-010-0199."
    asked = len(clinic.texts(number))
    clinic.text(number, "thank you, I will")
    expect(ben.thread.get_by_text("thank you, I will")).to_be_visible()
    assert len(clinic.texts(number)) == asked + 1  # the assistant is silent
    ben.press("Hand back")
    expect(ben.state).to_contain_text("The assistant answers.")
    ben.close_case("Reached and advised")
    expect(ben.state).to_contain_text("Reached and advised")


def test_how_long_a_text_message_gets(clinic: Clinic, desk: Callable[..., Desk]) -> None:
    from bot.reply.sms import segments

    clinic.text("+12125550177", "can I talk to a person please, there is pus")
    ben = desk("ben").open("(212) 555-0177")
    box, says = ben.page.get_by_label("Answer", exact=True), ben.page.locator("#length")
    for text in ("ok", "x" * 160, "x" * 161, "€" * 80, "€" * 81, "smile 🙂", "“" * 71, "a" * 153 * 2 + "b"):
        box.fill(text)
        parts = segments(text)
        expect(says).to_contain_text(f" {parts} text message{'s' if parts > 1 else ''}")


def test_two_at_once(clinic: Clinic, desk: Callable[..., Desk]) -> None:
    clinic.chat(f"two at once: {NUMB}")
    anna, ben = desk("anna").newest(), desk("ben").newest()
    expect(anna.state).to_contain_text("Dr. Ben Okafor is looking")
    expect(ben.state).to_contain_text("Anna Ruiz is looking")
    late = desk("kim", java_script_enabled=False).newest()  # hears nothing of what follows
    ben.page.get_by_label("Answer", exact=True).press_sequentially("Let me")
    expect(anna.state).to_contain_text("Dr. Ben Okafor is writing")
    anna.press("Take over")
    expect(ben.state).to_contain_text("Anna Ruiz answers")
    expect(ben.page.get_by_label("Answer", exact=True)).to_have_value("Let me")
    late.press("Take over")
    expect(late.page.get_by_role("alert")).to_contain_text("Anna Ruiz was first and has this conversation since")
    late.page.get_by_role("link", name="See how it stands now").click()
    late.answer("I am sorry, we are two", "Send only")
    expect(late.page.get_by_role("status")).to_contain_text("Sent.")
    expect(anna.thread.get_by_text("I am sorry, we are two")).to_be_visible()


def test_a_box_opened_while_the_page_is_put_in_anew_stays_open(clinic: Clinic, desk: Callable[..., Desk]) -> None:
    """Two pieces come one upon the other, and between them somebody opens a box of the second."""
    clinic.chat(f"a box: {NUMB}")
    ben = desk("ben").newest()
    ben.page.evaluate(
        """() => {
          const tell = (name) => document.dispatchEvent(new CustomEvent(name, { detail: {} }));
          tell("htmx:beforeSwap");
          document.getElementById("pop-done").open = true;
          document.getElementById("outcome-reached_advised").checked = true;
          tell("htmx:beforeSwap");
          const anew = document.getElementById("state").cloneNode(true);
          for (const box of anew.querySelectorAll("details")) box.open = false;
          for (const one of anew.querySelectorAll("[type=radio]")) one.checked = false;
          document.getElementById("state").replaceWith(anew);
          tell("htmx:afterSettle");
        }"""
    )
    expect(ben.page.get_by_label("Reached and advised")).to_be_visible()
    expect(ben.page.get_by_label("Reached and advised")).to_be_checked()


def test_with_the_keyboard_alone(clinic: Clinic, desk: Callable[..., Desk]) -> None:
    clinic.chat(f"with keys: {NUMB}")
    ben = desk("ben")
    press, focused = ben.page.keyboard.press, ben.page.locator(":focus")
    expect(ben.line("chin still feels numb")).to_be_visible()
    press("/")
    expect(focused).to_have_attribute("name", "q")
    ben.page.keyboard.type("with keys")
    press("Enter")
    expect(ben.page.get_by_role("heading", name="Search")).to_be_attached()
    press("j")
    expect(focused).to_have_attribute("href", re.compile("/desk/conversations/"))
    press("Enter")
    expect(ben.state).to_be_visible()
    press("r")
    expect(focused).to_have_attribute("id", "text")
    press("/")
    expect(focused).to_contain_text("Hello, I am here")
    press("ArrowDown")
    press("Enter")
    box = ben.page.get_by_label("Answer", exact=True)
    expect(box).to_have_value(re.compile("^We will call you"))
    press("Control+Enter")
    expect(ben.thread.locator(".said.staff")).to_contain_text("We will call you")
    expect(ben.state).to_contain_text("You answer.")
    press("Tab")
    ben.page.locator("h1").click()
    press("n")
    ben.page.keyboard.type("Called twice")
    press("Control+Enter")
    expect(ben.thread.locator(".note")).to_contain_text("Called twice")
    ben.state.locator("summary", has_text="Done…").focus()
    press("Enter")
    expect(ben.page.get_by_label("Reached and treated")).to_be_focused()
    press("Escape")
    expect(ben.page.get_by_label("Reached and treated")).to_be_hidden()
    ben.page.locator("h1").click()
    press("?")
    ben.page.get_by_label("Use single keys").uncheck()
    press("Escape")
    press("i")
    expect(ben.state).to_be_visible()


def test_what_a_patient_writes_does_nothing(clinic: Clinic, desk: Callable[..., Desk]) -> None:
    script = "<script>alert(1)</script><img src=x onerror=alert(2)> there is pus"
    clinic.chat(script)
    ben = desk("ben")
    dialogs: list[str] = []
    ben.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    ben.newest()
    expect(ben.thread.get_by_text(script, exact=True)).to_be_visible()
    assert dialogs == []


def test_a_photo_and_its_ruler(clinic: Clinic, desk: Callable[..., Desk]) -> None:
    clinic.chat("a small metal thing came out", photo=coin_photo())
    ben = desk("ben")
    ben.newest()
    with ben.page.expect_response(re.compile(r"/desk/photos/[0-9a-f-]+$")) as got:
        ben.page.get_by_role("link", name="Photo from the patient").click()
    assert got.value.headers["content-type"] == "image/jpeg"
    assert got.value.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.value.headers["content-security-policy"]
    reading = ben.page.get_by_role("status").last
    expect(reading).to_contain_text(re.compile(r"about \d+\.\d mm"))
    points = ben.page.locator(".point")
    expect(points).to_have_count(4)
    # 240 px to a quarter's 24.26 mm, and the other two as far apart: so long is what is measured
    expect(reading).to_have_text("about 24.3 mm")
    points.nth(3).focus()
    for _ in range(12):
        ben.page.keyboard.press("Shift+ArrowLeft")
    expect(reading).to_have_text(re.compile(r"about 9\.\d mm|about 1[0-4]\.\d mm"))
    ben.page.get_by_label("What of a known size").select_option("17.91")
    expect(reading).not_to_have_text("about 24.3 mm")
    ben.page.get_by_role("button", name="Start again").click()
    expect(reading).to_have_text("about 24.3 mm")


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(clinic: Clinic, desk: Callable[..., Desk], screen: str) -> None:
    if not AXE.exists():
        assert not os.environ.get("CI"), "axe-core is not installed"
        pytest.skip("axe-core is not installed: npm ci in bot/widget")
    clinic.chat(f"for axe: {THROAT}, a 5 mm screw with threads came out", photo=coin_photo())
    ben = desk("ben", **SCREENS[screen])
    expect(ben.line("hard to swallow")).to_be_visible()
    _fits(ben.page)
    ben.page.locator(".filters summary").click()
    assert violations(ben.page) == []
    ben.newest()
    _fits(ben.page)
    assert violations(ben.page) == []
    ben.press("I am on it").answer("One moment", "Take over and send")
    expect(ben.state).to_contain_text("You answer.")
    ben.page.get_by_text("Note for the team").click()
    ben.page.get_by_label("Note", exact=True).fill("A note")
    ben.page.get_by_role("button", name="Leave the note").click()
    expect(ben.thread.locator(".note").first).to_be_visible()
    ben.state.locator("summary", has_text="Done…").click()
    _fits(ben.page)
    assert violations(ben.page) == []
    ben.page.keyboard.press("Escape")
    ben.page.get_by_role("link", name="Photo from the patient").first.click()
    expect(ben.page.locator(".point").first).to_be_visible()
    _fits(ben.page)
    assert violations(ben.page) == []


def test_on_a_phone_the_way_to_answer_is_short(clinic: Clinic, desk: Callable[..., Desk]) -> None:
    clinic.chat(f"by phone: {NUMB}")
    anna = desk("anna", width=360, height=740, has_touch=True, is_mobile=True)
    anna.newest()
    expect(anna.page.get_by_role("button", name="Take over", exact=True)).to_be_in_viewport()
    expect(anna.page.get_by_label("Answer", exact=True)).to_be_in_viewport()
    anna.page.get_by_role("link", name="Summary").click()
    expect(anna.page.get_by_role("heading", name="Situation")).to_be_in_viewport()
    anna.answer("We will call you now", "Take over and send")
    expect(anna.thread.get_by_text("We will call you now")).to_be_visible()
    anna.page.get_by_role("link", name="Inbox").last.click()
    expect(anna.page.locator("#list .line").filter(has_text="In hand: Anna Ruiz").first).to_be_visible()


def _fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
