"""The shapes of the public API."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.gateway.web.marks import Marks
from bot.records.models import Direction, Message, PhotoState

ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
"""Chosen by the device: it makes sending the same thing again harmless."""
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
"""A language tag as browsers write it: en, es, es-MX."""


class Begun(BaseModel):
    """What a new conversation may be told."""

    model_config = ConfigDict(extra="forbid")

    lang: Language | None = None


class Said(BaseModel):
    """What a patient sends."""

    model_config = ConfigDict(extra="forbid")

    text: str
    client_id: ClientId | None = None


class SentPhoto(BaseModel):
    """What became of the photo of a message."""

    state: PhotoState


class Shown(BaseModel):
    """One message of either side. `seq` grows in a conversation, `at` is UTC, `buttons` {title, payload, picture?}.

    `urgent`: it sends the patient for help now. `language` is known of what the assistant says, and of nobody else;
    `name` is that of the person of staff who wrote it, where it is known.
    """

    id: uuid.UUID
    seq: int
    text: str
    buttons: list[dict[str, Any]]
    image: str | None
    photo: SentPhoto | None
    at: datetime
    sender: Direction = Field(serialization_alias="from")
    client_id: str | None
    urgent: bool
    language: str | None
    name: str | None

    @classmethod
    def of(cls, message: Message, marks: Marks, photo: PhotoState | None = None) -> Shown:
        """The public part of a stored message, and what became of its photo if it has one."""
        mark = marks.of(message.text) if message.direction == "assistant" else None
        return cls(
            id=message.id,
            seq=message.seq,
            text=message.text,
            buttons=message.buttons,
            image=message.image,
            photo=None if photo is None else SentPhoto(state=photo),
            at=message.received_at.astimezone(timezone.utc),
            sender=message.direction,
            client_id=message.client_id,
            urgent=mark is not None and mark.urgent,
            language=mark.language if mark else None,
            name=message.author,
        )


class Started(BaseModel):
    """A new conversation."""

    token: str
    messages: list[Shown]
    handed_to_staff: bool = False


class Receipt(BaseModel):
    """A message was stored as number `seq`; what there is to say to it now."""

    message_id: uuid.UUID
    seq: int
    replies: list[Shown]
    handed_to_staff: bool


class State(BaseModel):
    """Whether a person will act on the conversation, and whether one has it now."""

    handed_to_staff: bool
    taken_over: bool


class Talk(State):
    """A part of a conversation."""

    messages: list[Shown]


class Problem(BaseModel):
    """Why a request was refused: a code for programs, a short reason for their authors."""

    error: str
    reason: str
