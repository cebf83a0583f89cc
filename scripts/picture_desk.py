"""Makes the README's picture of the desk, beside `make run`; DESK_NAME and DESK_PASSWORD are those of a clinician.

It writes as patients do, so run it on records that are for trying out.
"""

from __future__ import annotations

import os
import shutil
import sys
import uuid

import httpx
from picture import FLAGS, FOLDER
from playwright.sync_api import Error, expect, sync_playwright

URL = os.environ.get("URL", "http://127.0.0.1:8000").rstrip("/")
SCREEN = {"width": 1440, "height": 900}
TEXTS = (
    ("+12125550181", "There is pus coming out around my implant and it tastes bad. No fever."),
    ("+12125550182", "my face is swelling up fast and it is getting hard to swallow"),
)
CHATS = (
    ("A small metal thing with threads came out of my mouth. Can I talk to a person?",),
    (
        "Will the gum close up now?",
        "thank you. also my chin still feels numb, the lower implant was placed yesterday morning. I take eliquis",
    ),
)


def write() -> None:
    """What patients write, by text message and in the chat."""
    for number, text in TEXTS:
        httpx.post(f"{URL}/dev/sms/send", json={"number": number, "text": text}, timeout=30).raise_for_status()
    for chat in CHATS:
        token = httpx.post(f"{URL}/api/conversations", json={}, timeout=30).json()["token"]
        for text in chat:
            body = {"text": text, "client_id": uuid.uuid4().hex}
            device = {"Authorization": f"Bearer {token}"}
            httpx.post(f"{URL}/api/conversation/messages", json=body, headers=device, timeout=30).raise_for_status()


def main() -> None:
    """The conversation about numbness, in the hands of whoever signs in."""
    write()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = browser.new_page(viewport=SCREEN, reduced_motion="reduce")
        page.goto(f"{URL}/desk")
        page.get_by_label("Name").fill(os.environ["DESK_NAME"])
        page.get_by_label("Password").fill(os.environ["DESK_PASSWORD"])
        page.get_by_role("button", name="Sign in").click()
        page.locator("#list .line a").filter(has_text="chin still feels numb").first.click()
        page.get_by_role("button", name="Take over", exact=True).click()
        expect(page.locator("#state")).to_contain_text("You answer.")
        page.get_by_label("Answer", exact=True).fill(
            "Thank you for telling us. We will call you in the next few minutes."
        )
        page.wait_for_timeout(1_500)
        page.screenshot(path=FOLDER / "desk.png")
        browser.close()


if __name__ == "__main__":
    try:
        main()
    except (Error, AssertionError, httpx.HTTPError, KeyError) as error:
        sys.exit(f"No picture: {str(error).splitlines()[0]}")
