"""A stand-in for Twilio on loopback: its messages API with all that can go wrong, and its media. Also a process.

`PYTHONPATH=. python tests/gateway/fake_twilio.py PORT` serves it; GET /texts gives what it has taken.
"""

from __future__ import annotations

import asyncio
import base64
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TypeVar
from urllib.parse import urlencode

import httpx
import uvicorn
from gateway_fakes import House, Served
from sqlalchemy import exists, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from bot.evaluation.processes import free_port
from bot.records.models import WAITING, Base, Delivery, Message

Row = TypeVar("Row", bound=Base)
ACCOUNT, TOKEN, OUR_NUMBER = "ACtest", "test-token", "+15550100123"
PUBLIC = "https://texts.clinic.example"
CODES = {"limited": (429, 20429), "broken": (503, None), "stopped": (400, 21610), "bad number": (400, 21211)}


@dataclass
class Text:
    """One text the fake has taken."""

    sid: str
    to: str
    body: str
    callback: str
    at: datetime
    status: str = "queued"


@dataclass
class FakeTwilio:
    """`plan`: what happens to the next requests to send, one word each: a key of CODES; `hang` (not taken, no answer);
    `lost` (taken, no answer); `cut` (taken, the line breaks); `garbage`. After it all goes well."""

    plan: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    media: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    seconds: float = 3.0
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> Starlette:
        messages = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        return Starlette(
            routes=[
                Route(messages, self._send, methods=["POST"]),
                Route(messages, self._list),
                Route("/media/{name}", self._media),
                Route("/texts", lambda _: JSONResponse([[text.to, text.body] for text in self.texts])),
            ]
        )

    def start(self) -> None:
        self._served = Served(self.app(), self.port, lifespan="off")

    def stop(self) -> None:
        self._served.stop()

    @property
    def said(self) -> list[str]:
        return [text.body for text in self.texts]

    async def _send(self, request: Request) -> Response:
        assert _signed_in(request)
        form = await request.form()
        word = self.plan.pop(0) if self.plan else "fine"
        self.asked.append(word)
        if word in CODES:
            status, code = CODES[word]
            return JSONResponse({"code": code, "message": f"no: {form['To']} {form['Body']}", "status": status}, status)
        if word == "hang":
            await asyncio.sleep(self.seconds)
            return JSONResponse({}, 503)
        text = Text(
            f"SM{uuid.uuid4().hex}",
            str(form["To"]),
            str(form["Body"]),
            str(form.get("StatusCallback", "")),
            datetime.now(timezone.utc),
        )
        self.texts.append(text)
        if word == "lost":
            await asyncio.sleep(self.seconds)
        if word == "cut":
            raise ConnectionError("the line breaks")
        return Response("<html>") if word == "garbage" else JSONResponse(_shown(text), 201)

    async def _list(self, request: Request) -> Response:
        assert _signed_in(request)
        self.asked.append("list")
        to = request.query_params["To"]
        found = [_shown(text) for text in reversed(self.texts) if text.to == to]
        return JSONResponse({"messages": found, "next_page_uri": None, "page": 0, "page_size": 50})

    async def _media(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.asked.append(f"{name} {'signed in' if _signed_in(request) else 'nobody'}")
        if name.startswith("to:"):
            return RedirectResponse(base64.urlsafe_b64decode(name[3:]).decode(), 307)
        status, kind, data = self.media.get(name, (404, "text/plain", b"no"))
        return Response(data, status, media_type=kind)


def _signed_in(request: Request) -> bool:
    expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    return request.headers.get("authorization") == f"Basic {expected}"


def _shown(text: Text) -> dict[str, object]:
    at = format_datetime(text.at)
    return {"sid": text.sid, "to": text.to, "body": text.body, "status": text.status, "date_created": at}


def signed(path: str, fields: dict[str, str], token: str = TOKEN, public: str = PUBLIC) -> dict[str, str]:
    """The headers of a webhook as Twilio makes them."""
    signature = RequestValidator(token).compute_signature(f"{public}{path}", fields)
    return {"X-Twilio-Signature": signature, "content-type": "application/x-www-form-urlencoded"}


def fields(sid: str, sender: str, text: str, **more: str) -> dict[str, str]:
    """What Twilio posts for a message, blank fields and all."""
    place = {"FromCity": "", "FromState": "NY", "FromZip": "", "ToCity": ""}
    body = {"MessageSid": sid, "From": sender, "To": OUR_NUMBER, "Body": text, "NumMedia": "0", "AccountSid": ACCOUNT}
    return body | place | more


@dataclass
class TextDoor:
    """The gateway as the provider sees it."""

    client: httpx.AsyncClient
    house: House

    async def post(self, body: dict[str, str], path: str = "/sms/incoming") -> httpx.Response:
        """One signed webhook."""
        return await self.client.post(path, content=urlencode(body), headers=signed(path, body))

    async def text(self, sender: str, words: str, sid: str = "", **more: str) -> str:
        """A patient's text message; its MessageSid."""
        sid = sid or f"SM{uuid.uuid4().hex}"
        answer = await self.post(fields(sid, sender, words, **more))
        assert answer.status_code == 200, answer.text
        return sid

    async def settled(self) -> None:
        """Wait until every message has its answer, then be the worker and send."""
        while self._waiting():
            await asyncio.sleep(0.02)
        self.send()

    def send(self) -> None:
        services = self.house.services
        assert services.sms is not None
        services.sms.sender.drain_due(services.now())

    def later(self, seconds: float) -> None:
        """Let time pass for the deliveries."""
        back = timedelta(seconds=seconds)
        with self.house.services.database.write() as session:
            for delivery in session.scalars(select(Delivery)):
                delivery.next_at -= back

    def conversation(self, sender: str) -> uuid.UUID:
        sms = self.house.services.sms
        assert sms is not None
        found = sms.door.find(sender)
        assert found is not None
        return found

    def rows(self, kind: type[Row]) -> Sequence[Row]:
        with self.house.services.database.read() as session:
            return session.scalars(select(kind)).all()

    def states(self) -> list[str]:
        query = select(Delivery.state).join(Message).order_by(Message.received_at, Message.seq)
        with self.house.services.database.read() as session:
            return list(session.scalars(query))

    def _waiting(self) -> bool:
        with self.house.services.database.read() as session:
            return session.scalar(select(exists().where(Message.status.in_(WAITING)))) is True


if __name__ == "__main__":
    fake = FakeTwilio(port=int(sys.argv[1]))
    uvicorn.run(fake.app(), port=fake.port, log_config=None)
