"""What the conversation tells about a message that the message alone does not."""

from __future__ import annotations

from collections.abc import Sequence

from bot.triage.types import CaseHistory
from bot.understanding.types import Understanding

_SHORT = 8  # words: what answers a question just asked is rarely longer


def in_context(intents: Sequence[str], before: CaseHistory, understanding: Understanding) -> list[str]:
    """`intents`, but a message is not out of scope where it goes on with what was talked about.

    That is: it holds findings and so did the conversation, or it is a short reply to a question of ours.
    """
    answers = before.pending is not None and len(understanding.text.split()) <= _SHORT
    goes_on = bool(before.facts and understanding.findings)
    return ["inform"] if list(intents) == ["out_of_scope"] and (answers or goes_on) else list(intents)
