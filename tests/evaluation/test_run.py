"""The order in which conversations are sent."""

from __future__ import annotations

from bot.evaluation.messages import parse
from bot.evaluation.run import conversations


def test_interleaved_conversations_keep_their_turns_in_file_order() -> None:
    rows = [("1", "a"), ("2", "b"), ("3", "a"), ("4", None), ("5", "b")]
    messages = [parse({"id": id, "text": "t", "conversation": conversation}) for id, conversation in rows]
    assert [[turn.id for turn in turns] for turns in conversations(messages)] == [["1", "3"], ["2", "5"], ["4"]]
