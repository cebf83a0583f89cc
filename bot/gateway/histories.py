"""The case histories of the latest conversations, so that none is read, opened and parsed again as it was left."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict

from sqlalchemy.orm import Session

from bot.records import conversations
from bot.records.models import Conversation
from bot.triage.types import CaseHistory

REMEMBERED = 64


class Histories:
    """By version: each new history of a conversation has a higher one, so what is kept is never out of date."""

    def __init__(self) -> None:
        self._latest: OrderedDict[uuid.UUID, tuple[int, CaseHistory]] = OrderedDict()
        self._turn = threading.Lock()

    def of(self, session: Session, conversation: Conversation) -> CaseHistory:
        """The history of a conversation that was read in this transaction."""
        with self._turn:
            version, history = self._latest.get(conversation.id, (-1, CaseHistory()))
        if version != conversation.version and (stored := conversations.history(session, conversation.id)):
            version, history = stored[0], CaseHistory.from_dict(stored[1])
            self.keep(conversation.id, version, history)
        return history

    def keep(self, conversation_id: uuid.UUID, version: int, history: CaseHistory) -> None:
        """What was committed as this version."""
        with self._turn:
            self._latest[conversation_id] = version, history
            self._latest.move_to_end(conversation_id)
            if len(self._latest) > REMEMBERED:
                self._latest.popitem(last=False)
