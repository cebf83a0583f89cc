"""Slices: whole conversations are drawn, altered messages keep their labels, differences are in points."""

from __future__ import annotations

from typing import Any

from bot.evaluation import slices
from bot.evaluation.alter import ALTERATIONS
from bot.evaluation.messages import Labelled, parse
from bot.evaluation.report import robustness


def row(id: str, **labels: Any) -> Labelled:
    return parse({"id": id, "text": "My chin is numb since Monday.", "intents": ["report_numbness"], **labels})


def guess(id: str, *intents: str) -> dict[str, Any]:
    return {"id": id, "intents": list(intents), "findings": {}, "urgency": "soon", "latency_ms": 5.0}


def test_a_sample_holds_whole_conversations_in_file_order() -> None:
    messages = [row(str(n), conversation=str(n % 10)) for n in range(40)]
    drawn = slices.sample(messages, 10)
    assert len(drawn) == 12
    assert drawn == slices.sample(messages, 10)
    assert [m.id for m in drawn] == [m.id for m in messages if m.conversation in {d.conversation for d in drawn}]
    assert slices.sample(messages, None) == messages


def test_altered_messages_keep_labels_and_stay_in_their_conversation() -> None:
    changed = slices.altered([row("a", conversation="c"), row("b", conversation="c")])
    assert len(changed) == 2 * len(ALTERATIONS)
    assert {message.intents for message in changed} == {("report_numbness",)}
    assert len({message.id for message in changed}) == len(changed)
    assert len({message.conversation for message in changed}) == len(ALTERATIONS)


def test_an_alteration_is_compared_with_the_same_messages() -> None:
    messages = [row("a"), row("b")]
    clean = [guess("a", "report_numbness"), guess("b", "greet")]  # b was wrong before, and is not in the sample
    result = slices.evaluate(messages, clean, [guess("typos/a", "greet")])
    assert result["typos"]["messages"] == 1
    assert result["typos"]["clean"]["main_intent"] == 1.0
    assert result["typos"]["points"]["main_intent"] == -100.0
    assert result["typos"]["points"]["size"] is None


def test_a_kind_of_message_is_compared_with_all() -> None:
    messages = [row("a"), row("b", findings={"subject": "child"})]
    clean = [guess("a", "report_numbness"), guess("b", "greet")]
    result = slices.evaluate(messages, clean, [])
    assert list(result) == ["about somebody else"]
    assert result["about somebody else"]["points"]["main_intent"] == -50.0
    assert "| about somebody else | 1 | 0.000 (-50.0) |" in robustness(result)
