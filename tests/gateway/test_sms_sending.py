"""Texts on their way out: in order, each once, whatever the provider does; staff hear of what does not arrive."""

from __future__ import annotations

import asyncio
import threading
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from fake_twilio import FakeTwilio, TextDoor, signed
from gateway_fakes import FakeEngine
from sqlalchemy import select

from bot.gateway.sms.deliveries import ATTEMPTS, LEASE
from bot.records import audit, conversations
from bot.records.conversations import Draft
from bot.records.models import Case, Conversation, Delivery, Message

ON_BOTH = True

PATIENT = "+15550100777"
NOTICE = "utter_sms_notice/sms"


@pytest.fixture
async def talking(sms: TextDoor, twilio: FakeTwilio) -> TextDoor:
    """A patient who had the notice and one answer."""
    await sms.text(PATIENT, "hello")
    await sms.settled()
    assert twilio.said == [NOTICE, "answer 1"]
    twilio.texts.clear()
    twilio.asked.clear()
    return sms


def say(sms: TextDoor, *texts: str, to: str = "hello", urgency: str | None = None, ago: float = 0.0) -> None:
    """Store replies to a patient's message as the way does."""
    services = sms.house.services
    conversation = sms.conversation(PATIENT)
    at = services.now() - timedelta(seconds=ago)
    with services.database.write() as session:
        message, _ = conversations.store(session, conversation, to, None, at)
        assessment = {"urgency": urgency or "info", "red_flags": [{"rule": "R1"}] if urgency else []}
        conversations.settle(session, message.id, "answered", assessment=assessment)
        conversations.reply(session, conversation, [Draft(text) for text in texts], at, message.id)


def again(sms: TextDoor, times: int = 1) -> None:
    for _ in range(times):
        sms.later(400)
        sms.send()


async def test_in_order(talking: TextDoor, twilio: FakeTwilio) -> None:
    say(talking, "one", "two", "three")
    talking.send()
    assert twilio.said == ["one", "two", "three"]


@pytest.mark.parametrize("plan", [["limited"] * 3, ["broken"] * 3, ["hang"] * 2, ["limited", "broken", "hang"]])
async def test_failures_are_tried_again_in_order(talking: TextDoor, twilio: FakeTwilio, plan: list[str]) -> None:
    twilio.plan = list(plan)
    say(talking, "one", "two")
    talking.send()
    assert twilio.said == []
    again(talking, 4)
    assert twilio.said == ["one", "two"]
    assert talking.states() == ["sent"] * 4


@pytest.mark.parametrize("word", ["lost", "cut", "garbage"])
async def test_what_the_provider_took_without_saying_so_is_not_sent_twice(
    talking: TextDoor, twilio: FakeTwilio, word: str
) -> None:
    twilio.plan = [word]
    say(talking, "one", "two")
    talking.send()
    assert twilio.said == ["one"]
    again(talking, 2)
    assert twilio.said == ["one", "two"]
    assert twilio.asked == [word, "list", "fine"]
    ids = [delivery.provider_id for delivery in talking.rows(Delivery)]
    assert len(set(ids)) == len(ids) == 4


async def test_the_same_words_meant_twice_are_sent_twice(talking: TextDoor, twilio: FakeTwilio) -> None:
    say(talking, "call us")
    talking.send()
    twilio.plan = ["hang"]
    say(talking, "call us")
    talking.send()
    again(talking)
    assert twilio.said == ["call us", "call us"]


async def test_an_emergency_overtakes_what_waits(talking: TextDoor, twilio: FakeTwilio) -> None:
    twilio.plan = ["limited"]
    say(talking, "one", "two")
    talking.send()
    say(talking, "call 911", "and sit up", to="i cannot breathe", urgency="emergency")
    talking.send()
    assert twilio.said == ["call 911", "and sit up"]
    again(talking)
    assert twilio.said == ["call 911", "and sit up", "one", "two"]


async def test_while_an_emergency_waits_for_its_line_nothing_else_goes(talking: TextDoor, twilio: FakeTwilio) -> None:
    say(talking, "one")
    services = talking.house.services
    with services.database.write() as session:
        conversation = talking.conversation(PATIENT)
        message, _ = conversations.store(session, conversation, "i cannot breathe", None, services.now())
        conversations.understood(session, message.id, [], {"urgency": "emergency", "red_flags": []})
    talking.send()
    assert twilio.said == []
    with services.database.write() as session:
        conversations.settle(session, message.id, "pending")
        conversations.reply(session, conversation, [Draft("call 911")], services.now(), message.id)
    talking.send()
    assert twilio.said == ["call 911", "one"]


@pytest.mark.parametrize(("word", "code"), [("bad number", "21211"), ("stopped", "21610")])
async def test_what_cannot_be_sent_is_a_case_not_a_retry(
    talking: TextDoor, twilio: FakeTwilio, word: str, code: str
) -> None:
    twilio.plan = [word]
    say(talking, "one", to="is my visit on monday")
    talking.send()
    again(talking, 2)
    assert twilio.asked == [word]
    delivery = next(d for d in talking.rows(Delivery) if d.state == "failed")
    assert delivery.error_code == code
    case = talking.house.case(talking.conversation(PATIENT))
    assert case is not None
    assert [(rule["rule"], rule["level"]) for rule in case.rules] == [("undelivered", "hour")]
    assert case.rules[0]["evidence"] == ["is my visit on monday"]
    assert (talking.rows(Conversation)[0].opted_out_at is not None) is (word == "stopped")


async def test_one_that_cannot_be_sent_does_not_keep_the_next(talking: TextDoor, twilio: FakeTwilio) -> None:
    twilio.plan = ["bad number"]
    say(talking, "one", "two")
    talking.send()
    assert twilio.said == ["two"]


async def test_the_provider_stopped_the_patient_before_our_confirmation(talking: TextDoor, twilio: FakeTwilio) -> None:
    twilio.plan = ["stopped"]
    await talking.text(PATIENT, "STOP")
    await talking.settled()
    assert talking.house.case(talking.conversation(PATIENT)) is None
    assert talking.states()[-1] == "failed"


async def test_it_is_given_up_after_a_quarter_of_an_hour_and_staff_hear(talking: TextDoor, twilio: FakeTwilio) -> None:
    twilio.plan = ["limited"] * 50
    say(talking, "one")
    pauses = []
    for _ in range(ATTEMPTS):
        talking.later(400)
        talking.send()
        (delivery,) = [d for d in talking.rows(Delivery) if d.state in ("queued", "failed")]
        pauses.append((delivery.next_at - delivery.updated_at).total_seconds())
    assert delivery.state == "failed"
    assert pauses[:4] == [2, 4, 8, 16]
    assert max(pauses[:-1]) == 300
    assert 600 < sum(pauses[:-1]) < 1200
    again(talking)
    assert len(twilio.asked) == ATTEMPTS
    assert talking.house.case(talking.conversation(PATIENT)) is not None


async def test_a_sender_that_died_is_taken_over_and_asks_first(talking: TextDoor, twilio: FakeTwilio) -> None:
    say(talking, "one", "two")
    sms, services = talking.house.services.sms, talking.house.services
    assert sms is not None
    claim = sms.deliveries.claim(talking.conversation(PATIENT))
    assert claim is not None
    sms.sender._provider.send(claim.address, claim.text, "http://nowhere.example")  # and dies
    talking.send()
    assert twilio.said == ["one"]  # nobody else touches it while its time runs
    talking.later(LEASE.total_seconds())
    sms.sender.drain_due(services.now())
    assert twilio.said == ["one", "two"]


async def test_a_search_that_takes_too_long_gives_the_text_away(
    talking: TextDoor, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    sms = talking.house.services.sms
    assert sms is not None
    say(talking, "one")
    assert sms.deliveries.claim(talking.conversation(PATIENT)) is not None  # and dies before it sends
    talking.later(LEASE.total_seconds())
    find, provider = sms.sender._provider.find, sms.sender._provider

    def slow(*asked: Any) -> Any:
        monkeypatch.setattr(provider, "find", find)
        talking.later(LEASE.total_seconds())
        talking.send()  # somebody else takes it that this one died
        return None

    monkeypatch.setattr(provider, "find", slow)
    talking.send()
    assert twilio.said == ["one"]
    assert talking.states()[-1] == "sent"


async def test_many_senders_send_each_text_once(talking: TextDoor, twilio: FakeTwilio) -> None:
    say(talking, *(f"text {n}" for n in range(6)))
    threads = [threading.Thread(target=talking.send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again(talking)
    assert twilio.said == [f"text {n}" for n in range(6)]


async def test_a_failing_conversation_does_not_keep_another(talking: TextDoor, twilio: FakeTwilio) -> None:
    other = "+15550100888"
    await talking.text(other, "hello")
    twilio.plan = ["hang"]
    say(talking, "one")
    await talking.settled()
    # whichever of the two asked the provider first hangs: the other one's texts are out
    assert [text.to for text in twilio.texts] in ([other, other], ["+15550100777"])


# --- what the provider reports


async def report(sms: TextDoor, delivery: Delivery, status: str, **more: str) -> int:
    path = f"/sms/status?message={delivery.message_id}"
    body = {"MessageSid": delivery.provider_id or "SMnew", "MessageStatus": status, "ErrorCode": ""} | more
    answer = await sms.client.post(path, content=urlencode(body), headers=signed(path, body))
    return answer.status_code


@pytest.mark.parametrize(
    ("reports", "state"),
    [
        (["sent", "delivered"], "delivered"),
        (["delivered", "sent", "queued"], "delivered"),
        (["sent", "undelivered", "sent"], "undelivered"),
        (["failed"], "failed"),
        (["failed", "delivered"], "failed"),
        (["delivered", "failed"], "delivered"),
        (["read"], "delivered"),
        (["a new word"], "sent"),
        (["delivered"] * 3, "delivered"),
    ],
)
async def test_reports_never_move_it_back(talking: TextDoor, reports: list[str], state: str) -> None:
    say(talking, "one")
    talking.send()
    delivery = talking.rows(Delivery)[-1]
    for status in reports:
        assert await report(talking, delivery, status) == 204
    assert talking.rows(Delivery)[-1].state == state


@pytest.mark.parametrize("status", ["failed", "undelivered"])
async def test_a_text_that_did_not_arrive_is_a_case(talking: TextDoor, status: str) -> None:
    say(talking, "one")
    talking.send()
    for _ in range(2):
        await report(talking, talking.rows(Delivery)[-1], status, ErrorCode="30003")
    assert talking.rows(Delivery)[-1].error_code == "30003"
    (case,) = talking.rows(Case)
    assert [rule["rule"] for rule in case.rules] == ["undelivered"]
    with talking.house.services.database.read() as session:
        assert [line.action for line in audit.of_case(session, case.id)] == ["opened"]


async def test_a_report_that_is_faster_than_the_answer_settles_it(talking: TextDoor, twilio: FakeTwilio) -> None:
    twilio.plan = ["lost"]
    say(talking, "one")
    talking.send()
    delivery = next(d for d in talking.rows(Delivery) if d.state == "sending")
    await report(talking, delivery, "delivered", MessageSid=twilio.texts[0].sid)
    again(talking)
    assert twilio.said == ["one"]
    assert talking.states() == ["sent", "sent", "delivered"]


async def test_reports_for_nothing_we_know(talking: TextDoor) -> None:
    stranger = Delivery(message_id=uuid.uuid4(), provider_id="SMx")
    assert await report(talking, stranger, "failed") == 204
    path, body = "/sms/status?message=nonsense", {"MessageSid": "SM1", "MessageStatus": "sent"}
    answer = await talking.client.post(path, content=urlencode(body), headers=signed(path, body))
    assert answer.status_code == 400
    assert not talking.rows(Case)


# --- at night


@pytest.mark.parametrize(
    ("clock", "ago", "urgency", "sent"),
    [
        ("2026-03-02T23:30", 3_600, None, False),
        ("2026-03-02T05:30", 3_600, None, False),
        ("2026-03-02T23:30", 60, None, True),  # the patient is awake
        ("2026-03-02T23:30", 3_600, "emergency", True),
        ("2026-03-02T23:30", 3_600, "same_day", True),
        ("2026-03-02T12:30", 3_600, None, True),
        ("2026-03-02T08:00", 3_600, None, True),
    ],
)
async def test_quiet_hours(
    talking: TextDoor, twilio: FakeTwilio, clock: str, ago: float, urgency: str | None, sent: bool
) -> None:
    now = datetime.fromisoformat(clock).replace(tzinfo=talking.house.services.clinic.timezone)
    say(talking, "late answer", urgency=urgency)
    with talking.house.services.database.write() as session:
        for message in session.scalars(select(Message)):
            message.received_at = now - timedelta(seconds=ago)
        for delivery in session.scalars(select(Delivery)):
            delivery.next_at = now
    sms = talking.house.services.sms
    assert sms is not None
    sms.deliveries._now = lambda: now
    sms.sender.drain(talking.conversation(PATIENT))
    assert twilio.said == (["late answer"] if sent else [])


async def test_at_night_a_new_answer_brings_what_waited(talking: TextDoor, twilio: FakeTwilio) -> None:
    zone = talking.house.services.clinic.timezone
    now = datetime(2026, 3, 2, 23, 30, tzinfo=zone)
    sms = talking.house.services.sms
    assert sms is not None
    sms.deliveries._now = lambda: now
    say(talking, "late answer")
    say(talking, "new answer", to="still awake")
    with talking.house.services.database.write() as session:
        for message in session.scalars(select(Message)):
            message.received_at = now - timedelta(hours=0 if message.text in ("still awake", "new answer") else 2)
        for delivery in session.scalars(select(Delivery)):
            delivery.next_at = now
    sms.sender.drain(talking.conversation(PATIENT))
    assert twilio.said == ["late answer", "new answer"]


async def test_a_deleted_conversation_is_texted_no_more(talking: TextDoor, twilio: FakeTwilio) -> None:
    say(talking, "one")
    conversation = talking.conversation(PATIENT)
    with talking.house.services.database.write() as session:
        conversations.erase(session, conversation, "patient", talking.house.now)
    talking.send()
    assert twilio.said == []


async def test_an_engine_that_is_away_is_texted_too(sms: TextDoor, twilio: FakeTwilio, engine: FakeEngine) -> None:
    engine.mode = "fail"
    await sms.text(PATIENT, "lip is numb")
    while not any(message.status == "pending" for message in sms.rows(Message)):
        await asyncio.sleep(0.02)
    sms.send()
    assert "utter_flag_r7_hour/sms" in twilio.said
