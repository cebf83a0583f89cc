"""A tracker store that forgets: the conversation lives in the gateway's records, the engine keeps nothing at rest."""

from __future__ import annotations

from typing import Any

from cachetools import TTLCache
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

SESSIONS = 5_000
SECONDS = 3_600.0


class ShortLivedTrackerStore(InMemoryTrackerStore):
    """In memory, at most `SESSIONS` trackers, each for `SECONDS` after its last turn."""

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.store: TTLCache[str, str] = TTLCache(maxsize=SESSIONS, ttl=SECONDS)
