"""Patients and what the records say of them, for the tests of the desk's pages."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from desk_browser import Browser, House
from gateway_fakes import House as Gateway

from bot.records import cases, conversations
from bot.records.models import Case, Channel, Contact, Conversation, Delivery, Message


@dataclass
class Ward(House):
    gateway: Gateway

    async def browser(self, name: str) -> Browser:
        browser = Browser(self, "203.0.113.7")
        await browser.sign_in(name)
        return browser

    async def patient(self, *texts: str, channel: Channel = "web", number: str = "+12125550181") -> uuid.UUID:
        """Somebody who wrote these messages, each answered."""
        _, conversation, _ = await self.gateway.services.way.open(channel, self.gateway.services.now())
        if channel == "sms":
            with self.desk.database.write() as session:
                session.add(Contact(conversation_id=conversation.id, address_hash=number, address=number))
        for text in texts:
            await self.writes(conversation.id, text)
        return conversation.id

    async def writes(self, conversation: uuid.UUID, text: str) -> None:
        services = self.gateway.services
        await services.way.receive(conversation, text, uuid.uuid4().hex, services.now())

    def case(self, conversation: uuid.UUID) -> Case:
        with self.desk.database.read() as session:
            case = session.query(Case).filter_by(conversation_id=conversation).order_by(Case.opened_at.desc()).first()
        assert case is not None
        return case

    def conversation(self, conversation: uuid.UUID) -> Conversation:
        with self.desk.database.read() as session:
            return session.get_one(Conversation, conversation)

    def said(self, conversation: uuid.UUID, by: str) -> list[str]:
        with self.desk.database.read() as session:
            return [m.text for m in conversations.after(session, conversation, 0) if m.direction == by]

    def last_seq(self, conversation: uuid.UUID) -> str:
        return str(self.conversation(conversation).last_seq)

    def resolve(self, conversation: uuid.UUID) -> None:
        with self.desk.database.write() as session:
            assert cases.resolve(session, self.case(conversation).id, None, "ben", self.desk.now(), "booked").done

    def fails(self, conversation: uuid.UUID, code: str) -> None:
        """Our last text did not arrive."""
        with self.desk.database.write() as session:
            message = (
                session.query(Message)
                .filter(Message.conversation_id == conversation, Message.direction != "patient")
                .order_by(Message.seq.desc())
                .first()
            )
            assert message is not None
            delivery = session.get_one(Delivery, message.id)
            delivery.state, delivery.error_code = "failed", code


def lines(page: str) -> list[str]:
    """The lines of the list on a page, as plain text."""
    found = re.findall(r'<li class="line.*?</li>', page, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", each).split()) for each in found]
