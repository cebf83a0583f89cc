"""The worker: a queued message is answered when the engine is back, and the sweep finds what no queue knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from gateway_fakes import Build, FakeEngine
from huey.exceptions import CancelExecution

from bot.gateway import tasks
from bot.records import conversations


@pytest.fixture
def house(build: Build, monkeypatch: pytest.MonkeyPatch):
    house = build()
    monkeypatch.setattr(tasks, "_services", lambda: house.services)
    return house


def held(house, engine: FakeEngine, age: timedelta):
    """A message received `age` ago that nobody has answered."""
    with house.services.database.write() as session:
        conversation = conversations.create(session, str(age), "web", "en", house.services.now() - age)
        message, _ = conversations.store(session, conversation.id, "hello", None, house.services.now() - age)
    return conversation.id, message.id


def test_a_queued_message_is_answered_when_the_engine_is_back(house, engine: FakeEngine) -> None:
    conversation, message = held(house, engine, timedelta(seconds=1))
    engine.mode = "fail"
    with pytest.raises(CancelExecution):  # tells Huey to try again
        tasks.answer_later.call_local(str(message))
    engine.mode = "answer"
    tasks.answer_later.call_local(str(message))
    tasks.answer_later.call_local(str(message))
    assert [text for _, text in house.talk(conversation)][-2:] == ["utter_have_message/web", "answer 1"]


def test_the_task_is_tried_again_with_growing_pauses(house, engine: FakeEngine) -> None:
    engine.mode = "fail"
    _, message = held(house, engine, timedelta(seconds=1))
    tasks.enqueue(message)
    first = tasks.huey.pending()[-1]
    assert first.args == (str(message),)
    assert first.eta is not None
    first.eta = None  # the two seconds are over
    tasks.huey.execute(first)
    again = next(task for task in tasks.huey.scheduled() if task.id == first.id and task.retries == 5)
    assert again.retry_delay == 4
    tasks.huey.storage.flush_all()


def test_the_sweep_answers_what_was_left_but_not_what_is_in_work(house, engine: FakeEngine) -> None:
    old, _ = held(house, engine, timedelta(minutes=2))
    young, _ = held(house, engine, timedelta(seconds=2))
    tasks.sweep.call_local()
    assert house.talk(old)[-1] == ("assistant", "answer 1")
    assert house.talk(young)[-1] == ("patient", "hello")
    tasks.sweep.call_local()
    assert len(engine.asked) == 1


def test_an_unknown_message_is_no_reason_to_try_again(house) -> None:
    tasks.answer_later.call_local("00000000-0000-0000-0000-000000000000")
