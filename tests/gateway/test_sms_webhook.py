"""The provider's webhooks: only signed ones, each once, acknowledged at once, the number nowhere but in its column."""

from __future__ import annotations

import asyncio
import random
from urllib.parse import urlencode

import pytest
from fake_twilio import PUBLIC, TOKEN, FakeTwilio, TextDoor, fields, signed
from gateway_fakes import Build, FakeEngine
from sqlalchemy import select

from bot.gateway.sms.numbers import normalised, number_hash
from bot.gateway.sms.webhook import Signature
from bot.records.models import Contact, Conversation, Delivery, Message

PATIENT = "+15550100777"
MARK = "zanzibar"


async def test_a_text_is_answered_by_text(sms: TextDoor, twilio: FakeTwilio) -> None:
    await sms.text(PATIENT, "my implant feels odd")
    await sms.settled()
    assert twilio.said == ["utter_sms_notice/sms", "answer 1"]
    assert {text.to for text in twilio.texts} == {PATIENT}
    assert sms.states() == ["sent", "sent"]


async def test_it_is_acknowledged_before_anybody_thinks(sms: TextDoor, engine: FakeEngine) -> None:
    engine.thinking = True
    for n in range(10):
        await sms.text(PATIENT, f"text {n}")
    assert {message.status for message in sms.rows(Message) if message.direction == "patient"} == {"received"}
    engine.thinking = False


async def test_the_acknowledgement_says_nothing(sms: TextDoor) -> None:
    answer = await sms.post(fields("SM1", PATIENT, "hello"))
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.endswith("<Response/>")


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("right", 200),
        ("no signature", 403),
        ("another token", 403),
        ("another address", 403),
        ("a field changed", 403),
        ("a field more", 403),
        ("a blank field dropped", 403),
        ("text that is no form", 403),
        ("signature of another message", 403),
        ("empty", 403),
    ],
)
async def test_only_what_the_provider_signed(sms: TextDoor, case: str, expected: int) -> None:
    body = fields("SM1", PATIENT, "hello & goodbye = 50% +1")
    headers, content = signed("/sms/incoming", body), urlencode(body)
    if case == "no signature":
        headers.pop("X-Twilio-Signature")
    elif case == "another token":
        headers = signed("/sms/incoming", body, token="guessed")
    elif case == "another address":
        headers = signed("/sms/incoming", body, public="http://10.0.0.7:8000")
    elif case == "a field changed":
        content = urlencode(body | {"From": "+15550100888"})
    elif case == "a field more":
        content += "&MediaUrl0=https://evil.example/x"
    elif case == "a blank field dropped":
        content = urlencode({key: value for key, value in body.items() if value})
    elif case == "text that is no form":
        content = "\x00\xff{}"
    elif case == "signature of another message":
        headers = signed("/sms/incoming", fields("SM2", PATIENT, "hello"))
    elif case == "empty":
        content = ""
    answer = await sms.client.post("/sms/incoming", content=content, headers=headers)
    assert answer.status_code == expected
    assert len(sms.rows(Message)) >= 1 if expected == 200 else not sms.rows(Message) + sms.rows(Conversation)


async def test_a_status_needs_a_signature_too(sms: TextDoor) -> None:
    await sms.text(PATIENT, "hello")
    await sms.settled()
    path = f"/sms/status?message={sms.rows(Delivery)[0].message_id}"
    body = {"MessageSid": "SM0", "MessageStatus": "failed"}
    forged = signed(path, body, token="guessed")
    assert (await sms.client.post(path, content=urlencode(body), headers=forged)).status_code == 403
    moved = signed("/sms/status?message=another", body)
    assert (await sms.client.post(path, content=urlencode(body), headers=moved)).status_code == 403
    assert sms.states() == ["sent", "sent"]


@pytest.mark.parametrize(
    "public",
    [PUBLIC, f"{PUBLIC}/", "https://clinic.example/texts", "https://clinic.example:8443", "http://127.0.0.1:80"],
)
def test_the_signature_is_for_the_public_address(public: str) -> None:
    body = fields("SM1", PATIENT, "")
    headers = signed("/sms/incoming", body, public=public.rstrip("/"))
    form = Signature(TOKEN, public).form("/sms/incoming", "", urlencode(body).encode(), headers["X-Twilio-Signature"])
    assert form is not None
    assert form["Body"] == form["FromCity"] == ""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"From": PATIENT, "Body": "no sid"}, 400),
        ({"MessageSid": "SM1", "Body": "no sender"}, 400),
        ({"MessageSid": "x" * 65, "From": PATIENT, "Body": "long"}, 400),
        ({"MessageSid": "SM1", "From": PATIENT}, 200),  # no Body at all is an empty text
        ({"MessageSid": "SM1", "From": "SHORTNAME", "Body": "nobody to answer"}, 200),
        ({"MessageSid": "SM1", "From": PATIENT, "Body": "x", "NumMedia": "many"}, 200),
    ],
)
async def test_signed_but_incomplete(sms: TextDoor, body: dict[str, str], status: int) -> None:
    assert (await sms.post(body)).status_code == status
    expected = status == 200 and body["From"] == PATIENT
    assert bool(sms.rows(Conversation)) is expected


async def test_too_long_or_of_another_kind(sms: TextDoor) -> None:
    body = fields("SM1", PATIENT, "x" * 70_000)
    assert (await sms.post(body)).status_code == 413
    assert (await sms.client.post("/sms/incoming", json={"Body": "x"})).status_code == 415
    assert not sms.rows(Conversation)


async def test_three_times_the_same_is_one_message_and_one_answer(sms: TextDoor, twilio: FakeTwilio) -> None:
    for _ in range(2):
        await sms.text(PATIENT, "hello", sid="SM1")
    await sms.settled()
    await sms.text(PATIENT, "hello", sid="SM1")
    await sms.settled()
    assert twilio.said == ["utter_sms_notice/sms", "answer 1"]
    assert [m.text for m in sms.rows(Message) if m.direction == "patient"] == ["hello"]


async def test_the_same_three_times_at_once(sms: TextDoor, twilio: FakeTwilio) -> None:
    await asyncio.gather(*(sms.text(PATIENT, "hello", sid="SM1") for _ in range(3)))
    await sms.settled()
    assert twilio.said == ["utter_sms_notice/sms", "answer 1"]
    assert len(sms.rows(Conversation)) == 1


@pytest.mark.parametrize("quiet", [2.0])  # four times that is enough to store them all
async def test_twenty_at_once_from_one_number(sms: TextDoor, twilio: FakeTwilio) -> None:
    sids = [f"SM{n}" for n in range(20)]
    posts = [(sid, f"text {sid}") for sid in sids] * 2
    random.Random(7).shuffle(posts)
    await asyncio.gather(*(sms.text(PATIENT, words, sid=sid) for sid, words in posts))
    await sms.settled()
    patient = [m for m in sms.rows(Message) if m.direction == "patient"]
    assert sorted(m.text for m in patient) == sorted(f"text {sid}" for sid in sids)
    assert {m.status for m in patient} == {"answered"}
    assert len(twilio.said) == len(set(twilio.said)) <= 4  # the notice, and the burst's answer


async def test_twenty_numbers_at_once(sms: TextDoor, twilio: FakeTwilio) -> None:
    numbers = [f"+155501007{n:02d}" for n in range(20)]
    await asyncio.gather(*(sms.text(number, f"i am {number}") for number in numbers))
    await sms.settled()
    for number in numbers:
        assert [text.body for text in twilio.texts if text.to == number] == ["utter_sms_notice/sms", "answer 1"]
        heard = sms.house.talk(sms.conversation(number))
        assert [text for who, text in heard if who == "patient"] == [f"i am {number}"]


@pytest.mark.parametrize(
    "words", ["🦷 fell out 😱", "¿se cayó?", "“quoted” – it’s odd", "x" * 1_700, "a\x00b\x07c", "\n \n", "𝕳𝖊𝖑𝖑𝖔"]
)
async def test_any_text_comes_through(sms: TextDoor, words: str) -> None:
    await sms.text(PATIENT, words)
    await sms.settled()
    (said,) = [m.text for m in sms.rows(Message) if m.direction == "patient"]
    assert said == words.replace("\x00", "").replace("\x07", "")


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("+15550100777", "+15550100777"),
        ("(555) 010-0777", "+15550100777"),
        ("+44 20 7946 0958", "+442079460958"),
        ("12345", None),
        ("SHORTNAME", None),
        ("", None),
    ],
)
def test_numbers(raw: str, number: str | None) -> None:
    assert normalised(raw, "US") == number


async def test_however_the_number_is_written_it_is_one_conversation(sms: TextDoor) -> None:
    for sender in (PATIENT, "555-010-0777", "+1 (555) 010-0777"):
        await sms.text(sender, "hello")
    assert len(sms.rows(Conversation)) == 1


async def test_the_number_is_found_by_a_keyed_hash(sms: TextDoor) -> None:
    await sms.text(PATIENT, "hello")
    (contact,) = sms.rows(Contact)
    assert contact.address == PATIENT
    assert contact.address_hash not in (number_hash(PATIENT, b""), number_hash(PATIENT, b"another key"))


async def test_after_a_restart_the_number_is_known(build: Build, text_settings: dict[str, object]) -> None:
    keys = []
    for _ in range(2):
        sms = build(**text_settings).services.sms
        assert sms is not None
        keys.append(sms.door._key)
    assert keys[0] == keys[1]


async def test_a_red_flag_is_with_staff_before_the_engine_answers(
    sms: TextDoor, engine: FakeEngine, twilio: FakeTwilio
) -> None:
    engine.thinking = True
    await sms.text(PATIENT, "i cannot breathe")
    while len(sms.rows(Delivery)) < 2:
        await asyncio.sleep(0.02)
    case = sms.house.case(sms.conversation(PATIENT))
    assert case is not None
    assert case.level == "emergency"
    sms.send()
    assert twilio.said == ["utter_flag_r1_emergency/sms", "utter_sms_notice/sms"]
    engine.thinking = False


async def test_neither_number_nor_words_in_any_log_or_address(
    sms: TextDoor, twilio: FakeTwilio, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    twilio.plan = ["limited", "broken", "stopped", "lost", "bad number"]
    await sms.text(PATIENT, f"{MARK} lip is numb")
    await sms.post(fields("SM9", f"{MARK}", MARK))
    await sms.client.post("/sms/incoming", content=f"Body={MARK}", headers=signed("/sms/incoming", {}))
    await sms.settled()
    for _ in range(5):
        sms.later(400)
        sms.send()
    await sms.text(PATIENT, f"{MARK} again break the scan")
    await sms.settled()
    logged = "".join(capsys.readouterr()) + caplog.text
    assert "stored" in logged
    assert "stopped" not in logged
    metrics = (await sms.client.get("/metrics")).text
    for secret in (MARK, PATIENT, PATIENT[2:], TOKEN):
        assert secret not in logged
        assert secret not in metrics
    assert all(PATIENT[1:] not in text.callback for text in twilio.texts)


async def test_no_number_in_any_other_column(sms: TextDoor) -> None:
    await sms.text(PATIENT, "hello")
    await sms.settled()
    with sms.house.services.database.read() as session:
        for table in Conversation, Message, Delivery:
            rows = session.execute(select(table.__table__)).all()
            assert rows
            assert PATIENT[1:] not in str(rows)
