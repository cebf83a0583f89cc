"""What the conversation tells about a message that the message alone does not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.reply.follow_ups import FollowUps
from bot.triage.answers import answer, late_answer
from bot.triage.questions import Questions
from bot.triage.types import CaseHistory
from bot.understanding.types import Understanding

_SHORT = 8  # words: what answers a question just asked is rarely longer
_ASIDE = 5  # words: a remark that goes on with the conversation
_ASIDE_URGENT = 9  # the same where somebody must act today
_ANSWER = 3  # words: an answer and nothing else
_ASKS = re.compile(
    r"\?|^\W*(?:who|what|whats|when|where|which|how|is|are|do|does|did|can|could|will|would|tell)\b", re.I
)
_FOLLOW_UPS = FollowUps()


def in_context(intents: Sequence[str], before: CaseHistory, understanding: Understanding) -> list[str]:
    """`intents` as they are meant after what was said before.

    A bare answer asks nothing; a terse question goes on with the last one; a message is not out of scope where it holds
    findings as the conversation did, or is a short reply to a question of ours, or a few words by the way.
    """
    text = understanding.text
    if _only_answers(before, text, understanding):
        return [name for name in intents if not name.startswith(("ask_", "report_", "out_of"))] or ["inform"]
    found = _FOLLOW_UPS.intents(text, intents, understanding.findings, before)
    words = len(text.split())
    answers = before.pending is not None and words <= _SHORT
    longest = _ASIDE_URGENT if before.urgency in ("same_day", "emergency") else _ASIDE
    remarks = bool(before.facts) and 1 < words <= longest and not _ASKS.search(text)
    goes_on = bool(before.facts and understanding.findings)
    return ["inform"] if found == ["out_of_scope"] and (answers or goes_on or remarks) else found


def _only_answers(before: CaseHistory, text: str, understanding: Understanding) -> bool:
    """Whether the message is an answer to a question that was asked, and nothing besides."""
    book = Questions.load()
    if len(text.split()) > _ANSWER or "?" in text:
        return False
    waits = book.entry(before.pending) if before.pending else None
    if waits is not None and answer(waits, text, understanding.findings, book):
        return True
    earlier = (book.entry(id) for id in before.asked)
    return any(late_answer(entry, text, book) for entry in earlier if entry is not None)
