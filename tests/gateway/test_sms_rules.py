"""STOP, START, HELP, the first notice: whole messages only, after the scan, never at the cost of an emergency."""

from __future__ import annotations

import asyncio

import pytest
from fake_twilio import FakeTwilio, TextDoor
from gateway_fakes import FakeEngine

from bot.clinic import Clinic
from bot.content import ContentError
from bot.gateway.sms.keywords import FILE, Keywords
from bot.gateway.sms.rules import NOTICES
from bot.records.models import Conversation, Delivery, Message
from bot.reply.render import Renderer
from bot.reply.responses import load_responses

PATIENT = "+15550100777"
KEYWORDS = Keywords()
STOPPED, STARTED, HELP, NOTICE = (f"utter_sms_{word}/sms" for word in ("stopped", "started", "help", "notice"))
LINE = "utter_flag_r1_emergency/sms"


@pytest.mark.parametrize(
    ("does", "language", "texts"),
    [
        ("stop", "en", ["STOP", "stop", " Stop. ", "stop!", "STOPALL", "Stop all", "UNSUBSCRIBE", "Cancel", "END"]),
        ("stop", "en", ["quit", "REVOKE", "OPTOUT", "opt out", "'stop'", "stop\n", "ＳＴＯＰ"]),
        ("stop", "es", ["PARAR", "alto", "Cancelar", "detener", "dar de baja", "¡ALTO!"]),
        ("start", "en", ["START", "unstop", "resume"]),
        ("start", "es", ["INICIAR", "comenzar", "empezar"]),
        ("help", "en", ["HELP", "Info", "help!"]),
        ("help", "es", ["AYUDA", "información", "INFORMACION"]),
    ],
)
def test_a_whole_message_is_a_command(does: str, language: str, texts: list[str]) -> None:
    for text in texts:
        found = KEYWORDS.find(text, opted_out=False)
        assert found is not None, text
        assert (found.does, found.language) == (does, language)


@pytest.mark.parametrize(
    "text",
    [
        "can't stop bleeding", "stop the bleeding?", "it won't stop", "stop?", "Please STOP", "stop it hurts",
        "cancel my appointment", "cancel tomorrow", "the end of my gum", "end of it came off", "quit smoking",
        "help can't breathe", "help me", "help?", "info on implants", "should i stop aspirin", "start antibiotics?",
        "no para de sangrar", "alto dolor", "cancelar mi cita", "ayuda no puedo respirar", "parar de sangrar",
        "yes", "si", "no", "", "  ", "...", "🛑", "stop 🩸",
    ],
)  # fmt: skip
def test_inside_other_words_it_is_none(text: str) -> None:
    assert KEYWORDS.find(text, opted_out=False) is None


@pytest.mark.parametrize("text", ["YES", "yes.", "si", "Sí"])
def test_yes_is_a_command_only_for_who_gets_no_texts(text: str) -> None:
    found = KEYWORDS.find(text, opted_out=True)
    assert found is not None
    assert found.does == "start"


def test_a_word_with_two_meanings_is_refused(tmp_path) -> None:
    file = tmp_path / "keywords.yml"
    file.write_text(FILE.read_text("utf-8").replace("[help, info]", "[help, stop]"))
    with pytest.raises(ContentError, match=r"keywords\.yml:\d+: keywords\.\d\.words: 'stop' is already a keyword"):
        Keywords(file)


def test_every_reply_can_be_said() -> None:
    responses = load_responses()
    rows = [*KEYWORDS._always.values(), *KEYWORDS._opted_out.values()]
    renderer, clinic = Renderer(Clinic.load()), Clinic.load()
    assert {row.reply for row in rows} | set(NOTICES.values()) <= set(responses)
    for name in {row.reply for row in rows if row.does != "start"}:
        said = renderer.render(name, "sms", clinic.next_open(_noon())).text
        assert clinic.emergency_number in said
        assert clinic.phone in said  # "to change a visit call": CANCEL alone may have meant that


def _noon():
    from datetime import datetime

    return datetime.fromisoformat("2026-11-21T12:00:00-05:00")


# --- through the whole door


async def test_stop_is_confirmed_once_and_then_nothing_is_sent(sms: TextDoor, twilio: FakeTwilio) -> None:
    for words in ("STOP", "stop", "when is my visit", "thank you"):
        await sms.text(PATIENT, words)
        await sms.settled()
    assert twilio.said == [STOPPED]
    assert [m.status for m in sms.rows(Message) if m.direction == "patient"] == 2 * ["answered"] + 2 * ["with_staff"]
    case = sms.house.case(sms.conversation(PATIENT))
    assert case is not None  # somebody must telephone
    assert [(rule["rule"], rule["level"]) for rule in case.rules] == [("opted_out", "day")]


async def test_who_gets_no_texts_is_heard_in_an_emergency(sms: TextDoor, twilio: FakeTwilio) -> None:
    await sms.text(PATIENT, "PARAR")
    await sms.settled()
    await sms.text(PATIENT, "i cannot breathe")
    await sms.settled()
    assert twilio.said == ["utter_sms_stopped_es/sms"]
    case = sms.house.case(sms.conversation(PATIENT))
    assert case is not None
    assert case.level == "emergency"
    assert case.rules[0]["evidence"] == ["cannot breathe"]


@pytest.mark.parametrize("words", ["START", "yes", "INICIAR"])
async def test_start_resumes(sms: TextDoor, twilio: FakeTwilio, words: str) -> None:
    for text in ("STOP", words, "hello"):
        await sms.text(PATIENT, text)
        await sms.settled()
    assert twilio.said[1].startswith("utter_sms_started")
    assert twilio.said[2].startswith("utter_sms_notice")
    assert twilio.said[3].startswith("answer")


async def test_help_is_answered_but_not_to_who_wants_no_texts(sms: TextDoor, twilio: FakeTwilio) -> None:
    for text in ("HELP", "STOP", "HELP"):
        await sms.text(PATIENT, text)
        await sms.settled()
    assert twilio.said == [HELP, STOPPED]
    assert sms.house.case(sms.conversation(PATIENT)) is not None


async def test_commands_are_not_for_the_engine(sms: TextDoor, engine: FakeEngine) -> None:
    for text in ("HELP", "STOP", "START"):
        await sms.text(PATIENT, text)
        await sms.settled()
    assert not engine.asked


async def test_yes_is_an_answer_for_everybody_else(sms: TextDoor, twilio: FakeTwilio) -> None:
    await sms.text(PATIENT, "yes")
    await sms.settled()
    assert twilio.said == [NOTICE, "answer 1"]


@pytest.mark.parametrize("quiet", [2.0])  # else the first may be answered before the second is there
async def test_stop_among_other_texts_is_obeyed(sms: TextDoor, twilio: FakeTwilio, engine: FakeEngine) -> None:
    await asyncio.gather(*(sms.text(PATIENT, words) for words in ("hello", "STOP", "are you there")))
    await sms.settled()
    assert twilio.said[-1] == STOPPED
    assert not any(text.startswith("answer") for text in twilio.said)
    assert not engine.asked


async def test_what_was_not_sent_before_stop_is_not_sent_after_it(sms: TextDoor, twilio: FakeTwilio) -> None:
    twilio.plan = ["limited"]
    await sms.text(PATIENT, "hello")
    await sms.settled()
    await sms.text(PATIENT, "STOP")
    await sms.settled()
    sms.later(60)
    sms.send()
    assert twilio.said == [STOPPED]
    assert sorted(sms.states()) == ["cancelled", "cancelled", "sent"]


async def test_the_line_of_an_emergency_goes_out_though_stop_follows(
    sms: TextDoor, twilio: FakeTwilio, engine: FakeEngine
) -> None:
    engine.mode = "fail"
    twilio.plan = ["limited"]
    await sms.text(PATIENT, "i cannot breathe")
    await sms.text(PATIENT, "STOP")
    while not sms.rows(Conversation)[0].opted_out_at:
        await asyncio.sleep(0.02)
    for _ in range(3):
        sms.later(60)
        sms.send()
    assert twilio.said[0] == LINE
    assert STOPPED in twilio.said
    assert not any(text.startswith("answer") for text in twilio.said)


async def test_an_answer_that_comes_after_stop_is_not_sent(
    sms: TextDoor, twilio: FakeTwilio, engine: FakeEngine
) -> None:
    engine.thinking = True
    await sms.text(PATIENT, "hello")
    while not engine.asked:
        await asyncio.sleep(0.02)
    await sms.text(PATIENT, "STOP")
    engine.thinking = False
    await sms.settled()
    assert [said for said in twilio.said if said != NOTICE] == [STOPPED]


async def test_the_notice_comes_once_with_the_wording_and_time(sms: TextDoor, twilio: FakeTwilio) -> None:
    for words in ("hello", "thanks"):
        await sms.text(PATIENT, words)
        await sms.settled()
    assert twilio.said == [NOTICE, "answer 1", "answer 2"]
    (conversation,) = sms.rows(Conversation)
    assert conversation.noticed_at is not None
    assert conversation.notice_version is not None
    assert len(conversation.notice_version) == 16


async def test_an_emergency_comes_before_the_notice(sms: TextDoor, twilio: FakeTwilio) -> None:
    await sms.text(PATIENT, "i cannot breathe")
    await sms.settled()
    assert twilio.said[0] == LINE
    assert NOTICE in twilio.said[1:]


async def test_a_crash_after_the_acknowledgement_loses_no_command(sms: TextDoor, twilio: FakeTwilio) -> None:
    services = sms.house.services
    assert services.sms is not None
    await sms.text(PATIENT, "STOP")
    await services.sms.door.close()  # as if the process were gone
    assert [m.status for m in sms.rows(Message)] == ["received"]
    message = sms.rows(Message)[0]
    await services.way.answer(message.id, services.now())  # what the worker's sweep does
    sms.send()
    assert twilio.said == [STOPPED]


async def test_staff_have_the_talk_and_stop_works(sms: TextDoor, twilio: FakeTwilio) -> None:
    await sms.text(PATIENT, "hello")
    await sms.settled()
    with sms.house.services.database.write() as session:
        session.get_one(Conversation, sms.conversation(PATIENT)).taken_over = True
    await sms.text(PATIENT, "STOP")
    await sms.settled()
    assert twilio.said[-1] == STOPPED
    assert sms.states() == ["sent"] * 3
    assert len(sms.rows(Delivery)) == 3
