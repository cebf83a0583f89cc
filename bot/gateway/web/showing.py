"""Reads what is shown of a conversation. Its functions block: call them in a thread."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.gateway.schemas import Shown, Talk
from bot.gateway.services import Services
from bot.gateway.web.marks import Marks
from bot.records import reading
from bot.records.models import Message, PhotoState

HISTORY = timedelta(days=7)
"""How long the web shows what was said: older messages stay in the records."""


def shown(session: Session, messages: Sequence[Message], marks: Marks) -> list[Shown]:
    """The public part of stored messages."""
    states = reading.photos(session, [message.id for message in messages if message.direction == "patient"])
    return [Shown.of(message, marks, states.get(message.id)) for message in messages]


def photos(services: Services, conversation: uuid.UUID) -> Mapping[uuid.UUID, PhotoState]:
    """What became of the photo of each message that has one."""
    with services.database.read() as session:
        return reading.photos_of(session, conversation)


def talk(services: Services, conversation: uuid.UUID, after: int) -> Talk | None:
    """What is new after the number `after`, and how the conversation stands. None if it was deleted."""
    with services.database.read() as session:
        state = reading.states(session, [conversation]).get(conversation)
        if state is None:
            return None
        messages = reading.recent(session, conversation, after, services.now() - HISTORY)
        return Talk(
            messages=shown(session, messages, services.marks),
            handed_to_staff=state.handed_to_staff,
            taken_over=state.taken_over,
        )
