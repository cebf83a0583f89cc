"""What the desk's browser tests share: the process, patients who write, and a page of the desk."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Locator, Page, expect

from bot.gateway.settings import Settings

PASSWORD = "seven green kettles"
NUMB = "my chin still feels numb, the lower implant was placed yesterday morning"
THROAT = "my face is swelling up fast and it is getting hard to swallow"


def settings(folder: Path, port: int, engine_url: str) -> Settings:
    """Of a gateway that keeps everything in `folder`."""
    return Settings(
        database_url=f"sqlite:///{folder}/records.sqlite3",
        queue_file=f"{folder}/huey.sqlite3",
        photos_folder=f"{folder}/photos",
        secret_file=f"{folder}/secret.key",
        encryption_file=f"{folder}/encryption.key",
        engine_url=engine_url,
        public_url=f"http://127.0.0.1:{port}",
        sms_quiet=0.2,
    )


@dataclass
class Clinic:
    """The running gateway as patients reach it."""

    url: str

    def chat(self, *texts: str, photo: bytes | None = None) -> dict[str, str]:
        """A conversation in the website's chat; what its device sends to prove who it is."""
        token = httpx.post(f"{self.url}/api/conversations", json={}, timeout=30).json()["token"]
        device = {"Authorization": f"Bearer {token}"}
        for text in texts:
            self.write(device, text)
        if photo is not None:
            files, data = {"photo": ("photo.jpg", photo, "image/jpeg")}, {"client_id": uuid.uuid4().hex}
            url = f"{self.url}/api/conversation/photos"
            assert httpx.post(url, files=files, data=data, headers=device, timeout=30).status_code == 200
        return device

    def write(self, device: dict[str, str], text: str) -> None:
        body = {"text": text, "client_id": uuid.uuid4().hex}
        answer = httpx.post(f"{self.url}/api/conversation/messages", json=body, headers=device, timeout=30)
        assert answer.status_code == 200

    def text(self, number: str, text: str) -> None:
        """A text message through the signed webhook."""
        body = {"number": number, "text": text}
        assert httpx.post(f"{self.url}/dev/sms/send", json=body, timeout=30).status_code == 200

    def texts(self, number: str) -> list[dict[str, str]]:
        """Both sides' text messages."""
        answer = httpx.post(f"{self.url}/dev/sms/talk", json={"number": number}, timeout=30)
        found: list[dict[str, str]] = answer.json()["messages"]
        return found


def coin_photo() -> bytes:
    """Something round and something long on a table."""
    image = Image.new("RGB", (1200, 900), (196, 180, 160))
    draw = ImageDraw.Draw(image)
    draw.ellipse((180, 520, 480, 820), fill=(150, 150, 155), outline=(90, 90, 95), width=8)
    draw.rectangle((620, 400, 680, 640), fill=(120, 125, 130))
    data = io.BytesIO()
    image.save(data, "JPEG")
    return data.getvalue()


@dataclass
class Desk:
    """One tab of somebody of the staff."""

    page: Page
    url: str

    @classmethod
    def sign_in(cls, context: BrowserContext, url: str, name: str) -> Desk:
        page = context.new_page()
        page.goto(f"{url}/desk")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{url}/desk")
        return cls(page, url)

    def line(self, words: str) -> Locator:
        """The newest line of the list with these words."""
        return self.page.locator("#list .line a").filter(has_text=words).first

    def open(self, words: str) -> Desk:
        self.line(words).click()
        expect(self.page.locator("#state h1")).to_be_visible()
        return self

    def newest(self) -> Desk:
        """Opens the conversation with the latest news."""
        self.page.goto(f"{self.url}/desk/conversations")
        self.page.locator("#list .line a").first.click()
        expect(self.page.locator("#state h1")).to_be_visible()
        return self

    def press(self, name: str) -> Desk:
        self.page.locator("#state, #send").get_by_role("button", name=name, exact=True).click()
        return self

    def answer(self, text: str, button: str = "Send") -> Desk:
        self.page.get_by_label("Answer", exact=True).fill(text)
        return self.press(button)

    @property
    def state(self) -> Locator:
        return self.page.locator("#state")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("region", name="What was said")

    def close_case(self, outcome: str) -> Desk:
        box, choice = self.state.locator("summary", has_text="Done…"), self.page.get_by_label(outcome)
        box.click()
        try:
            expect(choice).to_be_visible(timeout=3_000)
        except AssertionError:  # the piece was put in anew between pressing and letting go
            box.click()
        choice.check()
        return self.press("Close the case")
