"""The wish for no more texts in plain words does what STOP does; with anything else in the message it does not."""

from __future__ import annotations

import pytest
from fake_twilio import FakeTwilio, TextDoor
from gateway_fakes import FakeEngine, House
from loop_patients import Patient

from bot.gateway.sms.keywords import Keywords

PATIENT = "+15550100777"
KEYWORDS = Keywords()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please don't text me any more", "en"),
        ("please stop texting me", "en"),
        ("Stop messaging us, thanks!", "en"),
        ("ok stop sending me these texts", "en"),
        ("do not contact me again.", "en"),
        ("I don't want any more messages from you", "en"),
        ("no more texts please", "en"),
        ("Take me off your list", "en"),
        ("Por favor no me escriban más", "es"),
        ("ya no quiero recibir mensajes", "es"),
        ("dejen de mandarme textos", "es"),
    ],
)
def test_the_wish_in_plain_words(text: str, language: str) -> None:
    found = KEYWORDS.find(text, opted_out=False)
    assert found is not None
    assert (found.does, found.language) == ("stop", language)


@pytest.mark.parametrize(
    "text",
    [
        "please stop", "stop the bleeding", "please don't text me, call me", "stop texting me? how?",
        "don't text my husband", "can you stop texting me at night", "stop sending me to the front desk",
        "please don't contact my insurance", "I don't want any more pain", "no more swelling",
        "remove my implant from the list", "take me off the blood thinner", "don't stop texting me",
        "stop texting me my lip is numb", "no me siento bien", "no quiero mas dolor", "no me mande al dentista",
        "please stop texting me it is bleeding",
    ],
)  # fmt: skip
def test_with_more_or_less_in_it_it_is_no_command(text: str) -> None:
    assert KEYWORDS.find(text, opted_out=False) is None


async def test_it_is_obeyed_like_stop(sms: TextDoor, twilio: FakeTwilio) -> None:
    for words in ("hello", "Please don't text me any more", "are you there"):
        await sms.text(PATIENT, words)
        await sms.settled()
    assert twilio.said[-1] == "utter_sms_stopped/sms"
    case = sms.house.case(sms.conversation(PATIENT))
    assert case is not None
    assert [rule["rule"] for rule in case.rules] == ["opted_out"]


async def test_with_a_red_flag_in_it_the_patient_is_told_what_to_do(sms: TextDoor, twilio: FakeTwilio) -> None:
    await sms.text(PATIENT, "stop texting me, i cannot breathe")
    await sms.settled()
    assert twilio.said[0] == "utter_flag_r1_emergency/sms"
    assert "utter_sms_stopped/sms" not in twilio.said
    case = sms.house.case(sms.conversation(PATIENT))
    assert case is not None
    assert case.level == "emergency"


WISH = {"name": "opt_out", "assertion": "present", "text": "stop sending"}
LONG = "I have moved away and see another dentist now, so stop sending me things"


@pytest.mark.parametrize(
    ("said", "findings", "text", "stops"),
    [
        (["utter_opt_out"], [WISH], LONG, True),
        (["utter_opt_out"], [], LONG, False),  # intents alone
        (["utter_opt_out"], [WISH | {"assertion": "absent"}], LONG, False),
        (["utter_noted_1", "utter_opt_out"], [WISH], LONG, False),  # there was more in it
        (["utter_opt_out"], [WISH], f"{LONG}, my lip is numb", False),
    ],
)
async def test_the_wish_among_other_words_counts_where_nothing_else_was_read(
    sms: TextDoor,
    twilio: FakeTwilio,
    engine: FakeEngine,
    said: list[str],
    findings: list[object],
    text: str,
    stops: bool,
) -> None:
    await sms.text(PATIENT, "hello")
    await sms.settled()
    engine.said, engine.findings = said, findings
    await sms.text(PATIENT, text)
    await sms.settled()
    assert ("utter_sms_stopped/sms" in twilio.said) is stops
    assert ("answer 2" in twilio.said[-1]) is not stops
    await sms.text(PATIENT, "when do you open")
    await sms.settled()
    case = sms.house.case(sms.conversation(PATIENT))
    told = [rule["rule"] for rule in case.rules] if case else []
    assert ("opted_out" in told) is stops


async def test_on_the_website_it_only_means_that_nothing_is_asked(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    engine.said, engine.findings = ["utter_opt_out"], [WISH]
    assert await patient.write("pus") == ("utter_flag_r16_day", "answer 1")
    assert await patient.write(LONG, 1) == ("answer 2",)
    assert patient.look(9 * 60) == 0
