"""The alerts of this deployment: put together for the worker, with what the patient hears when nobody is reached."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from bot.desk.alerts.alerts import Alerts
from bot.desk.alerts.links import Links
from bot.gateway.secret import secret_key
from bot.gateway.services import Services
from bot.gateway.speech import Speech
from bot.records import conversations
from bot.records.models import Conversation, Level

LINES: dict[Level, str] = {
    "emergency": "utter_nobody_reached_emergency",
    "hour": "utter_nobody_reached",
    "day": "utter_nobody_reached_day",
}


def create_alerts(services: Services) -> Alerts:
    """For the worker. Raises ContentError."""
    links = Links(secret_key(services.settings), services.settings.public_url)
    tell = Honest(services.speech, services.now())
    return Alerts(services.database, services.clinic, links, tell, services.deliver, services.now)


class Honest:
    """Tells a patient that nobody could be reached, and which number to call. Checks at start that it can be said."""

    def __init__(self, speech: Speech, now: datetime) -> None:
        self._speech = speech
        for line in LINES.values():
            speech.say(line, "web", now)
            speech.say(line, "sms", now)

    def __call__(self, session: Session, conversation_id: uuid.UUID, level: Level, now: datetime) -> bool:
        """See bot.desk.alerts.alerts.TellPatient. Not to somebody whom a person is with, or who wants no texts."""
        conversation = session.get(Conversation, conversation_id, with_for_update=True)
        if conversation is None or conversation.taken_over or conversation.opted_out_at is not None:
            return False
        line = self._speech.say(LINES[level], conversation.channel, now)
        conversations.reply(session, conversation_id, [line], now, to=None)
        return True
