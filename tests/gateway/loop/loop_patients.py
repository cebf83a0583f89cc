"""A patient of the closed loop: what they write and are told, by a clock of the test's own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway_fakes import House
from sqlalchemy import select

from bot.records import audit, conversations
from bot.records.conversations import Draft
from bot.records.models import Case, Contact, Conversation, Message

EMERGENCY, HOUR, DAY = "i cannot breathe", "lip is numb", "pus"
WORDS = {"emergency": EMERGENCY, "hour": HOUR, "day": DAY}


@dataclass
class Patient:
    """`at` minutes count from house.now, a Monday, 9:00; the clinic closes at 17:00, is quiet from 21:00 to 8:00."""

    house: House
    id: uuid.UUID

    @classmethod
    async def come(cls, house: House, channel: str = "web", language: str = "en") -> Patient:
        patient = cls(house, await house.open(channel))
        with house.services.database.write() as session:
            patient.row(session).language = language
            if channel == "sms":
                number = f"+1555{patient.id.int % 10**7:07d}"
                session.add(Contact(conversation_id=patient.id, address_hash=str(patient.id), address=number))
                patient.row(session).noticed_at = house.now
        return patient

    def when(self, at: float) -> datetime:
        return self.house.now + timedelta(minutes=at)

    async def write(self, text: str, at: float = 0.0) -> tuple[str, ...]:
        """The names of what is said to it."""
        receipt = await self.house.services.way.receive(self.id, text, None, self.when(at))
        return tuple(reply.text.split("/")[0] for reply in receipt.replies)

    def look(self, at: float) -> int:
        """The worker's look."""
        return self.house.services.watch.look(self.when(at))

    @property
    def said(self) -> list[str]:
        """The names of all that was said since the disclosure."""
        return [text.split("/")[0] for direction, text in self.house.talk(self.id) if direction != "patient"][1:]

    @property
    def case(self) -> Case:
        """The latest case."""
        with self.house.services.database.read() as session:
            query = select(Case).where(Case.conversation_id == self.id).order_by(Case.opened_at.desc())
            found = session.scalars(query).first()
        assert found is not None
        return found

    def cases(self) -> int:
        with self.house.services.database.read() as session:
            return len(session.scalars(select(Case).where(Case.conversation_id == self.id)).all())

    @property
    def trail(self) -> list[tuple[str, str, object]]:
        """Actor, action and why of the latest case's trail."""
        with self.house.services.database.read() as session:
            return [(line.actor, line.action, line.data.get("why")) for line in audit.of_case(session, self.case.id)]

    def row(self, session) -> Conversation:
        return session.get_one(Conversation, self.id)

    def change(self, **values: object) -> None:
        with self.house.services.database.write() as session:
            for name, value in values.items():
                setattr(self.row(session), name, value)

    def change_case(self, **values: object) -> None:
        case = self.case
        with self.house.services.database.write() as session:
            found = session.get_one(Case, case.id)
            for name, value in values.items():
                setattr(found, name, value)

    def taken_over(self, at: float) -> None:
        self.change(taken_over=True, taken_over_at=self.when(at), held_at=self.when(at))

    def staff_write(self, text: str, at: float) -> None:
        with self.house.services.database.write() as session:
            conversations.reply(session, self.id, [Draft(text)], self.when(at), None, by="staff")

    def last(self) -> Message:
        with self.house.services.database.read() as session:
            return conversations.after(session, self.id, 0)[-1]
