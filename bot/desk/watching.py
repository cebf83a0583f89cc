"""The stream that tells an open page of news, and the signs of life that page gives."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from fastapi import APIRouter, Form, HTTPException, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.desk import sessions
from bot.desk.conversation import arrive
from bot.desk.deps import Inside, Person, Signed
from bot.desk.desk import Desk
from bot.desk.live import INBOX
from bot.records import presence
from bot.records.models import Conversation

CHECK_SECONDS = 15.0
"""Between two looks whether the session is still on; also the heartbeat."""
RETRY_MS = 2_000
GOODBYE_SECONDS = 1.0

router = APIRouter(prefix="/live")


@router.get("/events", response_class=EventSourceResponse)
async def events(desk: Inside, person: Person, conversation: uuid.UUID | None = None) -> EventSourceResponse:
    """`list` when the inbox may look different, `talk` when the open conversation may, `over` when the session ends."""
    stopping = anyio.Event()
    return EventSourceResponse(
        stream(desk, person, conversation, stopping),
        ping=round(CHECK_SECONDS),
        ping_message_factory=lambda: ServerSentEvent(comment="", sep="\n"),
        shutdown_event=stopping,
        shutdown_grace_period=GOODBYE_SECONDS,
        sep="\n",
    )


async def stream(
    desk: Desk, person: Signed, conversation: uuid.UUID | None, stopping: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """The events of one open page. It ends with the session, and does not keep that alive."""
    yield ServerSentEvent(retry=RETRY_MS, sep="\n")
    with desk.tools.live.listen(conversation) as ear:
        while not stopping.is_set():
            for topic in sorted(ear.news, key=lambda topic: topic is not INBOX):
                yield _event("list" if topic is INBOX else "talk")
            ear.news.clear()
            ear.rung.clear()
            if await _rings(ear.rung, stopping):
                continue
            if not stopping.is_set() and not await asyncio.to_thread(sessions.lives, desk, person.session):
                yield _event("over")
                return


@router.post("/here/{conversation_id}")
def here(
    desk: Inside,
    person: Person,
    conversation_id: uuid.UUID,
    seen: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    answering: Annotated[bool, Form()] = False,
    gone: Annotated[bool, Form()] = False,
) -> Response:
    """The page is open and can be seen, up to the message `seen`; or it was closed."""
    with desk.database.read() as session:
        if session.get(Conversation, conversation_id) is None:
            raise HTTPException(404)
    if gone:
        with desk.database.write() as session:
            presence.leave(session, conversation_id, person.id)
        desk.tools.live.hurry()
    else:
        arrive(desk, person, conversation_id, seen, answering)
    return Response(status_code=204)


async def _rings(rung: asyncio.Event, stopping: anyio.Event) -> bool:
    """Whether there was news before it is time to look at the session again, or the server stops."""
    tasks = [asyncio.create_task(rung.wait()), asyncio.create_task(stopping.wait())]
    try:
        await asyncio.wait(tasks, timeout=CHECK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    return rung.is_set()


def _event(name: str) -> ServerSentEvent:
    return ServerSentEvent(data="1", event=name, sep="\n")
