"""The way of a message: stored first, case before the engine, one answer, in order, whatever the engine does."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest
from gateway_fakes import Build, FakeEngine, House

from bot.gateway.settling import ATTEMPTS
from bot.gateway.way import Hooks
from bot.records import conversations
from bot.records.models import Conversation

ON_BOTH = True


async def send(house: House, conversation: uuid.UUID, text: str, client_id: str | None = None, minutes: float = 0):
    return await house.services.way.receive(conversation, text, client_id, house.now + timedelta(minutes=minutes))


async def test_an_answer_and_what_it_leaves_behind(house: House, engine: FakeEngine) -> None:
    conversation = await house.open()
    receipt = await send(house, conversation, "my lip is numb")
    assert [reply.text for reply in receipt.replies] == ["utter_flag_r7_hour/web", "answer 1"]
    assert receipt.handed_to_staff
    stored = house.message(receipt.message.id)
    assert (stored.status, stored.intents, stored.assessment["urgency"]) == ("answered", ["inform"], "same_day")
    assert stored.understanding[0]["text"] == "lip is numb"
    assert 0 <= stored.latency_ms < 15_000
    assert house.talk(conversation) == [
        ("assistant", "utter_disclosure/web"),
        ("patient", "my lip is numb"),
        ("assistant", "utter_flag_r7_hour/web"),
        ("assistant", "answer 1"),
    ]


async def test_the_engine_gets_history_time_in_the_clinics_zone_and_a_session_of_its_own(house, engine) -> None:
    conversation = await house.open()
    first = await send(house, conversation, "one")
    await send(house, conversation, "two", minutes=1)
    asked = engine.asked
    assert [body["sender"] for body in asked] == [f"{conversation}.0", f"{conversation}.1"]
    assert [body["metadata"]["history"]["turns"] for body in asked] == [0, 1]
    assert asked[0]["metadata"]["received_at"] == house.now.isoformat()
    assert asked[0]["metadata"]["message_id"] == str(first.message.id)
    assert asked[1]["metadata"]["history"]["texts"] == ["one"]


async def test_the_case_is_there_before_the_engine_is_asked(house: House, engine: FakeEngine) -> None:
    engine.thinking = True
    conversation = await house.open()
    sending = asyncio.create_task(send(house, conversation, "help, i cannot breathe"))
    while not engine.asked:
        await asyncio.sleep(0.01)
    case = house.case(conversation)
    assert case is not None
    assert (case.level, case.due_at) == ("emergency", house.now)
    assert (case.rules[0]["rule"], case.rules[0]["evidence"]) == ("R1", ["cannot breathe"])
    engine.thinking = False
    assert case.message_id == (await sending).message.id


@pytest.mark.parametrize(
    ("text", "level", "due"),
    [
        ("i cannot breathe", "emergency", timedelta(0)),
        ("lip is numb", "hour", timedelta(hours=1)),
        ("pus", "day", timedelta(hours=8)),
    ],
)
async def test_due_times(house: House, text: str, level: str, due: timedelta) -> None:
    conversation = await house.open()
    await send(house, conversation, text)
    case = house.case(conversation)
    assert case is not None
    assert (case.level, case.due_at) == (level, house.now + due)


async def test_a_later_flag_raises_the_one_case(house: House) -> None:
    conversation = await house.open()
    await send(house, conversation, "there is pus")
    first = house.case(conversation)
    await send(house, conversation, "now i cannot breathe", minutes=5)
    second = house.case(conversation)
    assert first is not None
    assert second is not None
    assert (second.id, second.level) == (first.id, "emergency")


@pytest.mark.parametrize("mode", ["fail", "garbage", "empty", "hang", "down"])
async def test_engine_away(house: House, engine: FakeEngine, mode: str) -> None:
    house.impatient()
    engine.mode = mode
    if mode == "down":
        engine.stop()
    conversation = await house.open()
    receipt = await asyncio.wait_for(send(house, conversation, "i cannot breathe"), 15)
    assert [reply.text for reply in receipt.replies] == ["utter_flag_r1_emergency/web"]
    assert receipt.message.status == "pending"
    plain = await send(house, await house.open(), "hello")
    assert [reply.text for reply in plain.replies] == ["utter_have_message/web"]


async def test_the_line_of_the_highest_flag_is_said(house: House, engine: FakeEngine) -> None:
    engine.stop()
    receipt = await send(house, await house.open(), "pus, and my lip is numb, and i cannot breathe")
    assert [reply.text for reply in receipt.replies] == ["utter_flag_r1_emergency/web"]


async def test_a_missing_safety_line_still_leaves_an_answer(house: House, engine: FakeEngine) -> None:
    engine.stop()
    house.renderer.unknown = ("utter_flag_r1_emergency",)
    receipt = await send(house, await house.open(), "i cannot breathe")
    assert [reply.text for reply in receipt.replies] == ["utter_have_message/web"]


async def test_the_full_answer_comes_later_and_once(house: House, engine: FakeEngine) -> None:
    engine.mode = "fail"
    conversation = await house.open()
    receipt = await send(house, conversation, "hello")
    way, later = house.services.way, house.now + timedelta(minutes=1)
    assert not await way.answer(receipt.message.id, later)
    engine.mode = "answer"
    assert await asyncio.gather(*(way.answer(receipt.message.id, later) for _ in range(4))) == [True] * 4
    said = [text for _, text in house.talk(conversation)]
    assert said == ["utter_disclosure/web", "hello", "utter_have_message/web", "answer 1"]
    assert house.message(receipt.message.id).status == "answered"


async def test_two_processes_answer_the_same_message_once(build: Build, engine: FakeEngine) -> None:
    engine.mode = "fail"
    first, second = build(), build()
    conversation = await first.open()
    receipt = await send(first, conversation, "hello")
    engine.mode, engine.thinking = "answer", True
    both = [asyncio.create_task(h.services.way.answer(receipt.message.id, first.now)) for h in (first, second)]
    while len(engine.asked) < 3:
        await asyncio.sleep(0.01)
    engine.thinking = False
    await asyncio.gather(*both)
    assert len(engine.asked) == 3
    assert [text for _, text in first.talk(conversation)].count("answer 1") == 1
    assert first.message(receipt.message.id).status == "answered"
    for house in (first, second):
        await house.services.close()


async def test_waiting_messages_are_answered_in_order(house: House, engine: FakeEngine) -> None:
    engine.mode = "fail"
    conversation = await house.open()
    held = [await send(house, conversation, text, minutes=n) for n, text in enumerate(("one", "two"))]
    engine.mode = "answer"
    third = await send(house, conversation, "three", minutes=2)
    assert [body["text"] for body in engine.asked[-3:]] == ["one", "two", "three"]
    assert [reply.text for reply in third.replies] == ["answer 3"]
    assert [house.message(receipt.message.id).status for receipt in held] == ["answered"] * 2


async def test_messages_at_once_stay_in_order(house: House, engine: FakeEngine) -> None:
    engine.delay = 0.1
    conversation = await house.open()
    times = range(6)  # a minute apart: not a burst
    receipts = await asyncio.gather(*(send(house, conversation, f"text {n}", minutes=n) for n in times))
    by_number = sorted(receipts, key=lambda receipt: receipt.message.seq)
    assert [body["text"] for body in engine.asked] == [receipt.message.text for receipt in by_number]
    assert [receipt.replies[0].text for receipt in by_number] == [f"answer {n}" for n in range(1, 7)]
    assert [body["metadata"]["history"]["turns"] for body in engine.asked] == list(times)


async def test_a_repeated_client_id_gets_the_stored_replies(house: House, engine: FakeEngine) -> None:
    conversation = await house.open()
    receipts = await asyncio.gather(*(send(house, conversation, "hello", "c1") for _ in range(3)))
    again = await send(house, conversation, "hello", "c1")
    assert {receipt.message.id for receipt in receipts} == {again.message.id}
    assert {receipt.replies[0].id for receipt in [*receipts, again]} == {again.replies[0].id}
    assert len(engine.asked) == 1


async def test_what_a_crash_left_is_scanned_and_answered(build: Build, engine: FakeEngine) -> None:
    before = build()
    conversation = await before.open()
    with before.services.database.write() as session:  # all that had happened when the process died
        message, _ = conversations.store(session, conversation, "i cannot breathe", "c1", before.now)
    await before.services.close()
    after = build()
    assert after.message(message.id).status == "received"
    assert await after.services.way.answer(message.id, after.now + timedelta(minutes=1))
    case = after.case(conversation)
    assert case is not None
    assert (case.level, case.due_at) == ("emergency", after.now)
    assert after.talk(conversation)[-1] == ("assistant", "answer 1")
    assert after.message(message.id).latency_ms >= 60_000
    await after.services.close()


async def test_a_client_that_sends_again_after_a_crash_is_answered(build: Build, engine: FakeEngine) -> None:
    house = build()
    conversation = await house.open()
    with house.services.database.write() as session:
        conversations.store(session, conversation, "hello", "c1", house.now)
    receipt = await send(house, conversation, "hello", "c1")
    assert [reply.text for reply in receipt.replies] == ["answer 1"]
    await house.services.close()


async def test_what_a_crash_left_is_held_when_the_engine_is_away(house: House, engine: FakeEngine) -> None:
    engine.stop()
    conversation = await house.open()
    with house.services.database.write() as session:
        message, _ = conversations.store(session, conversation, "lip is numb", None, house.now)
    assert not await house.services.way.answer(message.id, house.now)
    assert house.talk(conversation)[-1] == ("assistant", "utter_flag_r7_hour/web")


async def test_flags_of_messages_still_waiting_count(house: House, engine: FakeEngine) -> None:
    engine.stop()
    conversation = await house.open()
    await send(house, conversation, "i cannot breathe")
    second = await send(house, conversation, "please", minutes=1)
    assert [reply.text for reply in second.replies] == ["utter_flag_r1_emergency/web"]


async def test_the_engine_cannot_lower_what_the_scan_saw(house: House, engine: FakeEngine) -> None:
    engine.mode = "lower"
    conversation = await house.open()
    receipt = await send(house, conversation, "i cannot breathe")
    assert [reply.text for reply in receipt.replies] == ["utter_flag_r1_emergency/web", "answer 1"]
    assessment = house.message(receipt.message.id).assessment
    assert (assessment["urgency"], assessment["red_flags"][0]["rule"]) == ("emergency", "R1")


async def test_the_end_of_a_long_message_is_seen_by_the_scan_and_remembered(house: House, engine: FakeEngine) -> None:
    conversation = await house.open()
    receipt = await send(house, conversation, "so " * 15_000 + "i cannot breathe")
    assert len(engine.asked[0]["text"]) == 4000
    said = ["utter_flag_r1_emergency/web", "answer 1", "utter_too_long/web"]
    assert [reply.text for reply in receipt.replies] == said
    await send(house, conversation, "hello?")
    assert [fact["finding"]["text"] for fact in engine.asked[1]["metadata"]["history"]["facts"]] == ["cannot breathe"]


@pytest.mark.parametrize(
    ("intent", "level"), [("talk_to_human", "day"), ("complaint", "day"), ("crisis", "hour"), ("inform", None)]
)
async def test_intents_that_ask_for_a_person(house: House, engine: FakeEngine, intent: str, level: str | None) -> None:
    engine.intents = ["greet", intent]
    conversation = await house.open()
    receipt = await send(house, conversation, "some words")
    assert receipt.handed_to_staff == (level is not None)
    case = house.case(conversation)
    assert (case and (case.level, case.rules[0]["rule"], case.rules[0]["evidence"])) == (
        (level, f"intent:{intent}", ["some words"]) if level else None
    )


async def test_a_person_has_the_conversation(house: House, engine: FakeEngine) -> None:
    conversation = await house.open()
    with house.services.database.write() as session:
        session.get_one(Conversation, conversation).taken_over = True
    receipt = await send(house, conversation, "lip is numb")
    assert [reply.text for reply in receipt.replies] == ["utter_flag_r7_hour/web"]  # safety does not wait for anybody
    assert (receipt.handed_to_staff, receipt.message.status) == (True, "with_staff")
    assert engine.asked == []
    assert house.case(conversation) is not None
    with house.services.database.write() as session:
        session.get_one(Conversation, conversation).taken_over = False
    await send(house, conversation, "hello")
    assert engine.asked[0]["metadata"]["history"]["texts"] == ["lip is numb"]


async def test_an_answer_is_not_sent_once_a_person_took_over(house: House, engine: FakeEngine) -> None:
    engine.thinking = True
    conversation = await house.open()
    sending = asyncio.create_task(send(house, conversation, "hello"))
    while not engine.asked:
        await asyncio.sleep(0.01)
    with house.services.database.write() as session:
        found = session.get_one(Conversation, conversation)
        found.taken_over, found.taken_over_at = True, house.now  # staff told the patient that they are there
    engine.thinking = False
    receipt = await sending
    assert (receipt.replies, receipt.message.status) == ((), "with_staff")


async def test_a_scan_that_breaks_calls_a_person_and_stops_nothing(house: House, engine: FakeEngine) -> None:
    engine.mode = "fail"
    conversation = await house.open()
    receipt = await send(house, conversation, "break the scan")
    case = house.case(conversation)
    assert case is not None
    assert (case.level, case.rules[0]["rule"]) == ("hour", "scan_failed")
    assert [reply.text for reply in receipt.replies] == ["utter_have_message/web"]


async def test_a_message_the_engine_cannot_answer_is_given_to_staff(house: House, engine: FakeEngine) -> None:
    engine.poison = "poison"
    conversation = await house.open()
    bad = await send(house, conversation, "poison")
    await send(house, await house.open(), "another patient", minutes=1)  # the engine is well
    for _ in range(ATTEMPTS):
        await house.services.way.answer(bad.message.id, house.now + timedelta(minutes=2))
    assert house.message(bad.message.id).status == "failed"
    case = house.case(conversation)
    assert case is not None
    assert (case.rules[0]["rule"], case.rules[0]["evidence"]) == ("unanswered", ["poison"])
    after = await send(house, conversation, "hello", minutes=3)
    assert [reply.text for reply in after.replies] == ["answer 2"]


async def test_an_engine_that_is_down_for_all_is_waited_for(house: House, engine: FakeEngine) -> None:
    engine.mode = "fail"
    conversation = await house.open()
    receipt = await send(house, conversation, "hello")
    for _ in range(ATTEMPTS + 2):
        await house.services.way.answer(receipt.message.id, house.now + timedelta(minutes=14))
    assert house.message(receipt.message.id).status == "pending"
    assert house.case(conversation) is None
    await house.services.way.answer(receipt.message.id, house.now + timedelta(minutes=15))
    case = house.case(conversation)
    assert case is not None
    assert [rule["rule"] for rule in case.rules] == ["unanswered"]
    engine.mode = "answer"
    assert await house.services.way.answer(receipt.message.id, house.now + timedelta(hours=9))


async def test_sms_gets_few_texts_without_buttons(house: House, engine: FakeEngine) -> None:
    engine.mode, engine.buttons = "lower", [{"title": "Yes", "payload": "Yes"}]
    receipt = await send(house, await house.open("sms"), "i cannot breathe")
    assert [(r.text, r.buttons) for r in receipt.replies] == [("utter_flag_r1_emergency/sms", []), ("answer 1", [])]
    assert engine.asked[0]["channel"] == "sms"


async def test_a_queue_that_fails_does_not_cost_the_patient_the_reply(house: House, engine: FakeEngine) -> None:
    def full(_: uuid.UUID) -> None:
        raise OSError("disk full")

    house.services.way._hooks = Hooks(deliver=full)
    receipt = await send(house, await house.open("sms"), "hello")
    assert [reply.text for reply in receipt.replies] == ["answer 1"]
