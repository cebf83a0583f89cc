"""The engine's second look comes to what the module says, and leaves everything else of a message alone."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.findings import UNDERSTANDING
from bot.engine.second_look import SecondLookDetector
from bot.understanding.embeddings import Encoder
from bot.understanding.second_look import FINDING, SecondLook
from bot.understanding.types import Finding, Understanding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Each towel in the house is red by now and it keeps running out of my mouth.", True),
        ("Thank you so much for the quick answer yesterday.", False),
    ],
)
def test_engine_and_module_agree(text: str, found: bool) -> None:
    part = Finding("part", "implant", start=0, end=4, text=text[:4])
    data = {"findings": [part.to_dict()], "sentences": [[0, len(text)]]}
    message = Message({TEXT: text, UNDERSTANDING: data})
    SecondLookDetector().process([message])
    seen = SecondLook(Encoder()).look(Understanding(text, (part,), ((0, len(text)),)))
    assert message.get(UNDERSTANDING) == {**data, "findings": [finding.to_dict() for finding in seen.findings]}
    assert [finding.name for finding in seen.findings] == ["part", FINDING][: 1 + found]


def test_a_message_that_was_not_understood_is_left_alone() -> None:
    message = Message({TEXT: "hello"})
    SecondLookDetector().process([message])
    assert message.data == {TEXT: "hello"}
