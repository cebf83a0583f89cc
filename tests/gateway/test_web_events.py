"""The event stream: what another process writes arrives, nothing twice, nothing lost, and it ends when it must."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from gateway_fakes import Build, FakeEngine, House
from sse_starlette.sse import AppStatus

from bot.gateway.web import hub as hub_module
from bot.records import cases, conversations, photos
from bot.records.conversations import Draft
from bot.records.models import Message
from bot.records.photos import Outcome

Event = tuple[str, str | None, Any]


class Reader:
    """Reads events, as (name, id, data), off an open stream."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.iter_lines()
        self.comments = 0

    def next(self) -> Event | None:
        """The next event; None when the stream has ended."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if line.startswith(":"):
                self.comments += 1
            elif line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                return fields["event"], fields.get("id"), json.loads(fields["data"])
        return None

    def take(self, count: int) -> list[Event]:
        events = [self.next() for _ in range(count)]
        assert None not in events
        return [event for event in events if event is not None]

    def until(self, text: str) -> list[Event]:
        """All events up to the message with this text."""
        events = self.take(1)
        while (events[-1][0], events[-1][2].get("text")) != ("message", text):
            events += self.take(1)
        return events


class Device:
    """One browser."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.client = httpx.Client(base_url=url, timeout=10)
        self.token = token or self.client.post("/api/conversations").json()["token"]
        self.client.headers["authorization"] = f"Bearer {self.token}"

    def say(self, text: str) -> dict[str, Any]:
        response = self.client.post("/api/conversation/messages", json={"text": text})
        assert response.status_code == 200
        return dict(response.json())

    @contextmanager
    def listen(self, after: int | None = None) -> Iterator[Reader]:
        headers = {} if after is None else {"last-event-id": str(after)}
        with self.client.stream("GET", "/api/conversation/events", headers=headers) as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in response.headers
            assert response.headers["cache-control"] == "no-store"
            yield Reader(response)


@pytest.fixture
def device(served: tuple[House, str]) -> Device:
    return Device(served[1])


def conversation_of(house: House, device: Device) -> uuid.UUID:
    with house.services.database.read() as session:
        found = conversations.by_token(session, device.token)
        assert found is not None
        return found.id


def shown(events: list[Event]) -> list[tuple[str, str]]:
    return [(id_ or "", data["text"]) for name, id_, data in events if name == "message"]


def test_what_was_said_comes_first_then_what_is_new(device: Device) -> None:
    with device.listen() as events:
        first = events.take(2)
        assert shown(first) == [("1", "utter_disclosure/web")]
        assert first[1] == ("state", None, {"handed_to_staff": False, "taken_over": False})
        device.say("hello")
        assert shown(events.until("answer 1")) == [("2", "hello"), ("3", "answer 1")]


def test_two_tabs_see_the_same(device: Device, served: tuple[House, str]) -> None:
    other = Device(served[1], device.token)
    with device.listen() as one, other.listen() as two:
        one.take(2), two.take(2)
        device.say("hello")
        texts = [[text for _, text in shown(stream.until("answer 1"))] for stream in (one, two)]
        assert texts == [["hello", "answer 1"]] * 2


def test_a_message_of_another_process_arrives_within_two_seconds(device: Device, build: Build, served: Any) -> None:
    elsewhere = build()
    conversation = conversation_of(served[0], device)
    with device.listen() as events:
        events.take(2)
        took = []
        for hour in (3, 4, 5):  # the best of them: the machine may be busy
            words = Draft(f"come at {hour}")
            with elsewhere.services.database.write() as session:
                conversations.reply(session, conversation, [words], elsewhere.services.now(), None, by="staff")
            began = time.monotonic()
            name, seq, data = events.take(1)[0]
            took.append(time.monotonic() - began)
            assert (name, seq, data["text"], data["from"]) == ("message", str(hour - 1), f"come at {hour}", "staff")
        assert min(took) < 2


def test_state_changes_arrive(device: Device, build: Build, served: Any) -> None:
    elsewhere = build()
    conversation = conversation_of(served[0], device)
    with device.listen() as events:
        events.take(2)
        with elsewhere.services.database.write() as session:
            session.get_one(conversations.Conversation, conversation).taken_over = True
        assert events.take(1) == [("state", None, {"handed_to_staff": True, "taken_over": True})]
        with elsewhere.services.database.write() as session:
            session.get_one(conversations.Conversation, conversation).taken_over = False
        assert events.take(1) == [("state", None, {"handed_to_staff": False, "taken_over": False})]
        device.say("my lip is numb")
        told = {"handed_to_staff": True, "taken_over": False}
        while (news := events.take(1)[0])[0] != "state":
            pass
        assert news[2] == told


def test_it_goes_on_where_the_line_broke(device: Device) -> None:
    device.say("one")
    with device.listen() as events:
        assert [seq for seq, _ in shown(events.take(4))] == ["1", "2", "3"]
    device.say("two")
    with device.listen(after=3) as events:
        again = events.take(3)
    assert shown(again) == [("4", "two"), ("5", "answer 2")]
    with device.listen(after=99) as events:
        assert [name for name, _, _ in events.take(1)] == ["state"]


def test_what_becomes_of_a_photo_arrives(device: Device, build: Build, served: Any) -> None:
    """Also when another process settles it, and for a tab that was away meanwhile."""
    elsewhere = build()
    sent, conversation = uuid.UUID(device.say("see")["message_id"]), conversation_of(served[0], device)
    now = elsewhere.services.now()
    with elsewhere.services.database.write() as session:
        photo = photos.attach(session, session.get_one(Message, sent), Outcome("wanted"), now).id
    with device.listen() as events:
        message = events.until("see")[-1][2]
        assert message["photo"] == {"state": "wanted"}
        events.until("answer 1")
        with elsewhere.services.database.write() as session:
            photos.settle(session, photo, Outcome("stored", "x.jpg"))
        while (news := events.take(1)[0])[0] != "photo":
            pass
        assert news == ("photo", None, {"message_id": str(sent), "state": "stored"})
        with elsewhere.services.database.write() as session:
            conversations.reply(session, conversation, [Draft("seen")], now, None)
        assert "photo" not in {name for name, _, _ in events.until("seen")}, "told once"
    with device.listen(after=99) as events:
        assert events.take(1) == [("photo", None, {"message_id": str(sent), "state": "stored"})]


def test_typing(device: Device, served: tuple[House, str]) -> None:
    """Also for a stream that is opened while the engine is being asked."""
    house = served[0]
    conversation = conversation_of(house, device)
    hub = house.services.hub
    hub.typing(conversation, True)
    with device.listen(after=1) as events:
        assert events.take(2)[1] == ("typing", None, {"from": "assistant", "on": True})
        hub.typing(conversation, False)
        hub.wake(conversation)  # from another thread than the loop's: the watch rings at the latest
        with house.services.database.write() as session:
            conversations.reply(session, conversation, [Draft("there")], house.services.now(), None)
        assert ("typing", None, {"from": "assistant", "on": False}) in events.take(2)


def test_a_deleted_conversation_ends_its_streams(device: Device) -> None:
    with device.listen() as events:
        events.take(2)
        assert device.client.delete("/api/conversation").status_code == 204
        assert events.next() is None
    assert device.client.get("/api/conversation/events").status_code == 404


def test_one_stream_too_many_ends_the_oldest(
    device: Device, served: tuple[House, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "STREAMS_A_CONVERSATION", 2)
    others = [Device(served[1], device.token) for _ in range(2)]
    with device.listen() as first, others[0].listen() as second:
        first.take(2), second.take(2)
        with others[1].listen() as third:
            third.take(2)
            assert first.next() is None
            device.client.close()
            others[0].say("hello")
            assert shown(second.until("answer 1")) == [("2", "hello"), ("3", "answer 1")]


def test_streams_that_are_gone_are_forgotten(device: Device, served: tuple[House, str]) -> None:
    hub = served[0].services.hub
    with device.listen() as events:
        events.take(2)
        assert hub.open_streams == 1
    end = time.monotonic() + 30
    while hub.open_streams and time.monotonic() < end:
        time.sleep(0.05)
    assert hub.open_streams == 0


def test_a_server_that_stops_ends_its_streams(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an end, not with a torn line; uvicorn waits for them otherwise."""
    with device.listen() as events:
        events.take(2)
        monkeypatch.setattr(AppStatus, "should_exit", True)  # what uvicorn's signal handler sets
        assert events.next() is None


def test_an_open_case_is_news_once(device: Device, served: tuple[House, str], engine: FakeEngine) -> None:
    """A second reason in the same case changes nothing for the patient."""
    house = served[0]
    device.say("my lip is numb")
    with device.listen() as events:
        while (news := events.take(1)[0])[0] != "state":
            pass
        assert news[2] == {"handed_to_staff": True, "taken_over": False}
        device.say("pus")
        device.say("bye")
        assert "state" not in {name for name, _, _ in events.until("answer 3")}
    with house.services.database.read() as session:
        case = cases.open_case(session, conversation_of(house, device))
        assert case is not None
        assert len(case.rules) == 2
