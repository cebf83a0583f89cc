"""What text messaging asks for besides an answer: STOP, START, HELP, and the notice of the first contact."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.clinic import Clinic
from bot.gateway.handover import Handover
from bot.gateway.sms.keywords import Keyword, Keywords
from bot.gateway.sms.stopping import stop
from bot.gateway.speech import Speech
from bot.records import audit, cases, conversations
from bot.records.database import Database
from bot.records.models import WAITING, Contact, Conversation, Message

NOTICES = {"en": "utter_sms_notice", "es": "utter_sms_notice_es"}


class Rules:
    """Comes after the scan for red flags and before the engine. Blocks: call it in a thread."""

    def __init__(
        self,
        database: Database,
        speech: Speech,
        handover: Handover,
        clinic: Clinic,
        deliver: Callable[[uuid.UUID], None],
    ) -> None:
        """`deliver` is told of a conversation in which something was said."""
        self._database, self._speech, self._handover, self._clinic = database, speech, handover, clinic
        self._deliver, self._keywords = deliver, Keywords()

    def settle(self, conversation: Conversation, message: Message, now: datetime) -> bool:
        """Do what the rules ask for a waiting message. True if it is settled with that: the engine is not asked.

        A second call for the same message changes nothing. Conversations without a number (the web, tests, the
        terminal) have no rules.
        """
        if conversation.channel != "sms":
            return False
        with self._database.read() as session:
            stored = session.get(Message, message.id)
            if stored is None or stored.status not in WAITING:
                return True
            conversation = session.get_one(Conversation, stored.conversation_id)
            if session.get(Contact, conversation.id) is None or self._has_nothing_to_say(conversation, stored):
                return False
        with self._database.write() as session:
            found = session.get(Conversation, conversation.id, with_for_update=True)
            stored = session.get(Message, message.id)
            if found is None or stored is None or stored.status not in WAITING:
                return True
            keyword = self._keyword(found, stored)
            if keyword is not None:
                self._obey(session, found, stored, keyword, now)
            elif found.opted_out_at is not None:
                self._tell_staff(session, stored)
            elif found.noticed_at is None:
                self._notice(session, found, stored, now)
        self._deliver(conversation.id)
        return keyword is not None

    def _has_nothing_to_say(self, conversation: Conversation, message: Message) -> bool:
        """Without the lock: nearly every message is one of these."""
        noticed = conversation.noticed_at is not None and conversation.opted_out_at is None
        return noticed and self._keyword(conversation, message) is None

    def _keyword(self, conversation: Conversation, message: Message) -> Keyword | None:
        return self._keywords.find(message.text, opted_out=conversation.opted_out_at is not None)

    def _obey(
        self, session: Session, conversation: Conversation, message: Message, keyword: Keyword, now: datetime
    ) -> None:
        opted_out = conversation.opted_out_at is not None
        conversations.settle(session, message.id, "answered", answered_at=now)
        if keyword.does == "help" and opted_out:
            self._tell_staff(session, message)
        elif not (keyword.does == "stop" and opted_out):  # one confirmation, no more
            conversation.language = keyword.language
            self._reply(session, conversation, message, keyword.reply, now)
        if keyword.does == "start":
            conversation.opted_out_at = None
            audit.add(session, audit.PATIENT, "opted_in", now, conversation_id=conversation.id)
        if keyword.does == "stop" and not opted_out:
            stop(session, conversation, message, now)

    def _notice(self, session: Session, conversation: Conversation, message: Message, now: datetime) -> None:
        """That texts are not private, automated and can be stopped. An emergency's line goes out before it."""
        name = NOTICES.get(conversation.language, NOTICES["en"])
        text = self._reply(session, conversation, message, name, now)
        conversations.noticed(conversation, text, now)

    def _reply(self, session: Session, conversation: Conversation, message: Message, name: str, now: datetime) -> str:
        draft = self._speech.say(name, "sms", message.received_at.astimezone(self._clinic.timezone))
        conversations.reply(session, conversation.id, [draft], now, message.id)
        return draft.text

    def _tell_staff(self, session: Session, message: Message) -> None:
        """Nobody answers who wants no texts: a person must telephone."""
        at = message.received_at.astimezone(self._clinic.timezone)
        reason = self._handover.ground("opted_out", message.text, at)
        cases.raise_case(session, message.conversation_id, message.id, [reason], at)
