"""A patient who wants no more texts: how that is written down, and when it is known without the word STOP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.gateway.engine import EngineReply
from bot.gateway.sms import order
from bot.records import audit, texts
from bot.records.models import Conversation, Message

WISH = "utter_opt_out"
CONFIRMATIONS = {"en": "utter_sms_stopped", "es": "utter_sms_stopped_es"}


def confirmation(conversation: Conversation, before: Sequence[str], reply: EngineReply) -> str | None:
    """The response that confirms the wish for no more texts, if that and nothing else was read in a text message.

    The intents and the lexicon must agree, and no red flag may stand: then the patient still has to hear what to do.
    `before` are the responses of earlier turns.
    """
    if conversation.channel != "sms" or reply.history.said[len(before) :] != (WISH,) or reply.assessment.red_flags:
        return None
    if not any(found["name"] == "opt_out" and found.get("assertion") == "present" for found in reply.findings):
        return None
    return CONFIRMATIONS.get(conversation.language, CONFIRMATIONS["en"])


def stop(session: Session, conversation: Conversation, message: Message, now: datetime) -> None:
    """From now on nothing is texted; what `message`, which asked for it, is answered with still goes out."""
    conversation.opted_out_at = now
    audit.add(session, audit.PATIENT, "opted_out", now, conversation_id=conversation.id)
    for text in texts.unsent(session, conversation.id):
        # the line of an emergency was asked for before the STOP
        asked = text.answers is not None and text.answers.id == message.id
        if text.delivery.state == "queued" and not asked and not order.urgent(text):
            text.delivery.state, text.delivery.updated_at = "cancelled", now
