"""Makes docs/conversation.png from the running bot: `make picture`, with Debian's chromium and `make run` beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

TURNS = (
    "Hi, my healing abutment fell out last night. It's about 5 mm with threads, no pain. Will the gum close up?",
    "I can see something shiny in the hole",
    "thank you. also my chin still feels numb, the lower implant was placed yesterday morning",
)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip


def picture(url: str, target: Path, width: int, height: int) -> None:
    """Hold the conversation in a browser and photograph it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2)
        page.goto(url)
        for number, turn in enumerate(TURNS, start=1):
            page.get_by_label("Your message").fill(turn)
            page.get_by_role("button", name="Send").click()
            page.wait_for_function(
                "n => document.querySelectorAll('#talk li.patient').length >= n"
                " && document.querySelector('#talk li:last-child').matches('.assistant')",
                arg=number,
            )
            page.wait_for_timeout(500)
        page.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    try:
        picture(
            os.environ.get("URL", "http://127.0.0.1:8000/"),
            Path(sys.argv[1] if len(sys.argv) > 1 else "docs/conversation.png"),
            int(os.environ.get("WIDTH", "480")),
            int(os.environ.get("HEIGHT", "1400")),
        )
    except Error as error:
        sys.exit(f"No picture: {error.message.splitlines()[0]}")
