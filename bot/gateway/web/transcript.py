"""The conversation as a text file to keep."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse

from bot.clinic import Clinic
from bot.gateway.schemas import Language, Shown
from bot.gateway.web import showing
from bot.gateway.web.texts import Texts, spoken
from bot.gateway.web.visit import Inside, Mine

TIME = "%Y-%m-%d %H:%M"

router = APIRouter(prefix="/api")


@router.get("/conversation/transcript")
async def transcript(
    conversation: Mine, services: Inside, request: Request, lang: Language | None = None
) -> PlainTextResponse:
    """What the web shows of the conversation, with the clinic's number above it, to be saved."""
    talk = await asyncio.to_thread(showing.talk, services, conversation.id, 0)
    if talk is None:
        raise HTTPException(404, "unknown_conversation")
    language = spoken(services.clinic, lang or conversation.language)
    widget: Texts = request.app.state.texts
    own: Texts = request.app.state.transcript_texts
    now = services.now()
    return PlainTextResponse(
        write(talk.messages, services.clinic, widget.of(language) | own.of(language), now),
        headers={"content-disposition": f'attachment; filename="chat-{now:%Y-%m-%d}.txt"'},
    )


def write(messages: list[Shown], clinic: Clinic, words: Mapping[str, str], now: datetime) -> str:
    """The file's text: a head, then each message under its time (the clinic's) and who wrote it."""
    names = {"patient": words["you"], "assistant": words["assistant"], "staff": words["staff"]}
    facts = clinic.facts(now)
    local = f"{now.astimezone(clinic.timezone):{TIME} %Z}"
    head = [
        words["title"].format_map(facts),
        words["notice"].format_map(facts),
        words["saved"].format(time=local),
    ]
    lines = ["\n".join(head)]
    for message in messages:
        at = message.at.astimezone(clinic.timezone)
        said = [message.text] if message.text else []
        said += [words["photo"]] if message.photo else []
        lines.append("\n".join([f"{at:{TIME}}  {names[message.sender]}", *said]))
    return "\n\n".join(lines) + "\n"
