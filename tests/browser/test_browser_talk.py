"""A patient talks: sending, red flag, quick replies, picker, photo, staff, files, language."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from browser_chat import Chat
from browser_gateway import Gateway, wait_for
from PIL import Image
from playwright.sync_api import BrowserContext, expect


def yes_no(gateway: Gateway) -> None:
    gateway.engine.buttons = [{"title": word, "payload": word} for word in ("Yes", "No")]


def test_the_first_words_are_what_it_is_and_whom_to_call(chat: Chat) -> None:
    expect(chat.dialog).to_contain_text("I am an automated helper and not a dentist. In an emergency call 911.")
    expect(chat.dialog.get_by_role("link", name="911").first).to_have_attribute("href", "tel:911")
    call = chat.dialog.get_by_role("link", name=re.compile("^Call the clinic"))
    expect(call).to_have_attribute("href", re.compile(r"^tel:555010000[12]$"))
    expect(chat.button("Talk to a person")).to_be_visible()


def test_a_message_is_answered_and_both_are_told_apart(chat: Chat) -> None:
    chat.say("my cap fell out").sees("answer 1")
    assert chat.words()[1:] == ["my cap fell out", "answer 1"]
    expect(chat.log.get_by_role("listitem").filter(has_text="my cap fell out")).to_contain_text("Sent")
    expect(chat.log.get_by_text("Today")).to_be_visible()
    assert chat.log.locator("time").last.get_attribute("datetime")
    expect(chat.field).to_be_focused()
    expect(chat.field).to_have_value("")


def test_a_red_flag_stands_out_is_announced_and_staff_are_told(chat: Chat) -> None:
    chat.say("I cannot breathe")
    line = chat.log.get_by_role("listitem").filter(has_text="Call 911 now.")
    expect(line).to_contain_text("Urgent")
    expect(line.get_by_role("link", name="911").first).to_have_attribute("href", "tel:911")
    expect(chat.dialog.get_by_role("alert").filter(has_text="Call 911 now.")).to_have_count(1)
    expect(chat.status).to_contain_text("Our team has been told")


def test_quick_replies_belong_to_the_last_message_only(chat: Chat, gateway: Gateway) -> None:
    yes_no(gateway)
    chat.say("hello").sees("answer 1")
    replies = chat.dialog.get_by_role("group", name="Quick replies")
    expect(replies.get_by_role("button")).to_have_text(["Yes", "No"])
    gateway.engine.buttons = []
    chat.button("Yes").click()
    chat.sees("answer 2")
    expect(replies).to_have_count(0)
    assert gateway.texts() == ["hello", "Yes"]


def test_the_picker_is_a_group_of_radio_buttons_with_pictures(chat: Chat, gateway: Gateway) -> None:
    names = {"Healing abutment": "healing-abutment", "Implant": "implant", "Not sure": None}
    gateway.engine.buttons = [{"title": n, "payload": n} | ({"picture": p} if p else {}) for n, p in names.items()]
    chat.say("a thing came out").sees("answer 1")
    group = chat.dialog.get_by_role("group", name="Tap the picture that looks most like it")
    expect(group.get_by_role("radio")).to_have_count(3)
    assert group.locator("img").evaluate_all("all => all.map(one => new URL(one.src).pathname)") == [
        "/parts/healing-abutment.svg",
        "/parts/implant.svg",
    ]
    gateway.engine.buttons = []
    group.get_by_role("radio", name="Healing abutment").focus()
    chat.page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", name="Implant")).to_be_checked()
    chat.button("Send: Implant").click()
    chat.sees("answer 2")
    assert gateway.texts()[-1] == "Implant"


def test_a_reply_s_picture_leads_to_the_page_of_parts(chat: Chat, gateway: Gateway) -> None:
    gateway.engine.image = "/parts/implant.svg"
    chat.say("what is it?").sees("answer 1")
    link = chat.log.get_by_role("link", name="See this part and others")
    expect(link).to_have_attribute("href", f"{gateway.url}/parts?lang=en#implant")
    shown = "one => one.complete && one.naturalWidth > 0"
    wait_for(lambda: link.locator("img").evaluate(shown))


def photo(width: int = 3000, height: int = 1500) -> bytes:
    """A JPEG that says where and with what it was made."""
    picture = Image.new("RGB", (width, height), "#a33")
    exif = picture.getexif()
    exif[0x010F] = "Marker Camera"
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_photo_is_shown_first_made_small_and_sent_without_its_data(chat: Chat, gateway: Gateway) -> None:
    # Playwright does not show the files of a form: the page keeps what it sends
    chat.page.evaluate(
        """() => {
            const send = XMLHttpRequest.prototype.send;
            XMLHttpRequest.prototype.send = function (form) { window.sent = form.get('photo'); send.call(this, form); };
        }"""
    )
    choose = {"name": "mouth.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    with chat.page.expect_file_chooser() as chooser:
        chat.button("Add a photo").click()
    chooser.value.set_files([choose])  # type: ignore[list-item]
    expect(chat.dialog.get_by_text("Photo ready to send")).to_be_visible()
    chat.button("Remove the photo").click()
    expect(chat.dialog.get_by_text("Photo ready to send")).to_have_count(0)
    with chat.page.expect_file_chooser() as chooser:
        chat.button("Add a photo").click()
    chooser.value.set_files([choose])  # type: ignore[list-item]
    expect(chat.dialog.get_by_text("Photo ready to send")).to_be_visible()
    chat.say("this is it")
    expect(chat.log.get_by_role("listitem").filter(has_text="this is it")).to_contain_text("Sent")
    assert gateway.texts() == ["this is it"]
    jpeg = bytes(chat.page.evaluate("async () => [...new Uint8Array(await window.sent.arrayBuffer())]"))
    assert Image.open(io.BytesIO(jpeg)).size == (2048, 1024)
    assert b"Marker Camera" not in jpeg
    assert b"Exif" not in jpeg
    chat.page.reload()
    chat.open()
    expect(chat.log.get_by_text("Photo, kept for our team to look at")).to_be_visible()


def test_what_is_no_picture_is_refused_kindly(chat: Chat) -> None:
    file = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"<script>alert(1)</script>"}
    with chat.page.expect_file_chooser() as chooser:
        chat.button("Add a photo").click()
    chooser.value.set_files([file])  # type: ignore[list-item]
    expect(chat.dialog.get_by_role("alert").filter(has_text="could not read this picture")).to_be_visible()


def test_a_person_is_one_press_away(chat: Chat, gateway: Gateway) -> None:
    chat.button("Talk to a person").click()
    chat.sees("answer 1")
    assert gateway.texts() == ["I want to talk to a person"]


def test_a_message_of_staff_arrives_by_itself(chat: Chat, gateway: Gateway) -> None:
    chat.say("hello").sees("answer 1")
    gateway.staff_says("This is Ana. Can you come at 3?", take_over=True)
    chat.sees("This is Ana. Can you come at 3?")
    expect(chat.log.get_by_role("listitem").last).to_contain_text("Clinic staff")
    expect(chat.status).to_contain_text("A person from the clinic has joined.")


def test_a_message_that_comes_while_the_chat_is_closed_is_counted_also_on_another_page(
    chat: Chat, gateway: Gateway
) -> None:
    title = chat.page.title()
    chat.say("hello").sees("answer 1")
    chat.button("Close chat").click()
    gateway.staff_says("One")
    gateway.staff_says("Two")
    expect(chat.launcher).to_have_accessible_name(re.compile("2 new messages$"))
    assert chat.page.title() == title
    chat.page.reload()
    expect(chat.launcher).to_have_accessible_name(re.compile("2 new messages$"))
    chat.open().sees("Two")
    chat.button("Close chat").click()
    expect(chat.launcher).not_to_have_accessible_name(re.compile("new message"))


def test_the_chat_can_be_taken_home(chat: Chat) -> None:
    chat.say("hello there").sees("answer 1")
    chat.menu()
    with chat.page.expect_download() as download:
        chat.button("Save this chat as a file").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename.endswith(".txt")
    assert "hello there" in text
    assert "answer 1" in text


def test_deleting_asks_first_and_leaves_nothing_here_or_there(chat: Chat, gateway: Gateway) -> None:
    chat.say("hello there").sees("answer 1")
    before = gateway.count()
    chat.menu().button("Delete this chat").click()
    expect(chat.button("No, keep it")).to_be_focused()
    chat.button("No, keep it").click()
    chat.button("Delete this chat").click()
    chat.button("Yes, delete").click()
    expect(chat.dialog.get_by_text("Your chat has been deleted.")).to_be_visible()
    assert chat.words() == []
    assert gateway.count() == before - 1
    assert chat.page.evaluate("Object.keys(localStorage).filter(key => /token|seen|outbox/.test(key))") == []
    chat.button("Start a new chat").click()
    expect(chat.log.get_by_text("I am an automated helper for")).to_be_visible()
    chat.say("again").sees("answer 1")


def test_spanish_is_chosen_and_kept(chat: Chat) -> None:
    chat.menu().button("Español").click()
    expect(chat.dialog).to_have_attribute("lang", "es")
    expect(chat.dialog).to_contain_text("no un dentista")
    chat.page.reload()
    expect(chat.launcher).to_contain_text("Pregunte")


def test_the_page_s_language_is_the_first_choice(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    device = context(locale="es-MX")
    page = device.new_page()
    page.add_init_script("document.addEventListener('readystatechange', () => document.documentElement.lang = '')")
    page.goto(gateway.url)
    expect(Chat(page).launcher).to_contain_text("Pregunte")


def test_nothing_of_the_talk_stays_on_the_device(chat: Chat) -> None:
    chat.say("a very private thing").sees("answer 1")
    wait_for(lambda: chat.page.evaluate("sessionStorage.length") == 0)
    kept = chat.page.evaluate("JSON.stringify({...localStorage}) + document.cookie")
    assert "private" not in kept
    assert "answer" not in kept
    assert chat.page.evaluate("document.cookie") == ""


def test_a_person_looks_and_reads_like_one(context: Callable[..., BrowserContext], gateway: Gateway) -> None:
    """In another colour than the assistant's, with the name; and it is told that somebody has joined."""
    chat = Chat.visit(context(), gateway.url).open()
    chat.say("hello").sees("answer 1")
    gateway.staff_says("I am Ana. Can you come at 3 pm?", take_over=True, author="Ana, front desk")
    line = chat.log.get_by_role("listitem").filter(has_text="Can you come at 3 pm?")
    expect(line).to_contain_text("Ana, front desk · Clinic staff")
    assistant = chat.log.get_by_role("listitem").filter(has_text="answer 1")
    look = "one => getComputedStyle(one.querySelector('.words')).backgroundColor"
    assert line.evaluate(look) != assistant.evaluate(look)
    expect(chat.status).to_have_text("A person from the clinic has joined.")


def test_the_first_words_of_an_urgent_line_stay_in_sight(
    context: Callable[..., BrowserContext], gateway: Gateway
) -> None:
    """On a small screen the rest of the answer must not push "Call 911 now" away, until the patient writes on."""
    chat = Chat.visit(context(320, 568, has_touch=True, is_mobile=True), gateway.url).open()
    gateway.engine.delay, gateway.engine.says = (
        0.5,
        "Are you alone? A person from our team will see this, and call you.",
    )
    yes_no(gateway)
    chat.say("I cannot breathe").sees("Are you alone? A person from our team will see this, and call you.")
    top = "one => one.getBoundingClientRect().top - one.closest('[role=log]').getBoundingClientRect().top"
    line = chat.log.get_by_role("listitem").filter(has_text="Call 911 now.")
    chat.page.wait_for_timeout(500)
    assert line.evaluate(top) >= 0
    chat.say("ok")
    expect(chat.log.get_by_text("Are you alone?")).to_have_count(2)
    expect(chat.button("Yes")).to_be_in_viewport()


def test_the_pictures_of_the_picker_are_large_enough_for_a_finger_and_an_eye(
    context: Callable[..., BrowserContext], gateway: Gateway
) -> None:
    names = ("Implant", "Crown", "Cover screw", "Abutment")
    gateway.engine.buttons = [
        {"title": name, "payload": name, "picture": name.lower().replace(" ", "-")} for name in names
    ]
    chat = Chat.visit(context(320, 568, has_touch=True, is_mobile=True), gateway.url).open()
    chat.say("which part?").sees("answer 1")
    pictures = chat.dialog.locator("clinic-chat-picker img")
    expect(pictures).to_have_count(4)
    boxes = [picture.bounding_box() for picture in pictures.all()]
    assert all(box and box["width"] >= 96 and box["height"] >= 96 for box in boxes)
    assert len({round(box["x"]) for box in boxes if box}) == 2, "two columns"


def test_a_photo_that_could_not_be_kept_is_told_in_another_tab_at_once(
    context: Callable[..., BrowserContext], gateway: Gateway
) -> None:
    device = context()
    chat = Chat.visit(device, gateway.url).open()
    chat.say("look").sees("answer 1")
    other = Chat.visit(device, gateway.url).open().sees("answer 1")
    settle = gateway.photo_of_last_message()
    chat.page.reload()
    chat.open()
    expect(chat.log.get_by_text("Photo, kept for our team to look at")).to_be_visible()
    settle("refused")
    for tab in (chat, other):
        expect(tab.log.get_by_text("Photo, could not be used")).to_be_visible()
