"""Several texts within seconds are one: one engine turn, one answer, and a red flag split over two is seen."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from gateway_fakes import Build, FakeEngine, House, a_photo

from bot.gateway.burst import joined, latest, together
from bot.records.models import Conversation, Message, Photo

GAP = timedelta(seconds=10)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)


def message(seconds: float, text: str = "x", attempts: int = 0) -> Message:
    return Message(received_at=NOON + timedelta(seconds=seconds), text=text, attempts=attempts, status="received")


@pytest.mark.parametrize(
    ("waiting", "size"),
    [
        ([], 0),
        ([message(0)], 1),
        ([message(0), message(9), message(18)], 3),
        ([message(0), message(11)], 1),
        ([message(0), message(5), message(16)], 2),
        ([message(5), message(0)], 2),  # stored in another order than received
        ([message(0, "a" * 60), message(1, "b" * 60)], 1),  # would not fit
        ([message(0, "a" * 200), message(1)], 1),  # too long alone already
        ([message(0, attempts=1), message(1)], 1),  # the engine failed at it: alone
        ([message(0), message(1, attempts=1)], 1),
    ],
)
def test_which_are_answered_together(waiting: list[Message], size: int) -> None:
    assert together(waiting, GAP, 100) == waiting[:size]


@pytest.mark.parametrize(("seconds", "size"), [([], 0), ([0], 1), ([0, 9, 18], 3), ([0, 11], 1), ([0, 11, 12], 2)])
def test_which_are_scanned_together(seconds: list[float], size: int) -> None:
    messages = [message(at) for at in seconds]
    assert [each for each, _ in latest(messages, GAP, 100)] == messages[len(messages) - size :]


LONG = "The whole story, told at length. " * 20


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (["my tongue is", "swelling up"], ["my tongue is", "swelling up"]),
        ([f"{LONG}My tongue is", "swelling up"], ["My tongue is", "swelling up"]),
        ([f"{LONG}\nMy tongue is", "swelling up"], ["My tongue is", "swelling up"]),
        (["one", "two", "three", "four", "five"], ["two", "three", "four", "five"]),
        (["one", "My lip is sore.", "and numb"], ["and numb"]),
        (["a" * 200, "b" * 200], ["b" * 200]),  # no sentence of it fits, and the last is always read whole
        (["a" * 60, "b" * 60, "c"], ["b" * 60, "c"]),
    ],
)
def test_of_answered_ones_only_the_end_is_read_again(texts: list[str], read: list[str]) -> None:
    messages = [message(n, text) for n, text in enumerate(texts)]
    for each in messages[:-1]:
        each.status = "answered"
    assert [text for _, text in latest(messages, GAP, 100)] == read


def test_a_line_each() -> None:
    assert joined(["my tongue is", "  ", "swelling up"]) == "my tongue is\nswelling up"


async def text_message(
    house: House, conversation: uuid.UUID, text: str, sid: str
) -> tuple[Message, asyncio.Task[bool]]:
    """What the SMS door does: store, acknowledge, go on by itself."""
    way = house.services.way
    stored, _ = await way.take(conversation, text, sid, house.services.now())
    return stored, asyncio.create_task(way.answer(stored.id, house.services.now()))


async def test_texts_within_seconds_get_one_answer(build: Build, engine: FakeEngine) -> None:
    house = build(sms_quiet=1.5)
    conversation = await house.open("sms")
    sent = []
    for n, text in enumerate(("my cap", "fell out", "what now")):
        sent.append(await text_message(house, conversation, text, f"SM{n}"))
        await asyncio.sleep(0.05)
    assert engine.asked == []  # still quiet
    assert await asyncio.gather(*(task for _, task in sent)) == [True] * 3
    assert [body["text"] for body in engine.asked] == ["my cap\nfell out\nwhat now"]
    assert house.talk(conversation)[1:] == [
        ("patient", "my cap"),
        ("patient", "fell out"),
        ("patient", "what now"),
        ("assistant", "answer 1"),
    ]
    stored = [house.message(each.id) for each, _ in sent]
    assert {each.status for each in stored} == {"answered"}
    assert [each.intents for each in stored] == [None, None, ["inform"]]
    with house.services.database.read() as session:
        replies = session.query(Message).filter(Message.in_reply_to.is_not(None)).all()
    assert [reply.in_reply_to for reply in replies] == [stored[-1].id]
    await house.services.close()


async def test_somebody_who_never_stops_is_answered_all_the_same(build: Build, engine: FakeEngine) -> None:
    house = build(sms_quiet=0.6)
    conversation = await house.open("sms")
    tasks: list[asyncio.Task[bool]] = []
    while not engine.asked:  # often enough that it is never quiet for 0.6 s, until four times that is over
        assert len(tasks) < 50
        tasks.append((await text_message(house, conversation, f"text {len(tasks)}", f"SM{len(tasks)}"))[1])
        await asyncio.sleep(0.1)
    await asyncio.gather(*tasks)
    assert len(engine.asked) < len(tasks) / 2
    assert "\n".join(body["text"] for body in engine.asked) == "\n".join(f"text {n}" for n in range(len(tasks)))
    await house.services.close()


async def test_a_red_flag_does_not_wait_for_the_window(build: Build, engine: FakeEngine) -> None:
    house = build(sms_quiet=1.5)
    conversation = await house.open("sms")
    _, first = await text_message(house, conversation, "hello", "SM1")
    _, second = await text_message(house, conversation, "i cannot breathe", "SM2")
    while len(house.talk(conversation)) < 4:
        assert not first.done()
        await asyncio.sleep(0.01)
    assert engine.asked == []
    assert house.talk(conversation)[-1] == ("assistant", "utter_flag_r1_emergency/sms")
    await asyncio.gather(first, second)
    assert [text for _, text in house.talk(conversation)[4:]] == ["answer 1"]
    assert [each for each in house.delivered if each == conversation] == [conversation] * 2
    await house.services.close()


@pytest.mark.parametrize("answered_between", [True, False])
async def test_what_only_both_together_say_is_seen(
    house: House, engine: FakeEngine, answered_between: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("gateway_fakes").WORDS, "my tongue is\nswelling up", ("R1", "emergency"))
    conversation = await house.open("sms")
    _, first = await text_message(house, conversation, "my tongue is", "SM1")
    if answered_between:
        await first
    second, task = await text_message(house, conversation, "swelling up", "SM2")
    await asyncio.gather(first, task)
    case = house.case(conversation)
    assert case is not None
    assert (case.level, case.message_id) == ("emergency", second.id)
    said = [text for who, text in house.talk(conversation) if who == "assistant"]
    assert said.count("utter_flag_r1_emergency/sms") == 1


async def test_on_the_web_what_comes_while_the_engine_is_busy_is_joined(build: Build, engine: FakeEngine) -> None:
    house = build()
    engine.thinking = True
    conversation = await house.open()

    async def send(text: str):
        return await house.services.way.receive(conversation, text, None, house.services.now())

    first = asyncio.create_task(send("one"))
    while not engine.asked:
        await asyncio.sleep(0.01)
    more = [asyncio.create_task(send(text)) for text in ("two", "three", "four")]
    while len(house.talk(conversation)) < 5:
        await asyncio.sleep(0.01)
    engine.thinking = False
    receipts = await asyncio.gather(*more)
    assert engine.asked[0]["text"] == "one"
    assert sorted(engine.asked[1]["text"].split("\n")) == ["four", "three", "two"]
    assert [reply.text for reply in (await first).replies] == ["answer 1"]
    assert sorted(len(receipt.replies) for receipt in receipts) == [0, 0, 1]  # shown once
    last = max(receipts, key=lambda receipt: receipt.message.seq)
    assert [reply.text for reply in last.replies] == ["answer 2"]
    assert {receipt.message.status for receipt in receipts} == {"answered"}
    await house.services.close()


async def test_a_burst_is_held_once(build: Build, engine: FakeEngine) -> None:
    house = build(sms_quiet=1.5)
    engine.stop()
    conversation = await house.open("sms")
    sent = [await text_message(house, conversation, text, text) for text in ("one", "two", "three")]
    assert await asyncio.gather(*(task for _, task in sent)) == [False] * 3
    said = [text for who, text in house.talk(conversation) if who == "assistant"][1:]
    assert said == ["utter_have_message/sms"]
    engine.start()
    assert await house.services.way.answer(sent[-1][0].id, house.services.now())
    assert house.talk(conversation)[-1] == ("assistant", "answer 1")
    assert engine.asked[-1]["text"] == "one\ntwo\nthree"
    await house.services.close()


async def test_one_bad_text_does_not_take_the_others_with_it(build: Build, engine: FakeEngine) -> None:
    house = build(sms_quiet=1.5)
    engine.poison = "poison"
    conversation = await house.open("sms")
    sent = [await text_message(house, conversation, text, text) for text in ("poison", "hello")]
    await asyncio.gather(*(task for _, task in sent))
    assert engine.asked[0]["text"] == "poison\nhello"
    for _ in range(6):
        await house.services.way.answer(sent[-1][0].id, house.services.now() + timedelta(minutes=2))
    assert {body["text"] for body in engine.asked[1:]} == {"poison"}
    await house.services.way.receive(await house.open(), "another", None, house.services.now() + timedelta(minutes=3))
    await house.services.way.answer(sent[-1][0].id, house.services.now() + timedelta(minutes=4))
    assert await house.services.way.answer(sent[-1][0].id, house.services.now() + timedelta(minutes=5))
    assert [house.message(each.id).status for each, _ in sent] == ["failed", "answered"]
    said = [text for who, text in house.talk(conversation) if who == "assistant"]
    assert said[1:] == ["utter_have_message/sms", "utter_technical_problem/sms", "answer 2"]
    await house.services.close()


async def test_two_processes_answer_a_growing_burst_once(build: Build, engine: FakeEngine) -> None:
    """One sees the first message, the other both: whoever is first wins, nothing is answered twice or forgotten."""
    engine.delay = 3.0
    first, second = build(), build()
    conversation = await first.open()
    one = asyncio.create_task(first.services.way.receive(conversation, "one", None, first.now))
    while not engine.asked:
        await asyncio.sleep(0.01)
    engine.delay = 0.0  # the other process is asked later and faster
    two = await second.services.way.receive(conversation, "two", None, second.now)
    receipt = await one
    said = [text for who, text in first.talk(conversation) if who == "assistant"][1:]
    assert said == ["answer 1"]
    assert engine.asked[-1]["text"] == "one\ntwo"
    assert [reply.text for reply in (*receipt.replies, *two.replies)] == said
    assert {first.message(each.message.id).status for each in (receipt, two)} == {"answered"}
    with first.services.database.read() as session:
        history = session.get_one(Conversation, conversation).history
    assert history["texts"] == ["one\ntwo"]
    for house in (first, second):
        await house.services.close()


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ("", [], ["utter_photo_received/web"]),
        (" \n", [], ["utter_photo_received/web"]),
        ("it fell out", ["it fell out"], ["answer 1", "utter_photo_received/web"]),
    ],
)
async def test_photos(house: House, engine: FakeEngine, text: str, asked: list[str], said: list[str]) -> None:
    conversation = await house.open()
    way = house.services.way
    receipts = [await way.receive(conversation, text, "c1", house.now, a_photo) for _ in range(2)]
    assert [body["text"] for body in engine.asked] == asked
    assert [[reply.text for reply in receipt.replies] for receipt in receipts] == [said, said]
    assert receipts[0].handed_to_staff
    case = house.case(conversation)
    assert case is not None
    assert (case.level, [rule["rule"] for rule in case.rules]) == ("day", ["photo"])
    with house.services.database.read() as session:
        assert session.query(Photo).count() == 1  # the second sending stored nothing


async def test_a_photo_and_words_right_after_it_are_one(house: House, engine: FakeEngine) -> None:
    conversation = await house.open("sms")
    way, now = house.services.way, house.services.now()
    photo, _ = await way.take(conversation, "", "SM1", now, a_photo)
    words, _ = await way.take(conversation, "what is this", "SM2", now)
    assert await way.answer(photo.id, now)
    assert house.talk(conversation)[3:] == [("assistant", "answer 1 | utter_photo_received/sms")]
    assert house.message(words.id).status == "answered"
