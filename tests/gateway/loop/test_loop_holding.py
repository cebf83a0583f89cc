"""Who waits for a person hears so once in some minutes, not for each message; red flags are answered at once."""

from __future__ import annotations

import pytest
from gateway_fakes import FakeEngine, House
from loop_patients import HOUR, WORDS, Patient


async def test_a_case_that_waits_brings_one_line_in_some_minutes(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    assert "utter_hold_hour" not in await patient.write(HOUR)
    heard = [("utter_hold_hour" in await patient.write("hello", at)) for at in (2, 14, 16, 18, 30, 32, 45)]
    assert heard == [False, False, True, False, False, True, False]
    assert len(engine.asked) == 8  # the assistant goes on answering


@pytest.mark.parametrize(
    ("level", "changed", "at", "line"),
    [
        ("emergency", {}, 6, "utter_hold_emergency"),
        ("emergency", {"state": "acknowledged"}, 61, "utter_hold_late"),
        ("hour", {}, 16, "utter_hold_hour"),
        ("hour", {"state": "acknowledged"}, 50, None),  # seen: not before an hour
        ("hour", {"state": "in_hand"}, 70, "utter_hold_late"),
        ("hour", {}, 61, "utter_hold_late"),
        ("day", {}, 59, None),
        ("day", {}, 61, "utter_hold_day"),
        ("day", {"state": "in_hand"}, 61, "utter_hold_seen"),
        ("day", {"state": "resolved"}, 61, None),
    ],
)
async def test_the_line_says_how_things_stand(
    house: House, engine: FakeEngine, level: str, changed: dict[str, object], at: float, line: str | None
) -> None:
    patient = await Patient.come(house)
    await patient.write(WORDS[level])
    patient.change_case(**changed)
    said = await patient.write("hello", at)
    assert [name for name in said if name.startswith("utter_hold")] == ([line] if line else [])


async def test_a_message_that_adds_to_the_case_brings_none(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write(HOUR)
    assert await patient.write("now pus", 100) == ("utter_flag_r16_day", "answer 2")
    engine.intents = ["talk_to_human"]
    assert await patient.write("a person please", 200) == ("answer 3",)


async def test_with_a_person_who_does_not_write(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write("hello")
    asked = len(engine.asked)
    patient.taken_over(1)  # by which the patient was told
    heard = [await patient.write("anybody?", at) for at in (2, 5, 12, 13, 21, 23)]
    line = ("utter_hold_person",)
    assert heard == [(), (), line, (), (), line]
    assert len(engine.asked) == asked  # the assistant is silent


async def test_with_a_person_who_writes(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    patient.taken_over(0)
    patient.staff_write("how can I help?", 11)
    assert await patient.write("my cap fell out", 12) == ()
    assert await patient.write("hello?", 20) == ()
    assert await patient.write("hello?", 22) == ("utter_hold_person",)


@pytest.mark.parametrize("at", [1, 30])
async def test_a_red_flag_gets_its_line_at_once_and_no_other(house: House, engine: FakeEngine, at: float) -> None:
    patient = await Patient.come(house)
    patient.taken_over(0)
    assert await patient.write(HOUR, at) == ("utter_flag_r7_hour",)


async def test_in_spanish_and_by_text_message(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house, "sms", "es")
    patient.taken_over(0)
    assert await patient.write("hola", 11) == ("utter_hold_person_es",)
    assert house.delivered[-1] == patient.id  # somebody must send it


async def test_who_wants_no_texts_gets_none(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house, "sms")
    patient.change(taken_over=True, opted_out_at=patient.when(0))
    assert await patient.write("hello", 30) == ()


async def test_that_we_have_the_message_is_said_once_in_some_minutes(house: House, engine: FakeEngine) -> None:
    engine.mode = "fail"
    patient = await Patient.come(house)
    heard = [await patient.write(f"hello {at}", at) for at in (0, 1, 4, 6, 9)]
    have = ("utter_have_message",)
    assert heard == [have, (), (), have, ()]
    assert await patient.write(HOUR, 10) == ("utter_flag_r7_hour",)
