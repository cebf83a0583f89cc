"""What the browser tests run against: a gateway process, an engine that says what a test tells it to, the records."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "gateway"))

from gateway_fakes import FakeEngine  # noqa: E402
from sqlalchemy import select  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import Response  # noqa: E402

from bot.records import conversations, photos  # noqa: E402
from bot.records.conversations import Draft  # noqa: E402
from bot.records.database import Database  # noqa: E402
from bot.records.models import Conversation, Message, PhotoState  # noqa: E402
from bot.records.photos import Outcome  # noqa: E402


class Engine(FakeEngine):
    """Besides: `says` replaces the next answers' text, `image` goes with them."""

    says: str | None = None
    image: str | None = None

    async def _turn(self, request: Request) -> Response:
        response = await super()._turn(request)
        if response.status_code != 200:
            return response
        body = json.loads(bytes(response.body))
        for message in body["messages"]:
            message["text"] = self.says or message["text"]
            message["image"] = self.image
        return type(response)(body)


@dataclass
class Gateway:
    """The process's address and database, its engine, and a clinic's website elsewhere."""

    url: str
    website: str
    database: Database
    engine: Engine

    def texts(self) -> list[str]:
        """What patients wrote in the newest conversation."""
        with self.database.read() as session:
            newest = session.scalars(select(Conversation).order_by(Conversation.created_at.desc())).first()
            assert newest is not None
            rows = select(Message).where(Message.conversation_id == newest.id, Message.direction == "patient")
            return [message.text for message in session.scalars(rows.order_by(Message.seq))]

    def staff_says(self, text: str, take_over: bool = False, author: str | None = None) -> None:
        """As another process writes it: into the newest conversation."""
        with self.database.write() as session:
            newest = session.scalars(select(Conversation).order_by(Conversation.created_at.desc())).first()
            assert newest is not None
            newest.taken_over = take_over
            conversations.reply(session, newest.id, [Draft(text)], datetime.now(timezone.utc), None, "staff", author)

    def photo_of_last_message(self) -> Callable[[PhotoState], None]:
        """A photo that is still worked on comes with the patient's newest message; call what is given to settle it."""
        now = datetime.now(timezone.utc)
        with self.database.write() as session:
            rows = select(Message).where(Message.direction == "patient").order_by(Message.received_at.desc())
            message = session.scalars(rows).first()
            assert message is not None
            photo = photos.attach(session, message, Outcome("wanted"), now).id

        def settle(state: PhotoState) -> None:
            with self.database.write() as session:
                photos.settle(session, photo, Outcome(state, reason="unreadable"))

        return settle

    def count(self) -> int:
        """How many conversations there are."""
        with self.database.read() as session:
            return len(session.scalars(select(Conversation.id)).all())


def ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=1).status_code == 200
    except httpx.HTTPError:
        return False


def wait_for(condition: Callable[[], object], seconds: float = 15) -> None:
    """Until it is so. AssertionError if it never is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
