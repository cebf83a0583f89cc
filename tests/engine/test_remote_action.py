"""What the engine sends to the action server, over which connection, and how it checks the answer."""

from __future__ import annotations

import asyncio
from typing import Any

import jsonschema
import pytest
from aiohttp import web
from fastjsonschema import JsonSchemaException
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Tracker

from bot.engine import remote_action

SLOT = {"event": "slot", "name": "pain", "value": "present"}
GOOD = {"events": [SLOT], "responses": [{"response": "utter_greet"}]}
ANSWERS = [
    {},
    {"events": [], "responses": []},
    {"events": [SLOT, {"event": "followup", "name": "action_listen", "timestamp": None}]},
    {"events": [{"event": "user", "text": "ow", "parse_data": {"entities": [{"entity": "pain", "value": 3}]}}]},
    {"events": "none", "responses": []},
    {"events": ["slot"]},
    {"events": [{"no": "event"}]},
    {"events": [{"event": "sloth"}]},
    {"events": [{"event": ["slot"]}]},
    {"events": [{"event": "slot", "name": "pain"}]},
    {"events": [SLOT, {**SLOT, "name": 3}]},
    {"events": [{**SLOT, "timestamp": "now"}]},
    {"events": [{**SLOT, "metadata": []}]},
    {"events": [{"event": "user", "parse_data": {"entities": [{"entity": "pain"}]}}]},
    {"events": [{"event": "entities"}]},
    {"responses": ["text"]},
    [],
]
PARSED = {"text": "ow", "intents": ["report_pain"], "metadata": {"history": {"turns": 3}}}


@pytest.fixture
def action() -> RemoteAction:
    remote_action.install()
    return RemoteAction("action_respond", None)


@pytest.fixture
def tracker() -> DialogueStateTracker:
    tracker = DialogueStateTracker("id", [AnySlot("case_history", mappings=[{}])])
    tracker.update(UserUttered("hi", parse_data={"text": "hi"}, input_channel="sms"))
    tracker.update(SlotSet("case_history", {"turns": 2}))
    tracker.update(UserUttered("ow", parse_data=PARSED, input_channel="sms", metadata=PARSED["metadata"]))
    return tracker


@pytest.mark.parametrize("answer", [GOOD, *ANSWERS])
def test_accepts_what_rasa_accepts(action: RemoteAction, answer: Any) -> None:
    try:
        jsonschema.validate(answer, RemoteAction.action_response_format_spec())
    except jsonschema.ValidationError:
        with pytest.raises(JsonSchemaException):
            action._validate_action_result(answer)
    else:
        assert action._validate_action_result(answer) is True


def test_every_event_of_rasas_is_known(action: RemoteAction) -> None:
    kinds = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]["oneOf"]
    more = {"name": "n", "value": 1, "entities": []}
    for kind in kinds:
        answer = {"events": [{"event": kind["properties"]["event"]["const"], **more}]}
        assert action._validate_action_result(answer) is True


def test_the_action_finds_all_it_reads(action: RemoteAction, tracker: DialogueStateTracker) -> None:
    call = action._action_call_format(tracker, Domain.empty())
    received = Tracker.from_dict(call["tracker"])
    assert call["next_action"] == "action_respond"
    assert received.latest_message["intents"] == ["report_pain"]
    assert received.latest_message["metadata"] == {"history": {"turns": 3}}
    assert received.get_latest_input_channel() == "sms"
    assert received.get_slot("case_history") == {"turns": 2}


def test_earlier_messages_are_not_sent(action: RemoteAction, tracker: DialogueStateTracker) -> None:
    assert "'hi'" not in str(action._action_call_format(tracker, Domain.empty()))


def test_one_connection_serves_many_turns_and_a_dead_one_is_replaced() -> None:
    remote_action.install()
    peers: list[object] = []

    async def answer(request: web.Request) -> web.Response:
        peers.append(request.transport.get_extra_info("peername"))
        return web.json_response(GOOD)

    async def serve(port: int = 0) -> tuple[web.AppRunner, int]:
        app = web.Application()
        app.router.add_post("/webhook", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner, runner.addresses[0][1]

    async def talk() -> None:
        runner, port = await serve()
        endpoint = EndpointConfig(f"http://127.0.0.1:{port}/webhook")
        for _ in range(3):
            assert await endpoint.request(json={}) == GOOD
        await runner.cleanup()
        runner, _ = await serve(port)
        assert await endpoint.request(json={}) == GOOD
        await endpoint.kept.close()
        await runner.cleanup()

    asyncio.run(talk())
    assert len(set(peers[:3])) == 1
    assert len(set(peers)) == 2
