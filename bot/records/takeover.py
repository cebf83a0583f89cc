"""Who has a conversation: the assistant, or one member of staff."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from bot.records import audit
from bot.records.models import Conversation


@dataclass(frozen=True)
class Held:
    """Whether it was `done`, and the conversation as it is now: who has it if it was not. None: there is none."""

    done: bool
    conversation: Conversation | None


def take_over(
    session: Session,
    conversation_id: uuid.UUID,
    taken: bool,
    by: uuid.UUID | None,
    staff_id: uuid.UUID,
    actor: str,
    at: datetime,
) -> Held:
    """`staff_id` has it from now on, if it still is as it was: `taken` or not, and by whom.

    The patient is to be told in the same transaction: `held_at` says that they were.
    """
    values = {"taken_over": True, "taken_over_by": staff_id, "taken_over_at": at, "held_at": at}
    held = _change(session, conversation_id, taken, by, values)
    if held.done:
        audit.add(session, actor, "taken_over", at, conversation_id=conversation_id)
    return held


def hand_back(
    session: Session, conversation_id: uuid.UUID, expected: uuid.UUID | None, actor: str, at: datetime
) -> Held:
    """The assistant answers again, if the conversation is still with `expected`."""
    values = {"taken_over": False, "taken_over_by": None, "taken_over_at": None}
    held = _change(session, conversation_id, True, expected, values)
    if held.done:
        audit.add(session, actor, "handed_back", at, conversation_id=conversation_id)
    return held


def _change(
    session: Session, conversation_id: uuid.UUID, taken: bool, by: uuid.UUID | None, values: Mapping[str, object]
) -> Held:
    """One UPDATE decides who is first, on any database."""
    statement = update(Conversation).where(Conversation.id == conversation_id, Conversation.taken_over == taken)
    holder = Conversation.taken_over_by
    statement = statement.where(holder == by if by is not None else holder.is_(None))
    result = session.execute(statement.values(**values), execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    conversation = session.get(Conversation, conversation_id, populate_existing=True)
    return Held(result.rowcount == 1 and conversation is not None, conversation)
