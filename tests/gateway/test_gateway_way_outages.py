"""An engine that hangs, a person who takes over, a case that was closed, a conversation deleted: what the way does."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest
from gateway_fakes import Build, FakeEngine, House

from bot.gateway.breaker import Breaker
from bot.gateway.engine import AT_ONCE
from bot.gateway.way import Hooks
from bot.records import conversations
from bot.records.models import Case, Conversation

ON_BOTH = True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("events", "allowed"),
    [
        ("", True),
        ("f", True),  # one slow message is no outage
        ("fsf", True),
        ("ff", False),
        ("ffw", True),  # the trial after a while
        ("ffwa", False),  # only one
        ("ffwaf", False),
        ("ffwafw", True),
        ("ffwas", True),
    ],
)
def test_the_breaker(events: str, allowed: bool) -> None:
    clock = Clock()
    breaker = Breaker(failures=2, seconds=5.0, clock=clock)
    for event in events:
        match event:
            case "f":
                breaker.failed()
            case "s":
                breaker.succeeded()
            case "w":
                clock.now += 5.1
            case "a":
                assert breaker.allows()
    assert breaker.allows() is allowed


async def test_while_the_engine_hangs_patients_do_not_wait_in_line(
    house: House, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.impatient()
    monkeypatch.setattr(house.services.way._engine._breaker, "_clock", Clock())
    engine.mode = "hang"
    way, patients = house.services.way, [await house.open() for _ in range(4 * AT_ONCE)]
    sent = asyncio.gather(*(way.receive(each, "i cannot breathe", None, house.now) for each in patients))
    receipts = await asyncio.wait_for(sent, 15)
    assert len(engine.asked) <= AT_ONCE + 2  # the second failure opens the circuit
    assert {reply.text for receipt in receipts for reply in receipt.replies} == {"utter_flag_r1_emergency/web"}
    assert {len(receipt.replies) for receipt in receipts} == {1}
    before = len(engine.asked)
    late = await way.receive(await house.open(), "hello", None, house.now)
    assert len(engine.asked) == before  # the circuit is open
    assert [reply.text for reply in late.replies] == ["utter_have_message/web"]


async def test_an_engine_that_is_slow_answers_those_who_were_told_to_wait(build: Build, engine: FakeEngine) -> None:
    engine.thinking = True
    house = build(engine_timeout=0.3, late_timeout=15.0)
    receipt = await house.services.way.receive(await house.open(), "hello", None, house.now)
    assert [reply.text for reply in receipt.replies] == ["utter_have_message/web"]
    engine.thinking, engine.delay = False, 0.6
    assert await house.services.way.answer(receipt.message.id, house.now)
    assert house.talk(receipt.message.conversation_id)[-1] == ("assistant", "answer 1")
    await house.services.close()


async def test_who_waits_for_another_message_too_long_is_told_so(build: Build, engine: FakeEngine) -> None:
    """A minute between them, so they are no burst: the second must not wait for the first one's late answer."""
    engine.mode = "hang"
    house = build(engine_timeout=0.4, late_timeout=5.0)
    conversation = await house.open()
    first = await house.services.way.receive(conversation, "one", None, house.now)
    late = asyncio.create_task(house.services.way.answer(first.message.id, house.now))
    while len(engine.asked) < 2:
        await asyncio.sleep(0.01)
    second = await house.services.way.receive(conversation, "i cannot breathe", None, house.now + timedelta(minutes=1))
    assert not late.done()
    assert [reply.text for reply in second.replies] == ["utter_flag_r1_emergency/web"]
    assert second.message.status == "pending"
    assert await late is False
    await house.services.close()


async def test_the_hooks(house: House, engine: FakeEngine) -> None:
    seen: list[tuple[str, object]] = []
    house.services.way._hooks = Hooks(
        typing=lambda _, on: seen.append(("typing", on)),
        news=lambda _: seen.append(("news", len(seen))),
        deliver=lambda _: seen.append(("deliver", None)),
    )
    await house.services.way.receive(await house.open("sms"), "lip is numb", None, house.now)
    assert [name for name, _ in seen] == ["news", "deliver", "typing", "typing", "news", "deliver"]
    assert [value for name, value in seen if name == "typing"] == [True, False]
    seen.clear()
    engine.mode = "fail"
    await house.services.way.receive(await house.open(), "hello", None, house.now)
    assert [name for name, _ in seen] == ["typing", "typing", "news"]


async def test_a_person_hands_back_what_was_said_meanwhile(house: House, engine: FakeEngine) -> None:
    conversation = await house.open()
    way = house.services.way
    with house.services.database.write() as session:
        session.get_one(Conversation, conversation).taken_over = True
    for n, text in enumerate(("lip is numb", "pus", "thanks")):
        await way.receive(conversation, text, None, house.now + timedelta(minutes=n))
    assert engine.asked == []
    case = house.case(conversation)
    assert case is not None
    assert [rule["rule"] for rule in case.rules] == ["R7", "R16"]
    with house.services.database.write() as session:
        session.get_one(Conversation, conversation).taken_over = False
    await way.receive(conversation, "hello", None, house.now + timedelta(hours=1))
    history = engine.asked[0]["metadata"]["history"]
    assert history["texts"] == ["lip is numb", "pus", "thanks"]
    assert [fact["finding"]["name"] for fact in history["facts"]] == ["lip is numb", "pus"]


@pytest.mark.parametrize(
    ("text", "reopened"),
    [("thank you", None), ("lip is numb again", "R7"), ("now pus", "R16"), ("i cannot breathe", "R1")],
)
async def test_after_a_resolved_case_one_opens_only_for_a_new_reason(
    house: House, engine: FakeEngine, text: str, reopened: str | None
) -> None:
    conversation = await house.open()
    way = house.services.way
    await way.receive(conversation, "lip is numb", None, house.now)
    with house.services.database.write() as session:
        for case in session.query(Case):
            case.state = "resolved"
    await way.receive(conversation, text, None, house.now + timedelta(hours=1))
    again = house.case(conversation)
    assert (again and [rule["rule"] for rule in again.rules]) == (None if reopened is None else [reopened])


async def test_who_wants_no_texts_gets_none_but_staff_hear(house: House, engine: FakeEngine) -> None:
    conversation = await house.open("sms")
    with house.services.database.write() as session:
        session.get_one(Conversation, conversation).opted_out_at = house.now
    receipt = await house.services.way.receive(conversation, "i cannot breathe", None, house.now)
    assert (receipt.replies, receipt.message.status, receipt.handed_to_staff) == ((), "with_staff", True)
    assert engine.asked == []


@pytest.mark.parametrize("mode", ["answer", "fail"])
async def test_a_conversation_deleted_meanwhile(house: House, engine: FakeEngine, mode: str) -> None:
    engine.mode, engine.thinking = mode, True
    conversation = await house.open()
    sending = asyncio.create_task(house.services.way.receive(conversation, "lip is numb", None, house.now))
    while not engine.asked:
        await asyncio.sleep(0.01)
    with house.services.database.write() as session:
        conversations.erase(session, conversation, "patient", house.now)
    engine.thinking = False
    receipt = await sending
    assert receipt.replies == ()
    assert house.talk(conversation) == []
    with house.services.database.read() as session:
        case = session.query(Case).one()
    assert [rule["evidence"] for rule in case.rules] == [[]]
    assert await house.services.way.answer(receipt.message.id, house.now)
    assert await house.services.way.answer(uuid.uuid4(), house.now)
