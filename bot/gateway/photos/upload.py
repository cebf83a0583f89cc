"""A photo from the website's chat: kept beside its message, which goes its way like any other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from bot.gateway.bodies import Body
from bot.gateway.photos import words
from bot.gateway.schemas import ClientId, Receipt, Shown
from bot.gateway.services import Services
from bot.gateway.settings import Settings
from bot.gateway.web.visit import Inside, Mine
from bot.records import conversations, photos
from bot.records.models import Message
from bot.records.photos import Outcome

PATH = "/api/conversation/photos"
PATIENCE = 1.5
"""Seconds the words that came with a photo wait for it: a red flag in them is worth more than one answer for both."""
_CLIENT_ID: TypeAdapter[str] = TypeAdapter(ClientId)

router = APIRouter()


def body(settings: Settings) -> Body:
    """What this route takes: a photo with its text (up to four bytes a character), and a little around them."""
    return Body("multipart/form-data", settings.photo_bytes + 4 * settings.max_text + 10_000)


@dataclass(frozen=True)
class Sent:
    """The parts of the form."""

    data: bytes
    client_id: str
    text: str


@router.post(PATH)
async def send(request: Request, conversation: Mine, services: Inside) -> Receipt:
    """Store a photo, with or without words, and answer it. What is no picture at all is refused if no words came."""
    sent = await _form(request, services.settings)
    at = services.now()
    cleaning = asyncio.ensure_future(services.photos.taken(sent.data))
    await asyncio.wait([cleaning], timeout=PATIENCE if sent.text.strip() else None)
    first = cleaning.result() if cleaning.done() else Outcome("wanted")
    if first.reason == "not_a_photo" and not sent.text.strip():
        raise HTTPException(415, "wrong_type")
    attached = False

    def attach(session: Session, message: Message) -> None:
        nonlocal attached
        photos.attach(session, message, first, at)
        attached = True

    receipt = await services.way.receive(conversation.id, sent.text, sent.client_id, at, attach)
    message, late = receipt.message, list[Message]()
    if not attached or first.state == "wanted":
        late = await asyncio.to_thread(_settle, services, message, await cleaning)
    services.hub.wake(conversation.id)
    return Receipt(
        message_id=message.id,
        seq=message.seq,
        replies=[Shown.of(reply, services.marks) for reply in (*receipt.replies, *late)],
        handed_to_staff=receipt.handed_to_staff,
    )


def _settle(services: Services, message: Message, outcome: Outcome) -> list[Message]:
    """What became of a photo its words did not wait for, or that was sent again; what there is left to say of it."""
    said: list[Message] = []
    with services.database.write() as session:
        row = next(iter(photos.of(session, [message.id])), None)
        lost = row is not None and row.reason == photos.LOST  # the patient was told so, and has sent it again
        news = row is not None and photos.settle(session, row.id, outcome)
        if news and (lost or outcome.state == "refused"):
            now = services.now()
            draft = services.speech.say(words.line(outcome.state, outcome.reason), "web", now)
            said = conversations.reply(session, message.conversation_id, [draft], now, message.id)
    if not news and outcome.file:
        services.photos.remove([outcome.file])
    return said


async def _form(request: Request, settings: Settings) -> Sent:
    """Raises HTTPException: 400 for a form without a photo or a proper client_id, 413 for too long a text."""
    try:
        async with request.form(max_files=1, max_fields=2, max_part_size=4 * settings.max_text) as form:
            photo, client_id, text = form.get("photo"), form.get("client_id"), form.get("text", "")
            if not isinstance(photo, UploadFile) or not isinstance(text, str):
                raise HTTPException(400, "malformed")
            sent = Sent(await photo.read(), _CLIENT_ID.validate_python(client_id), text)
    except ValidationError:
        raise HTTPException(400, "invalid") from None
    except HTTPException as error:  # the form's own complaints quote its parts
        raise HTTPException(400, "malformed") from error
    if len(sent.text) > settings.max_text:
        raise HTTPException(413, "too_large")
    return sent
