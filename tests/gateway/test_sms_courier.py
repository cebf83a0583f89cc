"""Texts go out from the process that said them, and nobody waits for the provider."""

from __future__ import annotations

import asyncio
import time

import pytest
from fake_twilio import FakeTwilio, TextDoor
from gateway_fakes import FakeEngine

from bot.gateway.sms.courier import Courier
from bot.gateway.way import Hooks

PATIENT = "+12125551234"


@pytest.fixture
def courier(sms: TextDoor) -> Courier:
    door = sms.house.services.sms
    assert door is not None
    sms.house.services.way._hooks = Hooks(deliver=door.courier.send)
    return door.courier


async def until(done, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


async def test_the_safety_line_goes_at_once_and_the_answer_follows(
    sms: TextDoor, courier: Courier, twilio: FakeTwilio, engine: FakeEngine
) -> None:
    engine.thinking = True
    await sms.text(PATIENT, "i cannot breathe")
    await until(lambda: twilio.said)
    assert twilio.said == ["utter_flag_r1_emergency/sms"]
    engine.thinking = False
    await until(lambda: "answer 1" in twilio.said)
    await until(lambda: set(sms.states()) == {"sent"})


async def test_a_provider_that_hangs_holds_nobody_up(sms: TextDoor, courier: Courier, twilio: FakeTwilio) -> None:
    twilio.plan = ["hang"] * 20
    numbers = [f"+1212555{1300 + n}" for n in range(8)]
    began = time.monotonic()
    for number in numbers:
        await sms.text(number, "hello")
    assert time.monotonic() - began < 8  # in which not even six of them would be through
    with_answers = [sms.conversation(number) for number in numbers]
    await until(lambda: all(("assistant", "answer 1") in sms.house.talk(each) for each in with_answers))


async def test_what_breaks_in_it_stays_due(sms: TextDoor, courier: Courier, twilio: FakeTwilio) -> None:
    def broken(_):
        raise OSError("disk full")

    courier._sender.drain = broken  # type: ignore[method-assign]
    await sms.text(PATIENT, "hello")
    await until(lambda: "answer 1" in [text for _, text in sms.house.talk(sms.conversation(PATIENT))])
    courier.close()
    assert twilio.said == []
    assert set(sms.states()) == {"queued"}
