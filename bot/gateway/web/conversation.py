"""The API of a conversation: begin it, write, read, take it home, delete it."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response

from bot.gateway.schemas import Begun, Receipt, Said, Shown, Started, Talk
from bot.gateway.web import showing
from bot.gateway.web.texts import spoken
from bot.gateway.web.visit import Inside, Mine
from bot.records import audit, conversations

LARGEST = 2**31 - 1
"""The highest number a message can have on every database."""

router = APIRouter(prefix="/api")


@router.post("/conversations", status_code=201)
async def start(services: Inside, body: Begun | None = None) -> Started:
    """A new conversation. Its token is shown once and kept by the patient's device alone."""
    language = spoken(services.clinic, body.lang if body else None)
    token, _, said = await services.way.open("web", services.now(), language)
    return Started(token=token, messages=[Shown.of(message, services.marks) for message in said])


@router.post("/conversation/messages")
async def send(body: Said, conversation: Mine, services: Inside) -> Receipt:
    """Store a message and answer it: within the engine's time, whatever happens."""
    if len(body.text) > services.settings.max_text:
        raise HTTPException(413, "too_large")
    receipt = await services.way.receive(conversation.id, body.text, body.client_id, services.now())
    services.hub.wake(conversation.id)
    return Receipt(
        message_id=receipt.message.id,
        seq=receipt.message.seq,
        replies=[Shown.of(reply, services.marks) for reply in receipt.replies],
        handed_to_staff=receipt.handed_to_staff,
    )


@router.get("/conversation/messages")
async def read(conversation: Mine, services: Inside, after: Annotated[int, Query(ge=0, le=LARGEST)] = 0) -> Talk:
    """Both sides' messages of the last week numbered higher than `after`."""
    found = await asyncio.to_thread(showing.talk, services, conversation.id, after)
    if found is None:
        raise HTTPException(404, "unknown_conversation")
    return found


@router.delete("/conversation", status_code=204)
async def forget(conversation: Mine, services: Inside) -> Response:
    """The conversation is gone for good; of a case stays what staff need, without a word of the patient."""

    def erase() -> None:
        with services.database.write() as session:
            files = conversations.erase(session, conversation.id, audit.PATIENT, services.now())
        services.photos.remove(files)

    await asyncio.to_thread(erase)
    services.hub.wake(conversation.id)
    return Response(status_code=204)
