"""The shapes of the public API."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.records.models import Direction, Message


class Said(BaseModel):
    """What a patient sends. `client_id`, chosen by the device, makes sending it again harmless."""

    model_config = ConfigDict(extra="forbid")

    text: str
    client_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")] | None = None


class Shown(BaseModel):
    """One message of either side. `seq` grows within a conversation; `buttons` are {title, payload}."""

    id: uuid.UUID
    seq: int
    text: str
    buttons: list[dict[str, Any]]
    at: datetime
    sender: Direction = Field(serialization_alias="from")
    client_id: str | None

    @classmethod
    def of(cls, message: Message) -> Shown:
        """The public part of a stored message."""
        return cls(
            id=message.id,
            seq=message.seq,
            text=message.text,
            buttons=message.buttons,
            at=message.received_at,
            sender=message.direction,
            client_id=message.client_id,
        )


class Started(BaseModel):
    """A new conversation."""

    token: str
    messages: list[Shown]


class Receipt(BaseModel):
    """A message was stored; what there is to say to it now."""

    message_id: uuid.UUID
    replies: list[Shown]
    handed_to_staff: bool


class Talk(BaseModel):
    """A part of a conversation, and whether a person will act on it."""

    messages: list[Shown]
    handed_to_staff: bool


class Problem(BaseModel):
    """Why a request was refused: a code for programs, a short reason for their authors."""

    error: str
    reason: str
