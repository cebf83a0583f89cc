"""A tracker store that forgets: the conversation lives in the gateway's records, the engine keeps nothing at rest."""

from __future__ import annotations

from typing import Any

from cachetools import TTLCache
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

SESSIONS = 5_000
SECONDS = 3_600.0


class ShortLivedTrackerStore(InMemoryTrackerStore):
    """Keeps no turn that came with its case history; of others (`rasa shell`) at most `SESSIONS` trackers in memory,
    each for `SECONDS` after its last turn."""

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.store: TTLCache[str, str] = TTLCache(maxsize=SESSIONS, ttl=SECONDS)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """See TrackerStore. The gateway names a session for each turn: nobody asks for it again."""
        said = tracker.get_last_event_for(UserUttered)
        if said is None or "history" not in said.metadata:
            await super().save(tracker)
