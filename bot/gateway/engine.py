"""Asks the engine over loopback. Whatever goes wrong there is one exception here: the engine is away."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any, Literal

import aiohttp
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json, to_json

from bot.gateway.breaker import Breaker
from bot.records.conversations import Draft
from bot.triage.types import CaseHistory, Tier, Urgency

AT_ONCE = 8
"""Messages in the engine's hands: more only wait there, and are worked on when nobody waits for them any more."""
JSON = {"content-type": "application/json"}

PICTURE = r"^[a-z]+(-[a-z]+)*$"
IMAGE = r"^/parts/[a-z]+(-[a-z]+)*\.svg$"
"""Only our own drawings are shown: the name of one, and its address."""


class EngineAway(Exception):
    """No usable answer in time. `code` is for the log; `reached` says that it got the message and failed at it."""

    def __init__(self, code: str, reached: bool = True) -> None:
        super().__init__(code)
        self.reached = reached


class Flag(BaseModel):
    """A raised red flag, as in `Assessment.to_dict`."""

    rule: str
    tier: Tier
    response: str
    evidence: list[str]
    source: str


class EngineAssessment(BaseModel):
    """`Assessment.to_dict`; what the gateway does not read is kept as it came."""

    model_config = ConfigDict(extra="allow")

    urgency: Urgency
    red_flags: list[Flag]


class _Button(BaseModel):
    title: str
    payload: str
    picture: str | None = Field(default=None, pattern=PICTURE)


class _Text(BaseModel):
    text: str = Field(min_length=1)
    buttons: list[_Button] = []
    image: str | None = Field(default=None, pattern=IMAGE)


class _Result(BaseModel):
    history: dict[str, Any]
    assessment: EngineAssessment
    intents: list[str]
    findings: list[dict[str, Any]] = []


class _Answer(BaseModel):
    messages: list[_Text] = Field(min_length=1)
    result: _Result


@dataclass(frozen=True)
class Question:
    """One message for the engine, with all it needs to know. `received_at` is in the clinic's zone."""

    conversation_id: uuid.UUID
    message_id: uuid.UUID
    channel: Literal["web", "sms"]
    text: str
    history: CaseHistory
    received_at: datetime
    handed: Mapping[str, Any] | None = None
    """What was understood of exactly `text`: the engine then reads it no more."""


@dataclass(frozen=True)
class EngineReply:
    """What the engine says and what it found; `history` contains this message."""

    drafts: tuple[Draft, ...]
    history: CaseHistory
    assessment: EngineAssessment
    intents: tuple[str, ...]
    findings: tuple[dict[str, Any], ...]


class Engine:
    """A client of the engine's `gateway` channel. Use within one event loop; `close` when done."""

    def __init__(self, url: str) -> None:
        self._address = f"{url.rstrip('/')}/webhooks/gateway/"
        self._places = asyncio.Semaphore(AT_ONCE)
        self._breaker = Breaker()

    @cached_property
    def _session(self) -> aiohttp.ClientSession:
        """Made at the first use, which is within the event loop."""
        return aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None),  # see `ask`
            trust_env=False,  # a proxy of the environment must never see loopback traffic
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def ask(self, question: Question, seconds: float) -> EngineReply:
        """The engine's reply within `seconds`. Raises EngineAway for everything else."""
        metadata: dict[str, Any] = {
            "history": to_json(question.history.to_dict()).decode(),  # as text: Rasa copies metadata again and again
            "received_at": question.received_at.isoformat(),
            "message_id": str(question.message_id),
        }
        if question.handed is not None:
            metadata["understanding"] = question.handed
        body = {
            # a session each turn: all a turn needs comes with it, and each turn more in a session makes the next slower
            "sender": f"{question.conversation_id}.{question.history.turns}",
            "text": question.text,
            "channel": question.channel,
            "metadata": metadata,
        }
        asked = False
        try:
            async with asyncio.timeout(seconds), self._places:
                if not self._breaker.allows():
                    raise EngineAway("paused", reached=False)
                asked = True
                url = f"{self._address}webhook"
                async with self._session.post(url, data=to_json(body), headers=JSON, allow_redirects=False) as response:
                    content = await response.read()
        except TimeoutError:
            if not asked:
                raise EngineAway("busy", reached=False) from None
            self._breaker.failed()
            raise EngineAway("timeout") from None
        except aiohttp.ClientError as error:
            raise EngineAway(type(error).__name__, reached=False) from None
        self._breaker.succeeded()
        if response.status != HTTPStatus.OK:
            raise EngineAway(f"http_{response.status}")
        try:
            answer = _Answer.model_validate(from_json(content))  # read, then checked: half the time of both at once
            history = CaseHistory.from_dict(answer.result.history)
        except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
            raise EngineAway("garbage") from None  # the cause would quote the answer
        return EngineReply(
            drafts=tuple(
                Draft(
                    message.text,
                    tuple(button.model_dump(exclude_none=True) for button in message.buttons),
                    message.image,
                )
                for message in answer.messages
            ),
            history=history,
            assessment=answer.result.assessment,
            intents=tuple(answer.result.intents),
            findings=tuple(answer.result.findings),
        )

    async def reachable(self, seconds: float) -> bool:
        """Whether the engine's channel answers at all."""
        try:
            async with asyncio.timeout(seconds):
                async with self._session.get(self._address, allow_redirects=False) as response:
                    return response.status == HTTPStatus.OK
        except (TimeoutError, aiohttp.ClientError):
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()
