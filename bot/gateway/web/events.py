"""The event stream of a conversation: what comes later, and what was missed while the line was away."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Header
from sse_starlette import EventSourceResponse, JSONServerSentEvent, ServerSentEvent

from bot.gateway.schemas import State
from bot.gateway.services import Services
from bot.gateway.web import showing
from bot.gateway.web.conversation import LARGEST
from bot.gateway.web.hub import Ear
from bot.gateway.web.visit import Inside, Mine
from bot.records.models import PhotoState

HEARTBEAT_SECONDS = 15
DEAD_SECONDS = 30
"""A stream whose device takes nothing for so long is given up."""
GOODBYE_SECONDS = 1.0
"""For a stream to end by itself when the server stops, so that the device sees an end and not a torn line."""
RETRY_MS = 2_000

router = APIRouter(prefix="/api")


@router.get("/conversation/events", response_class=EventSourceResponse)
async def events(
    conversation: Mine, services: Inside, last_event_id: Annotated[int, Header(ge=0, le=LARGEST)] = 0
) -> EventSourceResponse:
    """`message` (numbered), `photo`, `typing` and `state`; goes on after the number the device saw last."""
    stopping = anyio.Event()  # set by the library when the server stops
    return EventSourceResponse(
        stream(services, conversation.id, last_event_id, stopping),
        ping=HEARTBEAT_SECONDS,
        ping_message_factory=lambda: ServerSentEvent(comment="", sep="\n"),
        send_timeout=DEAD_SECONDS,
        shutdown_event=stopping,
        shutdown_grace_period=GOODBYE_SECONDS,
        sep="\n",
    )


async def stream(
    services: Services, conversation: uuid.UUID, after: int, stopping: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """The events of one stream, until the conversation is deleted, the device is gone or the server stops."""
    hub = services.hub
    state: State | None = None
    typing = False
    photos: dict[uuid.UUID, PhotoState] = {}  # as this stream has told them
    yield ServerSentEvent(retry=RETRY_MS, sep="\n")
    with hub.listen(conversation) as ear, _ending(ear, stopping):
        while True:
            if ear.news:
                ear.news = False
                talk = await asyncio.to_thread(showing.talk, services, conversation, after)
                if talk is None:
                    return
                for message in talk.messages:
                    after = message.seq
                    photos |= {message.id: message.photo.state} if message.photo else {}
                    yield _event("message", message.model_dump(mode="json", by_alias=True), id=str(after))
                for photo, fate in (await asyncio.to_thread(showing.photos, services, conversation)).items():
                    if photos.get(photo) != fate:
                        photos[photo] = fate
                        yield _event("photo", {"message_id": str(photo), "state": fate})
                now = State(handed_to_staff=talk.handed_to_staff, taken_over=talk.taken_over)
                if now != state:
                    state = now
                    yield _event("state", state.model_dump())
            if typing != hub.is_typing(conversation):
                typing = not typing
                yield _event("typing", {"from": "assistant", "on": typing})
            if ear.ended:
                return
            await ear.wait()


@contextmanager
def _ending(ear: Ear, stopping: anyio.Event) -> Iterator[None]:
    async def end() -> None:
        await stopping.wait()
        ear.ring(end=True)

    task = asyncio.create_task(end())
    try:
        yield
    finally:
        task.cancel()


def _event(name: str, data: Any, **fields: Any) -> ServerSentEvent:
    return JSONServerSentEvent(data, event=name, sep="\n", **fields)
