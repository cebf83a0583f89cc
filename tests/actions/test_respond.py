"""The custom action, called as the Rasa SDK calls it."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import actions
from actions.actions import ActionRespond
from bot.understanding.types import Finding


@pytest.fixture(scope="module")
def action() -> ActionRespond:
    return ActionRespond()


def said(text: str, intents: list[str], *findings: Finding, history: dict[str, Any] | None = None) -> Tracker:
    """A tracker as the engine sends it; without `history` as in `rasa shell`."""
    metadata = {} if history is None else {"history": json.dumps(history)}
    message = {
        "text": text,
        "intent": {"name": intents[0], "confidence": 0.9},
        "intents": intents,
        "entities": [],
        "understanding": {
            "findings": [finding.to_dict() for finding in findings],
            "sentences": [[0, len(text)]],
        },
        "metadata": {"received_at": "2026-03-03T10:00:00-05:00", **metadata},
    }
    event = {"event": "user", "text": text, "parse_data": message, "input_channel": "web"}
    return Tracker("id", {}, message, [event], False, None, {}, "action_listen")


def run(action: ActionRespond, tracker: Tracker) -> tuple[list[str], dict[str, Any], dict[str, Any]]:
    """Response names, the result, and the slots set; the turn ends with it."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    responses = [message["response"] for message in dispatcher.messages if message.get("response")]
    results = [json.loads(message["custom"]["result"]) for message in dispatcher.messages if message.get("custom")]
    followups = [event["name"] for event in events if event["event"] == "followup"]
    assert followups == ["action_listen"] * bool(results)
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return responses, results[-1] if results else {}, slots


def finding(text: str, name: str, **more: Any) -> Finding:
    return Finding(name=name, text=text, end=len(text), **more)


def test_where_a_question_is_said_decides_whether_it_is_answered(action: ActionRespond) -> None:
    text = "How long does an implant hold? My aunt paid a lot."
    spans = [
        {"name": "ask_lifespan", "start": 0, "end": 30, "confidence": 0.9},
        {"name": "ask_cost", "start": 31, "end": len(text), "confidence": 0.35},
    ]
    tracker = said(text, ["ask_lifespan", "ask_cost"])
    tracker.latest_message["intent_spans"] = spans
    assert "utter_answer_cost" not in run(action, tracker)[0]
    spans[1]["confidence"] = 0.9
    assert "utter_answer_cost" in run(action, tracker)[0]


def test_a_lost_part_is_answered_and_kept_in_slots(action: ActionRespond) -> None:
    tracker = said(
        "my healing abutment fell out, about 5 mm, no pain",
        ["report_part_out"],
        finding("healing abutment", "part", value="healing abutment"),
        finding("fell out", "part_out"),
        finding("5 mm", "part_size_mm", value=5.0),
        finding("no pain", "pain", assertion="absent"),
    )
    responses, result, slots = run(action, tracker)
    assert responses
    assert result["assessment"]["urgency"] == "soon"
    assert result["assessment"]["part"]["candidates"]["implant"] > 0
    assert (slots["part"], slots["part_size_mm"], slots["pain"]) == ("healing abutment", 5.0, "absent")


def test_a_red_flag_comes_first(action: ActionRespond) -> None:
    tracker = said("I can't swallow", ["report_swelling"], finding("can't swallow", "swallowing_trouble"))
    responses, result, slots = run(action, tracker)
    assert responses[0] == "utter_flag_r1_emergency"
    assert result["assessment"]["red_flags"][0]["evidence"] == ["can't swallow"]
    assert slots["urgency"] == "emergency"


def test_an_emergency_stays_one_when_the_patient_plays_it_down(action: ActionRespond) -> None:
    _, first, _ = run(
        action, said("I can't swallow", ["report_swelling"], finding("can't swallow", "swallowing_trouble"))
    )
    _, second, _ = run(action, said("it's probably nothing", ["inform"], history=first["history"]))
    assert second["assessment"]["urgency"] == "emergency"
    assert second["history"]["urgency"] == "emergency"


def test_the_history_of_the_gateway_goes_on_without_slots(action: ActionRespond) -> None:
    numb = finding("numb", "numbness", attributes={"site": ["chin"]})
    _, first, slots = run(action, said("my chin is numb", ["report_numbness"], numb, history={}))
    assert slots == {}
    _, second, slots = run(action, said("thanks", ["thanks"], history=first["history"]))
    assert second["history"]["turns"] == 2
    assert slots == {}
    assert [fact["finding"]["name"] for fact in second["history"]["facts"]] == ["numbness"]


def test_the_history_of_the_slot_goes_on_without_a_gateway(action: ActionRespond) -> None:
    _, _, slots = run(action, said("my chin is numb", ["report_numbness"], finding("numb", "numbness")))
    tracker = said("thanks", ["thanks"])
    tracker.slots = slots
    _, second, slots = run(action, tracker)
    assert second["history"]["turns"] == 2
    assert slots["numbness"] == "present"


def test_a_failure_says_nothing_and_logs_no_words(
    action: ActionRespond, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("my secret words")

    monkeypatch.setattr(actions, "fold", broken)
    with caplog.at_level(logging.DEBUG):
        responses, result, slots = run(action, said("my secret words", ["inform"]))
    assert (responses, result, slots) == ([], {}, {})
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text
