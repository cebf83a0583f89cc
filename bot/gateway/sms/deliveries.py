"""The steps of a text on its way out that touch the database: each is one short transaction, safe to repeat."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clinic import Clinic
from bot.gateway.handover import Handover
from bot.gateway.sms import order
from bot.gateway.sms.provider import OPTED_OUT, STATES, Rejected, Sent
from bot.gateway.sms.webhook import Report
from bot.records import cases, conversations, texts
from bot.records.database import Database
from bot.records.models import Conversation, Delivery, DeliveryState, Message

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=10)
"""So long one sender has a text to itself; whoever finds it later takes it that the sender died.

Longer than one call of the provider takes, which is SMS_TIMEOUT to connect and again to answer.
"""
ATTEMPTS = 10
"""With pauses that double up to the longest: a quarter of an hour."""
LONGEST = 300.0
IN_DOUBT = 10.0
"""Seconds before the provider is asked for a text of unknown fate: its list lags a little."""
NEWEST = 2**31 - 1
CONVERSATIONS = 200
"""Looked after in one round."""


@dataclass(frozen=True)
class Claim:
    """A text that this sender, and no other, may send now, for the `attempt`th time.

    `doubtful`: it may be sent already, `since` then.
    """

    message_id: uuid.UUID
    conversation_id: uuid.UUID
    text: str
    address: str
    doubtful: bool
    since: datetime
    known: tuple[str, ...]
    attempt: int


class Deliveries:
    """All methods block: call them in a thread. `now` is the server's clock."""

    def __init__(self, database: Database, handover: Handover, clinic: Clinic, now: Callable[[], datetime]) -> None:
        self._database, self._handover, self._clinic, self._now = database, handover, clinic, now

    def due(self, now: datetime) -> list[uuid.UUID]:
        """Conversations with a text that may go at `now`, the longest waiting first."""
        with self._database.read() as session:
            return texts.due(session, now, CONVERSATIONS)

    def claim(self, conversation_id: uuid.UUID) -> Claim | None:
        """The next text of a conversation that may go now; what the patient does not want any more is cancelled."""
        now = self._now()
        with self._database.write() as session:
            session.get(Conversation, conversation_id, with_for_update=True)
            while (left := texts.unsent(session, conversation_id)) and (text := order.head(left)):
                delivery = text.delivery
                if order.unwanted(text):
                    delivery.state, delivery.updated_at = "cancelled", now
                    session.flush()
                    continue
                waiting = conversations.waiting(session, conversation_id, NEWEST)
                if not order.may_go(text, left, waiting, now) or order.quiet(left, self._clinic, now):
                    return None
                address = texts.address_of(session, conversation_id)
                if address is None:
                    return None
                doubtful = delivery.state == "sending"
                delivery.state, delivery.next_at, delivery.updated_at = "sending", now + LEASE, now
                delivery.attempts += 1
                known = tuple(texts.provider_ids(session, conversation_id)) if doubtful else ()
                said = text.message
                return Claim(
                    said.id, conversation_id, said.text, address, doubtful, said.received_at, known, delivery.attempts
                )
        return None

    def renew(self, claim: Claim) -> bool:
        """The text for one more LEASE. False if it is somebody else's by now, or nobody's."""
        now = self._now()
        with self._database.write() as session:
            delivery = session.get(Delivery, claim.message_id, with_for_update=True)
            mine = delivery is not None and delivery.state == "sending" and delivery.attempts == claim.attempt
            if mine and delivery is not None:
                delivery.next_at, delivery.updated_at = now + LEASE, now
            return mine

    def sent(self, claim: Claim, sent: Sent) -> None:
        """The provider has it."""
        with self._database.write() as session:
            texts.advance(session, claim.message_id, sent.state, self._now(), sent.provider_id, None)
        self._log(claim.message_id, sent.state, None)

    def in_doubt(self, claim: Claim, code: str) -> None:
        """Its fate is unknown: whoever comes to it next asks the provider first."""
        self._again(claim, code, "sending", IN_DOUBT)

    def rejected(self, claim: Claim, rejected: Rejected) -> None:
        """It was not sent: it is tried again, unless that cannot help. Then staff are told."""
        if not rejected.for_good:
            self._again(claim, rejected.code, "queued", 0.0)
            return
        with self._database.write() as session:
            self._fail(session, claim.message_id, "failed", rejected.code, None)

    def reported(self, report: Report) -> None:
        """What the provider says became of a text. Reports come late, twice and out of order: none moves it back."""
        state = STATES.get(report.status)
        if state is None:
            logger.warning("unknown status of a text", extra={"message_id": str(report.message_id)})
            return
        with self._database.write() as session:
            if state in ("failed", "undelivered"):
                self._fail(session, report.message_id, state, report.code or state, report.sid)
            else:
                texts.advance(session, report.message_id, state, self._now(), report.sid, None)
        self._log(report.message_id, state, report.code)

    def _again(self, claim: Claim, code: str, state: DeliveryState, least: float) -> None:
        now = self._now()
        with self._database.write() as session:
            delivery = session.get(Delivery, claim.message_id)
            if delivery is None or delivery.state != "sending":
                return  # deleted, or a report was faster
            if delivery.attempts >= ATTEMPTS:
                self._fail(session, claim.message_id, "failed", code, None)
                return
            seconds = max(least, min(2.0**delivery.attempts, LONGEST))
            delivery.state, delivery.error_code, delivery.updated_at = state, code, now
            delivery.next_at = now + timedelta(seconds=seconds)
        self._log(claim.message_id, "again", code)

    def _fail(
        self, session: Session, message_id: uuid.UUID, state: texts.Outcome, code: str, provider_id: str | None
    ) -> None:
        """It did not reach the patient: a person must. Unless the patient has just said that they want no texts."""
        now = self._now()
        if not texts.advance(session, message_id, state, now, provider_id, code):
            return
        message = session.get_one(Message, message_id)
        conversation = session.get_one(Conversation, message.conversation_id)
        known = conversation.opted_out_at is not None
        if code == OPTED_OUT and not known:
            conversation.opted_out_at = now
        if code != OPTED_OUT or not known:
            answers = session.get(Message, message.in_reply_to) if message.in_reply_to else None
            reason = self._handover.ground("undelivered", answers.text if answers else "", now)
            cases.raise_case(session, conversation.id, (answers or message).id, [reason], now)
        self._log(message_id, state, code)

    def _log(self, message_id: uuid.UUID, state: str, code: str | None) -> None:
        extra = {"message_id": str(message_id), "status": state} | ({"code": code} if code else {})
        logger.info("text", extra=extra)
