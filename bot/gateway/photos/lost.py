"""Uploads that never came to an end: the process that had the photo died. The patient is asked for it once more."""

from __future__ import annotations

from datetime import timedelta

from bot.gateway.photos import words
from bot.gateway.services import Services
from bot.records import conversations, photos
from bot.records.photos import LOST, Outcome

PATIENCE = timedelta(minutes=2)
"""Longer than any photo takes. A browser that is still there has sent it again by then."""


def settle_lost(services: Services) -> int:
    """Give them up and say so, once. Their number. Blocks; several processes may do it at once."""
    now = services.now()
    with services.database.write() as session:
        lost = [
            photo
            for photo in photos.abandoned(session, now - PATIENCE)
            if photos.settle(session, photo.id, Outcome("refused", reason=LOST))
        ]
        for photo in lost:
            draft = services.speech.say(words.line(photo.state, photo.reason), "web", now)
            conversations.reply(session, photo.conversation_id, [draft], now, photo.message_id)
    return len(lost)
