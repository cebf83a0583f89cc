"""The developer's telephone at /dev/sms: only in local mode, and only for a browser on this very machine."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlencode

import httpx
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from twilio.request_validator import RequestValidator

from bot.gateway.services import Services
from bot.gateway.settings import Settings
from bot.gateway.sms.routes import INCOMING_PATH, SIGNATURE_HEADER
from bot.gateway.sms.texting import Sms, signing_token
from bot.gateway.web.address import asks_from_here
from bot.gateway.web.visit import Inside
from bot.records import texts

PAGE = Path(__file__).with_name("dev")
HERE = ("localhost", "127.0.0.1", "[::1]")
MOST = 50


class Number(BaseModel):
    """Whose telephone it is."""

    number: str = Field(max_length=32)


class Text(Number):
    """What its owner writes."""

    text: str = Field(max_length=20_000)


def local(request: Request, services: Inside) -> Sms:
    """The door in local mode. 404 for whoever is elsewhere, also behind a proxy on this machine."""
    sms = services.sms
    host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
    if sms is None or not sms.local or host not in HERE or not asks_from_here(request):
        raise HTTPException(404)
    return sms


Local = Annotated[Sms, Depends(local)]
router = APIRouter(prefix="/dev/sms", dependencies=[Depends(local)])


@router.get("")
async def page() -> FileResponse:
    """The telephone."""
    return FileResponse(PAGE / "index.html")


@router.get("/{name}")
async def part(name: Literal["phone.js", "phone.css"]) -> FileResponse:
    """What the page is made of."""
    return FileResponse(PAGE / name)


@router.post("/send")
async def send(text: Text, request: Request, services: Inside, sms: Local) -> dict[str, str]:
    """Post a text to this gateway as the provider would, signature and all. The sid it got."""
    body = webhook(text.number, sms.texting.number, text.text)
    transport = httpx.ASGITransport(app=request.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.post(INCOMING_PATH, content=urlencode(body), headers=signed(services.settings, body))
    if answer.status_code != httpx.codes.OK:
        raise HTTPException(answer.status_code)
    return {"sid": body["MessageSid"]}


@router.post("/talk")
async def talk(number: Number, services: Inside, sms: Local) -> dict[str, list[dict[str, str | None]]]:
    """The latest texts of a number, both sides', each of ours with the state of its delivery."""
    return {"messages": await asyncio.to_thread(_talk, services, sms, number.number)}


def webhook(sender: str, to: str, text: str) -> dict[str, str]:
    """What the provider posts for a text."""
    sid = f"SM{uuid.uuid4().hex}"
    return {"MessageSid": sid, "From": sender, "To": to, "Body": text, "NumMedia": "0", "FromCity": ""}


def signed(settings: Settings, body: dict[str, str]) -> dict[str, str]:
    """The headers of a webhook."""
    url = f"{settings.public_url.rstrip('/')}{INCOMING_PATH}"
    signature = RequestValidator(signing_token(settings)).compute_signature(url, body)
    return {SIGNATURE_HEADER: signature, "content-type": "application/x-www-form-urlencoded"}


def _talk(services: Services, sms: Sms, number: str) -> list[dict[str, str | None]]:
    conversation = sms.door.find(number)
    if conversation is None:
        return []
    with services.database.read() as session:
        return [
            {
                "id": str(message.id),
                "sender": message.direction,
                "text": message.text,
                "at": message.received_at.isoformat(),
                "state": delivery.state if delivery else None,
            }
            for message, delivery in texts.talk(session, conversation, MOST)
        ]
