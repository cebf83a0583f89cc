"""The worker and each gateway: what nobody scanned or answered is found, by a clock of seconds, whoever was killed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from gateway_fakes import Build, FakeEngine, House

from bot.gateway import sweep, tasks
from bot.gateway.locks import Lock
from bot.gateway.scan import Said, ScanAtNeed
from bot.records import conversations


@pytest.fixture
def house(build: Build, monkeypatch: pytest.MonkeyPatch) -> House:
    house = build()
    monkeypatch.setattr(tasks, "_services", lambda: house.services)
    tasks.huey.storage.flush_all()
    return house


def left(house: House, age: timedelta, text: str = "hello", channel: str = "web"):
    """A message received `age` ago that nobody has scanned or answered."""
    at = house.services.now() - age
    with house.services.database.write() as session:
        conversation = conversations.create(session, f"{age}{text}", channel, "en", at)  # type: ignore[arg-type]
        message, _ = conversations.store(session, conversation.id, text, None, at)
    return conversation.id, message.id


@pytest.mark.parametrize(("by", "old", "young"), [("gateway", 2, 0), ("worker", 20, 2)])
def test_a_red_flag_nobody_scanned_gets_its_line_and_its_case(
    house: House, engine: FakeEngine, by: str, old: int, young: int
) -> None:
    """A gateway takes up what another left after a second, the worker only what all left."""
    conversation, message = left(house, timedelta(seconds=old), "i cannot breathe")
    in_work, _ = left(house, timedelta(seconds=young), "lip is numb")
    for _ in range(2):
        tasks.see_now() if by == "worker" else asyncio.run(house.services.sweep.see())
    assert [text for _, text in house.talk(conversation)] == ["i cannot breathe", "utter_flag_r1_emergency/web"]
    case = house.case(conversation)
    assert case is not None
    assert case.message_id == message
    assert house.talk(in_work) == [("patient", "lip is numb")]
    assert engine.asked == []


async def watched(house: House, seconds: float) -> None:
    """The watch of a gateway, for so long."""
    watching = asyncio.create_task(house.services.sweep.watch())
    await asyncio.sleep(seconds)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching


async def test_a_gateway_takes_up_what_another_left(
    house: House, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "SEE_SECONDS", 0.05)
    monkeypatch.setattr(sweep, "ANSWER_SECONDS", 0.05)
    unscanned, _ = left(house, timedelta(seconds=2), "i cannot breathe")
    unanswered, _ = left(house, timedelta(minutes=2))
    other = Lock(house.services.settings, "answering")
    assert other.take()
    await watched(house, 1.0)
    assert ("assistant", "utter_flag_r1_emergency/web") in house.talk(unscanned)
    assert engine.asked == []  # another gateway has the lock: both would ask
    other.release()
    await watched(house, 1.0)
    assert house.talk(unanswered)[-1] == ("assistant", "answer 1")
    assert other.take()  # given back with the watch


async def test_the_watch_of_a_gateway_outlives_errors(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sweep, "SEE_SECONDS", 0.02)
    looks: list[int] = []

    async def broken() -> int:
        looks.append(1)
        raise OSError("disk")

    monkeypatch.setattr(house.services.sweep, "see", broken)
    await watched(house, 0.3)
    assert len(looks) >= 2
    assert {record.message for record in caplog.records} >= {"cannot look"}


def test_the_worker_answers_only_if_no_gateway_is_there_for_a_while(
    house: House, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, _ = left(house, timedelta(minutes=2))
    gateway = Lock(house.services.settings, "answering")
    assert gateway.take()
    tasks.answer.call_local()
    gateway.release()
    tasks.answer.call_local()  # it may be on its way
    assert engine.asked == []
    monkeypatch.setattr(sweep, "ALONE_SECONDS", 0.0)
    assert gateway.take()
    tasks.answer.call_local()
    assert engine.asked == []
    gateway.release()
    tasks.answer.call_local()
    assert house.talk(conversation)[-1] == ("assistant", "answer 1")
    assert gateway.take()


def test_the_worker_loads_the_language_once_and_only_at_need(house: House) -> None:
    made: list[int] = []

    def make():
        made.append(1)
        return house.services.way._look._scan

    scan = ScanAtNeed(make)
    assert made == []
    for text in ("lip is numb", "hello"):
        assert scan.hand(Said(text, house.services.now()))
    assert made == [1]


def test_what_waits_is_answered_but_not_what_is_in_work(
    house: House, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "ALONE_SECONDS", 0.0)
    old, _ = left(house, timedelta(minutes=2))
    young, _ = left(house, timedelta(seconds=1), "young")
    tasks.answer.call_local()
    assert house.talk(old)[-1] == ("assistant", "answer 1")
    assert house.talk(young)[-1] == ("patient", "young")
    tasks.answer.call_local()
    assert len(engine.asked) == 1


def test_one_conversation_that_breaks_does_not_keep_the_others(
    house: House, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "ALONE_SECONDS", 0.0)
    first, bad = left(house, timedelta(minutes=3), "bad")
    second, _ = left(house, timedelta(minutes=2))
    next_turn = house.services.way._ledger.next_turn

    def broken(up_to, now):
        if up_to.id == bad:
            raise OSError("disk")
        return next_turn(up_to, now)

    house.services.way._ledger.next_turn = broken  # type: ignore[method-assign]
    tasks.answer.call_local()
    assert house.talk(second)[-1] == ("assistant", "answer 1")
    assert house.talk(first)[-1] == ("patient", "bad")


def test_a_sweep_that_still_runs_is_not_joined_by_another(house: House) -> None:
    running = asyncio.Event()

    async def sweep() -> int:
        running.set()
        return 1

    with tasks._seeing:
        assert tasks._alone(tasks._seeing, sweep) == 0
    assert not running.is_set()
    assert tasks._alone(tasks._seeing, sweep) == 1


def test_the_plan_of_a_minute_runs_on_time_or_not_at_all(house: House) -> None:
    tasks.plan.call_local()
    planned = tasks.huey.scheduled()
    names = [task.name for task in planned] + [task.name for task in tasks.huey.pending()]
    assert (names.count("see"), names.count("answer")) == (1, 12)
    for task in (task for task in planned if task.eta):
        late = task.expires_resolved - task.eta
        assert timedelta(seconds=0.5) < late <= timedelta(seconds=tasks.WATCH_SECONDS)


def test_the_watch_goes_on_until_the_next_minutes_watch_and_outlives_errors(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[int] = []

    async def broken(_: timedelta) -> int:
        looks.append(1)
        raise OSError("disk")

    monkeypatch.setattr(house.services.sweep, "see", broken)
    monkeypatch.setattr(tasks, "_rest_of_minute", lambda: 0.0)
    monkeypatch.setattr(tasks, "OVERLAP", 0.2)
    monkeypatch.setattr(tasks, "SEE_SECONDS", 0.05)
    tasks.see.call_local()
    assert len(looks) >= 2
    assert {record.message for record in caplog.records} >= {"cannot look"}
    assert not tasks._seeing.locked()
    with tasks._seeing:
        before = len(looks)
        tasks.see.call_local()  # another one watches
    assert len(looks) == before
