"""What time brings about: "did we reach you?" once for each case, the alarm again where staff let a patient wait."""

from __future__ import annotations

import pytest
from gateway_fakes import Build, FakeEngine, House
from loop_patients import DAY, EMERGENCY, HOUR, WORDS, Patient

from bot.records import conversations
from bot.records.cases import Reason, raise_case
from bot.records.models import Message

NIGHT, MORNING = 12 * 60 + 5, 23 * 60  # 21:05, when it is quiet; 8:00, when it no longer is


@pytest.mark.parametrize(
    ("level", "too_soon", "soon_enough", "question"),
    [
        ("emergency", 29, 30, "utter_follow_up_emergency"),  # due at once
        ("hour", 60 + 14, 60 + 15, "utter_follow_up"),
        ("day", 8 * 60 + 59, 9 * 60, "utter_follow_up"),  # due when the clinic closes
    ],
)
async def test_asked_once_some_time_after_the_promised_call(
    house: House, engine: FakeEngine, level: str, too_soon: float, soon_enough: float, question: str
) -> None:
    patient = await Patient.come(house)
    await patient.write(WORDS[level])
    assert patient.look(too_soon) == 0
    assert patient.look(soon_enough) == 1
    assert patient.said[-1] == question
    case = patient.case
    assert (case.state, case.follow_up_state, case.follow_up_at) == ("open", "asked", patient.when(soon_enough))
    assert patient.trail[-1] == ("assistant", "follow_up_asked", None)
    assert [patient.look(soon_enough + later) for later in (1, 60, 300)] == [0, 0, 0]


async def test_another_process_after_a_restart_does_not_ask_again(build: Build, engine: FakeEngine) -> None:
    first = build()
    patient = await Patient.come(first)
    await patient.write(HOUR)
    await first.services.close()
    patient.house = build()
    assert patient.look(80) == 1
    await patient.house.services.close()
    patient.house = build()
    assert patient.look(90) == 0
    assert patient.said.count("utter_follow_up") == 1
    await patient.house.services.close()


async def test_the_question_is_texted(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house, "sms", "es")
    await patient.write(HOUR)
    house.delivered.clear()
    assert patient.look(80) == 1
    assert patient.last().text == "utter_follow_up_es/sms"
    assert house.delivered == [patient.id]


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "resolved"},  # a person says it is done
        {"rules": [{"rule": "undelivered"}, {"rule": "opted_out"}]},
    ],
    ids=str,
)
async def test_of_some_cases_it_is_not_asked(house: House, engine: FakeEngine, changed: dict[str, object]) -> None:
    patient = await Patient.come(house)
    await patient.write(HOUR)
    patient.change_case(**changed)
    assert patient.look(80) == 0


async def test_who_wants_no_texts_is_not_asked(house: House, engine: FakeEngine) -> None:
    texts, tired = await Patient.come(house, "sms"), await Patient.come(house)
    for patient in (texts, tired):
        await patient.write(HOUR)
    texts.change(opted_out_at=texts.when(5))
    tired.change(history={"said": ["utter_opt_out"]})
    assert texts.look(80) == 0


async def test_not_while_somebody_writes(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write(HOUR)
    await patient.write("hello", 78)
    assert patient.look(80) == 0
    engine.mode = "fail"
    await patient.write("still there", 83)
    assert patient.look(95) == 0  # it waits for its answer
    engine.mode = "answer"
    await house.services.way.answer(patient.last().in_reply_to, patient.when(96))
    assert patient.look(97) == 1


async def test_not_where_staff_wrote_or_have_the_talk(house: House, engine: FakeEngine) -> None:
    written, taken = await Patient.come(house), await Patient.come(house)
    for patient in (written, taken):
        await patient.write(HOUR)
    written.staff_write("this is Ana from the clinic", 30)
    taken.change(taken_over=True, taken_over_at=taken.when(79))
    assert written.look(80) == 0


async def test_it_waits_for_the_end_of_the_quiet_hours_but_not_for_days(house: House, engine: FakeEngine) -> None:
    late = await Patient.come(house)
    await late.write(HOUR, NIGHT - 61)
    assert [late.look(at) for at in (NIGHT + 15, NIGHT + 300, MORNING - 1)] == [0, 0, 0]
    assert late.look(MORNING) == 1
    old = await Patient.come(house)
    await old.write(HOUR)
    assert old.look(60 + 24 * 60 + 1) == 0


async def test_never_in_a_conversation_that_was_deleted(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write(HOUR)
    with house.services.database.write() as session:
        conversations.erase(session, patient.id, "patient", patient.when(10))
        assert patient.house.services.watch._due(session, patient.when(80)) == []
    assert patient.look(80) == 0


async def test_one_that_breaks_does_not_keep_the_others(house: House, engine: FakeEngine) -> None:
    broken, whole = await Patient.come(house), await Patient.come(house)
    for patient in (broken, whole):
        await patient.write(HOUR if patient is whole else EMERGENCY)
    house.renderer.unknown = ("utter_follow_up_emergency",)
    assert whole.look(80) == 1
    assert (whole.case.follow_up_state, broken.case.follow_up_state) == ("asked", "none")
    house.renderer.unknown = ()
    assert whole.look(81) == 1


# --- a person took over and lets the patient wait


@pytest.mark.parametrize(
    ("level", "minutes"),
    [("emergency", 3), ("hour", 10), ("day", 20), (None, 20)],
)
async def test_the_alarm_comes_again_and_the_patient_is_told_once(
    house: House, engine: FakeEngine, level: str | None, minutes: float
) -> None:
    patient = await Patient.come(house)
    await patient.write(WORDS[level] if level else "hello")
    if level:
        patient.change_case(state="in_hand", acknowledged_at=patient.when(0), acknowledged_by="ana")
    patient.taken_over(1)
    patient.staff_write("I am Ana", 2)
    await patient.write("what now", 5)
    assert patient.look(5 + minutes - 0.5) == 0
    assert patient.look(5 + minutes) == 1
    assert patient.said[-1] == "utter_staff_silent"
    case, at = patient.case, patient.when(5 + minutes)
    assert (case.state, case.acknowledged_by, case.level) == ("open", None, level or "day")
    assert case.due_at <= at
    assert "staff_silent" in [rule["rule"] for rule in case.rules]
    assert ("assistant", "reopened" if level else "opened", "staff_silent" if level else None) in patient.trail
    assert patient.trail[-1] == ("assistant", "staff_silent", None)
    await patient.write("hello??", 5 + minutes + 1)
    assert [patient.look(5 + minutes + later) for later in (2, 30)] == [0, 0]
    patient.staff_write("sorry!", 60)
    await patient.write("well?", 61)
    assert patient.look(61 + minutes) == 1  # and again, if they fall silent again


async def test_who_takes_over_and_says_nothing_at_all(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write(HOUR)
    patient.taken_over(10)
    assert [patient.look(at) for at in (19, 20, 21)] == [0, 1, 0]


async def test_no_alarm_where_staff_had_the_last_word(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write(HOUR)
    patient.taken_over(1)
    patient.staff_write("come in at two", 2)
    assert patient.look(100) == 0
    await patient.write("thanks", 101)
    patient.change(taken_over=False)
    assert patient.look(130) == 0


async def test_who_wants_no_texts_is_not_told_but_staff_are(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house, "sms")
    await patient.write(DAY)
    patient.taken_over(1)
    patient.change(opted_out_at=patient.when(1))
    before = patient.said
    assert [patient.look(at) for at in (22, 23)] == [0, 0]
    assert patient.said == before
    assert [line[1:] for line in patient.trail].count(("reopened", "staff_silent")) == 1


async def test_a_case_raised_for_several_grounds_is_asked_about(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write("hello")
    with house.services.database.write() as session:
        message = session.query(Message).filter_by(conversation_id=patient.id, direction="patient").one()
        at = patient.when(0)
        reasons = [Reason(rule, "hour", at, ("hello",), "a source") for rule in ("undelivered", "photo")]
        raise_case(session, patient.id, message.id, reasons, at)
    assert patient.look(80) == 1
