"""The engine forgets."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import tracker_store


def saved(store: tracker_store.ShortLivedTrackerStore, sender: str, **metadata: Any) -> bool:
    """Whether the store knows a session that was just saved."""
    tracker = DialogueStateTracker.from_events(sender, [UserUttered("hello", metadata=metadata)])
    asyncio.run(store.save(tracker))
    return asyncio.run(store.retrieve(sender)) is not None


def test_keeps_a_running_session_and_drops_old_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker_store, "SESSIONS", 2)
    store = tracker_store.ShortLivedTrackerStore(Domain.empty())
    assert all(saved(store, sender) for sender in ("a", "b", "c"))
    assert asyncio.run(store.retrieve("a")) is None


def test_forgets_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker_store, "SECONDS", 0.0)
    assert not saved(tracker_store.ShortLivedTrackerStore(Domain.empty()), "a")


def test_never_keeps_what_the_gateway_sent() -> None:
    store = tracker_store.ShortLivedTrackerStore(Domain.empty())
    assert not saved(store, "a", history={})
    assert not store.store
