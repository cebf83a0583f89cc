"""The hub by itself: one query for all streams, none without a stream, and no error stops it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Collection, Mapping

import pytest

from bot.gateway.web import hub as hub_module
from bot.gateway.web.hub import Hub
from bot.records.reading import State


class Records:
    """States as a test sets them, and what was asked."""

    def __init__(self) -> None:
        self.states: dict[uuid.UUID, State] = {}
        self.asked: list[set[uuid.UUID]] = []
        self.broken = False

    def look(self, conversations: Collection[uuid.UUID]) -> Mapping[uuid.UUID, State]:
        self.asked.append(set(conversations))
        if self.broken:
            raise OSError("no disk")
        return {key: state for key, state in self.states.items() if key in conversations}


@pytest.fixture
async def watched(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hub_module, "SECONDS", 0.01)
    records = Records()
    hub = Hub(records.look)
    task = asyncio.create_task(hub.watch())
    yield hub, records
    task.cancel()


ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)


async def looks(records: Records, more: int = 2) -> None:
    """Wait for that many more looks."""
    end = len(records.asked) + more
    while len(records.asked) < end:
        await asyncio.sleep(0.005)


async def test_nobody_is_asked_without_a_stream(watched: tuple[Hub, Records]) -> None:
    hub, records = watched
    await asyncio.sleep(0.1)
    assert records.asked == []
    assert hub.open_streams == 0


async def test_one_question_for_all_streams(watched: tuple[Hub, Records]) -> None:
    hub, records = watched
    records.states = {ONE: State(1, False, False), TWO: State(1, False, False)}
    with hub.listen(ONE), hub.listen(ONE), hub.listen(TWO):
        assert hub.open_streams == 3
        await looks(records)
        assert {frozenset(asked) for asked in records.asked} == {frozenset({ONE, TWO})}
    before = len(records.asked)
    await asyncio.sleep(0.1)
    assert len(records.asked) <= before + 1


@pytest.mark.parametrize(
    "change", [State(2, False, False), State(1, True, False), State(1, False, True), State(1, False, False, 1)]
)
async def test_only_what_changed_rings(watched: tuple[Hub, Records], change: State) -> None:
    hub, records = watched
    records.states = {ONE: State(1, False, False), TWO: State(1, False, False)}
    with hub.listen(ONE) as one, hub.listen(TWO) as two:
        await looks(records)
        for ear in (one, two):
            await asyncio.wait_for(ear.wait(), 10)
            ear.news = False
        records.states[ONE] = change
        await asyncio.wait_for(one.wait(), 10)
        await looks(records)
        assert (one.news, two.news) == (True, False)
        assert not one.ended


async def test_a_deleted_conversation_ends(watched: tuple[Hub, Records]) -> None:
    hub, records = watched
    records.states = {ONE: State(1, False, False)}
    with hub.listen(ONE) as one:
        await looks(records)
        assert not one.ended
        records.states = {}
        await looks(records)
        assert one.ended


async def test_it_outlives_errors(watched: tuple[Hub, Records]) -> None:
    hub, records = watched
    records.states, records.broken = {ONE: State(1, False, False)}, True
    with hub.listen(ONE) as one:
        one.news = False
        await looks(records, 3)
        assert not one.news
        records.broken = False
        await asyncio.wait_for(one.wait(), 10)
        assert one.news


async def test_typing_rings_once_a_change(watched: tuple[Hub, Records]) -> None:
    hub, records = watched
    records.states = {ONE: State(1, False, False)}
    hub.typing(TWO, True)
    with hub.listen(ONE) as one:
        await looks(records)
        await asyncio.wait_for(one.wait(), 10)
        one.news = False
        hub.typing(ONE, True)
        await asyncio.wait_for(one.wait(), 10)
        assert hub.is_typing(ONE)
        assert not one.news  # the records need not be read for that
        hub.typing(ONE, True)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(one.wait(), 0.05)
        hub.typing(ONE, False)
        assert not hub.is_typing(ONE)
    assert hub.is_typing(TWO)
