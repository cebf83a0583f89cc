"""Yes, no, not needed: what each does to the case, and that everything else goes its usual way."""

from __future__ import annotations

import pytest
from gateway_fakes import FakeEngine, House
from loop_patients import DAY, HOUR, WORDS, Patient

ASKED = {"emergency": 30, "hour": 80, "day": 9 * 60}


async def asked(house: House, level: str, channel: str = "web", language: str = "en") -> Patient:
    patient = await Patient.come(house, channel, language)
    await patient.write(WORDS[level])
    patient.change_case(state="acknowledged", acknowledged_at=patient.when(1), acknowledged_by="ana")
    assert patient.look(ASKED[level]) == 1
    return patient


@pytest.mark.parametrize("level", ["emergency", "hour", "day"])
async def test_yes_is_written_down_and_staff_close_the_case(house: House, engine: FakeEngine, level: str) -> None:
    patient = await asked(house, level)
    before = len(engine.asked)
    assert await patient.write("Yes, they called", ASKED[level] + 1) == ("utter_follow_up_yes",)
    case = patient.case
    assert (case.state, case.follow_up_state, case.outcome) == ("acknowledged", "answered", None)
    assert patient.trail[-1] == ("patient", "follow_up_reached", None)
    assert len(engine.asked) == before  # it was no answer to anything the assistant asked


@pytest.mark.parametrize(
    ("level", "line"),
    [
        ("emergency", "utter_follow_up_no_emergency"),
        ("hour", "utter_follow_up_no_hour"),
        ("day", "utter_follow_up_no"),
    ],
)
async def test_no_raises_the_case_again(house: House, engine: FakeEngine, level: str, line: str) -> None:
    patient = await asked(house, level)
    at = ASKED[level] + 2
    assert await patient.write("No.", at) == (line,)
    case = patient.case
    assert (case.state, case.acknowledged_at, case.level, case.follow_up_state) == ("open", None, level, "answered")
    assert case.due_at <= patient.when(at)
    assert case.rules[-1]["rule"] == "not_reached"
    assert patient.trail[-1] == ("patient", "reopened", "not_reached")
    assert patient.look(at + 200) == 0  # asked once


async def test_worse_raises_it_and_the_assistant_answers(house: House, engine: FakeEngine) -> None:
    patient = await asked(house, "hour")
    assert await patient.write("It's worse", 81) == ("answer 2",)
    assert patient.case.state == "open"
    assert patient.trail[-1] == ("patient", "reopened", "not_reached")


async def test_a_no_to_a_case_that_staff_took_for_done_opens_a_new_one(house: House, engine: FakeEngine) -> None:
    patient = await asked(house, "hour")
    patient.change_case(state="resolved", outcome="reached_advised", resolved_at=patient.when(82))
    await patient.write("nobody called", 83)
    assert patient.cases() == 2
    case = patient.case
    assert (case.state, case.level, [rule["rule"] for rule in case.rules]) == ("open", "hour", ["not_reached"])


@pytest.mark.parametrize(("text", "at"), [("Not needed", ASKED["day"] + 1), ("no need to call me back", 5)])
async def test_no_longer_needed_resolves_a_case_of_the_day(
    house: House, engine: FakeEngine, text: str, at: float
) -> None:
    patient = await Patient.come(house)
    await patient.write(DAY)
    patient.look(ASKED["day"])
    assert await patient.write(text, max(at, ASKED["day"] + 1)) == ("utter_not_needed",)
    case = patient.case
    assert (case.state, case.outcome) == ("resolved", "not_needed")
    assert [line[:2] for line in patient.trail[-2:]] == [("patient", "follow_up_not_needed"), ("patient", "resolved")]


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("level", ["emergency", "hour"])
async def test_a_graver_case_is_for_staff_to_close(house: House, engine: FakeEngine, level: str, asks: bool) -> None:
    patient = await asked(house, level) if asks else await Patient.come(house)
    if not asks:
        await patient.write(WORDS[level])
    assert await patient.write("no longer needed", ASKED[level] + 1) == ("utter_not_needed_kept",)
    assert patient.case.state != "resolved"
    assert patient.trail[-1] == ("patient", "follow_up_not_needed", None)


async def test_at_any_time_but_only_in_clear_words(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write(DAY)
    assert await patient.write("not needed", 3) == ("answer 2",)
    assert await patient.write("no longer needed", 4) == ("utter_not_needed",)
    assert await patient.write("no longer needed", 5) == ("answer 3",)  # there is no case any more


@pytest.mark.parametrize("text", ["yes but it bleeds now", "who is this", "no?", "when do you open", "no pain at all"])
async def test_anything_else_goes_its_usual_way(house: House, engine: FakeEngine, text: str) -> None:
    patient = await asked(house, "hour")
    before = patient.case.version
    assert "answer 2" in await patient.write(text, 81)
    assert (patient.case.version, patient.case.follow_up_state) == (before, "asked")


async def test_a_red_flag_in_the_answer_is_what_counts(house: House, engine: FakeEngine) -> None:
    patient = await asked(house, "hour")
    assert "utter_flag_r1_emergency" in await patient.write("no, i cannot breathe", 81)
    assert patient.case.level == "emergency"


async def test_a_yes_counts_only_right_after_the_question(house: House, engine: FakeEngine) -> None:
    patient = await asked(house, "hour")
    await patient.write("when do you open", 81)
    assert await patient.write("yes", 82) == ("answer 3",)
    assert patient.case.follow_up_state == "asked"


async def test_that_nobody_called_counts_unasked_once_somebody_should_have(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write(HOUR)
    patient.change_case(state="in_hand")
    assert await patient.write("Nobody called me!", 59) == ("answer 2",)
    assert patient.case.state == "in_hand"
    assert await patient.write("nobody has called me", 61) == ("utter_follow_up_no_hour",)
    assert patient.case.state == "open"
    assert patient.look(80) == 1  # they were not asked yet


async def test_without_a_question_yes_and_no_are_the_engines(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    await patient.write(HOUR)
    assert await patient.write("yes", 1) == ("answer 2",)
    assert await patient.write("no", 2) == ("answer 3",)
    assert patient.case.state == "open"


async def test_with_a_person_it_is_written_down_and_the_assistant_is_silent(house: House, engine: FakeEngine) -> None:
    patient = await asked(house, "day")
    patient.taken_over(ASKED["day"] + 1)
    assert await patient.write("not needed", ASKED["day"] + 2) == ()
    assert patient.case.state == "acknowledged"  # theirs to close
    assert patient.trail[-1][1] == "follow_up_not_needed"
    assert house.message(patient.last().id).status == "with_staff"


async def test_in_spanish(house: House, engine: FakeEngine) -> None:
    patient = await asked(house, "hour", "sms", "es")
    assert await patient.write("No", 81) == ("utter_follow_up_no_hour_es",)
    assert house.delivered[-1] == patient.id


async def test_a_second_delivery_of_the_same_answer_changes_nothing(house: House, engine: FakeEngine) -> None:
    patient = await asked(house, "hour")
    way = house.services.way
    for at in (81, 82):
        await way.receive(patient.id, "no", "same id", patient.when(at))
    assert patient.said.count("utter_follow_up_no_hour") == 1
    assert [line[1:] for line in patient.trail].count(("reopened", "not_reached")) == 1


async def test_after_the_conversation_was_deleted_there_is_nothing_to_answer(house: House, engine: FakeEngine) -> None:
    from bot.records import conversations

    patient = await asked(house, "hour")
    case = patient.case.id
    with house.services.database.write() as session:
        conversations.erase(session, patient.id, "patient", patient.when(81))
    with house.services.database.read() as session:
        from bot.records.models import Case

        kept = session.get_one(Case, case)
        assert (kept.state, kept.conversation_id, kept.follow_up_state) == ("acknowledged", None, "asked")
    assert house.services.watch.look(patient.when(300)) == 0
