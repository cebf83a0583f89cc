"""Who asks: the services of the running app, and the conversation whose token a request carries."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from bot.gateway.services import Services
from bot.records import conversations
from bot.records.models import Conversation


# dependencies that do not block are async: FastAPI calls any other in a thread
async def services_of(request: Request) -> Services:
    """The services of the running app."""
    services: Services = request.app.state.services
    return services


Inside = Annotated[Services, Depends(services_of)]


def bearer(request: Request) -> str:
    """The bearer token of a request; empty without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def token_of(request: Request) -> str:
    """A conversation's token. 401 if there is none: it never travels in an address."""
    if token := bearer(request):
        return token
    raise HTTPException(401, "no_token", {"WWW-Authenticate": "Bearer"})


async def conversation_of(token: Annotated[str, Depends(token_of)], services: Inside) -> Conversation:
    """The conversation of the token. 404 if there is none: the device then starts a new one."""

    def find() -> Conversation | None:
        with services.database.read() as session:
            return conversations.by_token(session, token)

    conversation = await asyncio.to_thread(find)
    if conversation is None:
        raise HTTPException(404, "unknown_conversation")
    return conversation


Mine = Annotated[Conversation, Depends(conversation_of)]
