"""Reading labelled messages: what is malformed is reported with its number, the rest is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.evaluation.messages import parse, read


def test_bad_lines_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    lines = [
        json.dumps({"id": "a", "text": "it hurts"}),
        "{not json",
        "",
        json.dumps({"text": "no id"}),
        json.dumps({"id": "b", "text": "hi", "urgency": "tomorrow"}),
        json.dumps({"id": "a", "text": "again"}),
        json.dumps(["a", "list"]),
        json.dumps({"id": "c", "text": "bye", "channel": "sms"}),
    ]
    file.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    messages, problems = read(file)
    assert [message.id for message in messages] == ["a", "c"]
    assert [problem.split(":")[0] for problem in problems] == ["line 2", "line 4", "line 5", "line 6", "line 7"]


def test_defaults_of_a_bare_message() -> None:
    message = parse({"id": "x", "text": "hello"})
    assert (message.conversation, message.channel, message.received_at) == ("x", "web", None)
    assert message.intents is None
    assert message.findings is None


@pytest.mark.parametrize("stamp", ["yesterday", "2024-13-40T99:00:00"])
def test_a_time_that_is_none_is_an_error(stamp: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse({"id": "x", "text": "hello", "received_at": stamp})
