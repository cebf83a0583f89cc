"""The engine forgets."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import tracker_store


async def _saved(store: tracker_store.ShortLivedTrackerStore, sender: str) -> None:
    await store.save(DialogueStateTracker.from_events(sender, [UserUttered("hello")]))


def test_keeps_a_running_session_and_drops_old_ones(monkeypatch) -> None:
    import asyncio

    monkeypatch.setattr(tracker_store, "SESSIONS", 2)
    store = tracker_store.ShortLivedTrackerStore(Domain.empty())
    for sender in ("a", "b", "c"):
        asyncio.run(_saved(store, sender))
    assert asyncio.run(store.retrieve("a")) is None
    assert asyncio.run(store.retrieve("c")) is not None


def test_forgets_after_its_time(monkeypatch) -> None:
    import asyncio

    monkeypatch.setattr(tracker_store, "SECONDS", 0.0)
    store = tracker_store.ShortLivedTrackerStore(Domain.empty())
    asyncio.run(_saved(store, "a"))
    assert asyncio.run(store.retrieve("a")) is None
