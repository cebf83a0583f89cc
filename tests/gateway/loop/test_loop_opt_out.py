"""The wish for no more texts in plain words does what STOP does; with anything else in the message it does not."""

from __future__ import annotations

import pytest
from fake_twilio import FakeTwilio, TextDoor

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
