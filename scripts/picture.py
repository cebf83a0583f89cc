"""Makes the README's pictures of the chat from the running bot: `make picture`, with `make run` beside it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, expect, sync_playwright

FOLDER = Path("docs") / "pictures"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 720}, "device_scale_factor": 2, "has_touch": True}
WHAT = ("A small metal thing came out of my mouth. What is it?", "I have it")
NUMB = (
    "Will the gum close up now?",
    "thank you. also my chin still feels numb, the lower implant was placed yesterday morning",
)
SCREENS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "chat_desktop.png": (WHAT, {"viewport": {"width": 1280, "height": 800}}),
    "chat_phone.png": (NUMB, PHONE | {"color_scheme": "dark"}),
}
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip


def picture(browser: Browser, url: str, target: Path, turns: tuple[str, ...], screen: dict[str, Any]) -> None:
    """Hold the conversation and photograph it."""
    page = browser.new_page(reduced_motion="reduce", **screen)
    page.goto(url)
    page.locator("clinic-chat button").click()
    log = page.get_by_role("log")
    for number, turn in enumerate(turns, start=1):
        page.get_by_role("textbox").fill(turn)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(log.locator(".patient")).to_have_count(number)
        expect(log.get_by_role("listitem").last.locator(".who")).not_to_have_text("You", timeout=15_000)
        page.wait_for_timeout(800)
    page.screenshot(path=target)
    page.close()


def main() -> None:
    """Both pictures, from the bot at URL (default: where `make run` serves it)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for name, (turns, screen) in SCREENS.items():
            picture(browser, os.environ.get("URL", "http://127.0.0.1:8000/"), FOLDER / name, turns, screen)
        browser.close()


if __name__ == "__main__":
    try:
        main()
    except (Error, AssertionError) as error:
        sys.exit(f"No picture: {str(error).splitlines()[0]}")
