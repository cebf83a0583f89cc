"""All of one conversation, or of one case, as staff see it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.records import audit, texts
from bot.records.models import Audit, Case, Conversation, Delivery, Message, Note, Photo, Staff

LATEST = 300
"""Messages that are read of a long conversation, unless all are asked for."""


@dataclass(frozen=True)
class Dossier:
    """`messages` are the latest, in order, with `earlier` more before them; `cases` the newest first.

    `deliveries` and `photos` are by message; `names` says how a member of staff is called, by id and by the name they
    sign in with.
    """

    conversation: Conversation
    messages: Sequence[Message]
    earlier: int
    deliveries: Mapping[uuid.UUID, Delivery]
    photos: Mapping[uuid.UUID, Sequence[Photo]]
    notes: Sequence[Note]
    cases: Sequence[Case]
    events: Sequence[Audit]
    address: str | None
    names: Mapping[uuid.UUID | str, str]

    def name_of(self, staff_id: uuid.UUID | None) -> str:
        """How a member of staff is called; empty if they are gone."""
        return self.names.get(staff_id, "") if staff_id else ""

    def case(self, case_id: uuid.UUID | None = None) -> Case | None:
        """The case with this id; else the one that is not done, else the newest."""
        if case_id is not None:
            return next((case for case in self.cases if case.id == case_id), None)
        return next((case for case in self.cases if case.state != "resolved"), next(iter(self.cases), None))


def dossier(session: Session, conversation_id: uuid.UUID, everything: bool = False) -> Dossier | None:
    """The dossier of a conversation, None if there is none. `everything`: every message, however many."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        return None
    query = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq.desc())
    messages = list(session.scalars(query if everything else query.limit(LATEST)))[::-1]
    deliveries = session.scalars(select(Delivery).where(Delivery.conversation_id == conversation_id))
    photos: dict[uuid.UUID, list[Photo]] = {}
    for photo in session.scalars(
        select(Photo).where(Photo.conversation_id == conversation_id).order_by(Photo.created_at)
    ):
        photos.setdefault(photo.message_id, []).append(photo)
    notes = session.scalars(select(Note).where(Note.conversation_id == conversation_id).order_by(Note.at))
    cases = session.scalars(select(Case).where(Case.conversation_id == conversation_id).order_by(Case.opened_at.desc()))
    return Dossier(
        conversation=conversation,
        messages=messages,
        earlier=messages[0].seq - 1 if messages else 0,
        deliveries={delivery.message_id: delivery for delivery in deliveries},
        photos=photos,
        notes=list(notes),
        cases=list(cases),
        events=audit.of_conversation(session, conversation_id),
        address=texts.address_of(session, conversation_id),
        names=names(session),
    )


def add_note(
    session: Session, conversation_id: uuid.UUID, case_id: uuid.UUID | None, by: uuid.UUID, text: str, at: datetime
) -> None:
    """Something one member of staff writes for the others."""
    session.add(Note(conversation_id=conversation_id, case_id=case_id, staff_id=by, text=text, at=at))


def names(session: Session) -> dict[uuid.UUID | str, str]:
    """How each member of staff is called, by id and by the name they sign in with."""
    found: dict[uuid.UUID | str, str] = {}
    for id_, name, called in session.execute(select(Staff.id, Staff.name, Staff.display_name)):
        found |= {id_: called, name: called}
    return found


def colleagues(session: Session) -> list[tuple[uuid.UUID, str]]:
    """Who a case may be given to, by name."""
    query = select(Staff.id, Staff.display_name).where(Staff.active).order_by(Staff.display_name)
    return [(row[0], row[1]) for row in session.execute(query)]


def photo(session: Session, photo_id: uuid.UUID) -> Photo | None:
    """A photo that is kept."""
    found = session.get(Photo, photo_id)
    return found if found is not None and found.state == "stored" and found.file else None


def pulse(session: Session, conversation_id: uuid.UUID) -> tuple[Any, ...] | None:
    """Another value whenever the conversation's page may look different. None once it is gone."""
    deliveries = select(func.max(Delivery.updated_at)).where(Delivery.conversation_id == conversation_id)
    photos = select(func.count()).where(Photo.conversation_id == conversation_id, Photo.state != "wanted")
    lines = select(func.max(Audit.id)).where(Audit.conversation_id == conversation_id)
    answered = select(func.count()).where(
        Message.conversation_id == conversation_id, Message.direction == "patient", Message.answered_at.is_not(None)
    )
    row = session.execute(
        select(
            Conversation.last_seq,
            Conversation.taken_over,
            Conversation.version,
            deliveries.scalar_subquery(),
            photos.scalar_subquery(),
            lines.scalar_subquery(),
            answered.scalar_subquery(),
        ).where(Conversation.id == conversation_id)
    ).one_or_none()
    return None if row is None else tuple(row)


def staff_since(session: Session, conversation_id: uuid.UUID, seq: int) -> list[Message]:
    """What staff said after the message number `seq`: somebody else may have answered meanwhile."""
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.seq > seq, Message.direction == "staff"
    )
    return list(session.scalars(query.order_by(Message.seq)))
