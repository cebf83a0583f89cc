"""How the engine asks the action server: a patch to Rasa's RemoteAction, which spends most of a turn on it.

Rasa 3.6.21 sends the whole tracker, in which the case history stands five times, opens a connection for each turn, and
has jsonschema interpret a large schema for each answer. Our one action reads the latest message, and the engine is
frozen, so it can send that, keep the connection, and compile the schema once, each kind of event for itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import fastjsonschema
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

IDLE_SECONDS = 4.0
"""An unused connection is closed after this long: before the action server does, which has 5 s."""

Check = Callable[[Any], Any]


def _checks(schema: dict[str, Any]) -> tuple[Check, dict[str, Check]]:
    """The check of an answer but for what depends on an event's name, and that by name.

    Rasa's schema has an event tried as each of its kinds in turn, which is most of the time a check takes.
    """
    events = schema["properties"]["events"]
    common = {name: value for name, value in events["items"].items() if name != "oneOf"}
    whole = {**schema, "properties": {**schema["properties"], "events": {**events, "items": common}}}
    kinds = {kind["properties"]["event"]["const"]: kind for kind in events["items"]["oneOf"]}
    compiled = {name: fastjsonschema.compile(kind, use_default=False) for name, kind in kinds.items()}
    return fastjsonschema.compile(whole, use_default=False), compiled


_check_answer, _check_event = _checks(RemoteAction.action_response_format_spec())


@asynccontextmanager
async def session(self: EndpointConfig) -> AsyncIterator[aiohttp.ClientSession]:
    """The session of an endpoint, the same each time. Use within one event loop."""
    kept: aiohttp.ClientSession | None = self.__dict__.get("kept")
    if kept is None or kept.closed:
        kept = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS),
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
        )
        self.__dict__["kept"] = kept
    yield kept


def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """What the SDK's Tracker of our action is built of: the latest message, its channel, the slots."""
    return {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "version": rasa.__version__,
        "tracker": {
            "sender_id": tracker.sender_id,
            "slots": tracker.current_slot_values(),
            "latest_message": tracker._latest_message_data(),
            "events": [{"event": "user", "input_channel": tracker.get_latest_input_channel()}],
        },
    }


def _validate(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Same contract as Rasa's: True, or an error."""
    _check_answer(result)
    for event in result.get("events", ()):
        if event["event"] not in _check_event:
            raise fastjsonschema.JsonSchemaException(f"no event of Rasa's: {event['event']}")
        _check_event[event["event"]](event)
    return True


def install() -> None:
    """Put all that in place; doing it twice changes nothing."""
    RemoteAction._validate_action_result = _validate
    RemoteAction._action_call_format = _action_call_format
    EndpointConfig.session = session
