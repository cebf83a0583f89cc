"""Which parts a message is about: the one that came out or is loose, not every part it mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.understanding.clauses import Layout
from bot.understanding.matcher import Match
from bot.understanding.mentions import Mention

EVENTS = frozenset(
    [
        "part_out",
        "part_missing",
        "part_in_mouth",
        "self_fix",
        "swallowed_part",
        "inhaled_part",
        "tooth_attached",
        "loose",
        "implant_moves",
        "_broken",
        "missing_in_mouth",
    ]
)
REACH = 2  # clauses back to the part "it" stands for
SHORT = 8  # words: a shorter message that names a part and no event answers "what came out?"

_IT = re.compile(r"it's|its\b|it (?:is|was)\b")
_FADING = frozenset(
    [
        "pain",
        "swelling",
        "bleeding",
        "numbness",
        "tingling",
        "fever",
        "redness",
        "bruise",
        "rash",
        "bad_taste",
        "pus",
        "bad_smell",
        "trismus",
    ]
)
_ADJUNCT = re.compile(
    r"\b(?:on|of|for|to|beside|in|inside|into|around|near|by|from|over|under|above|below|behind|at|through|where|against|"
    r"between|per|after|since)(?:\s+(?:the|my|his|her|our|their|an?|this|that|your|all|those|these|\d+|two|three|four|"
    r"upper|lower|top|bottom|left|right|front|back|new|old|first|second|single|dental|white|temporary|other)){0,4}\s+$"
    r"|\((?:\d+\s+)?$|\b(?:no|without|not)(?:\s+(?:the|an?|my)){0,1}\s+$"
)
_ONE_OF = re.compile(
    r"\b(?:one|two|three|both|some|all|part|piece|pieces|half|bit|each|more|\d+)\s+of\s+[\w\s']{0,25}$"
)
_STANDS_FOR = re.compile(r"\b(?:it|its|it's|they|them|this|that|these|those|one|both|he|which)\b")
_JOINED = re.compile(r"\b(?:and|or)\b|,|/|&|\bwith\b|\bplus\b|\battached\b")
_IDENTITY = re.compile(
    r"\b(?:it's|its|it is|it was|is it|is this|was it|that's|this is|looks? like|looked like|called|could it be|"
    r"might be|maybe|probably|possibly|i think|i guess|must be|or)"
    r"(?:\s+(?:the|my|an?|actual|whole|entire|only|just|real|some|kind|"
    r"of|either|like|maybe)){0,4}\s+$"
)


def without_symptoms_gone(text: str, layout: Layout, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions without an "it's gone" that speaks of a symptom: "the swelling was bad but it's gone"."""
    kept: list[Mention] = []
    for mention in mentions:
        if mention.entry.finding == "part_missing" and _IT.match(text[mention.start : mention.end]):
            clause = layout.clause_at(mention.start)
            near = [m for m in mentions if 0 <= clause - layout.clause_at(m.start) <= REACH and m.end <= mention.start]
            if near and near[-1].entry.finding in _FADING and not any(m.entry.finding == "part" for m in near):
                continue
        kept.append(mention)
    return kept


def concerned(text: str, layout: Layout, mentions: Sequence[Mention], marks: Sequence[Match[Any]]) -> list[Mention]:
    """The `part` mentions that belong to an event, in order of place."""
    every = [m for m in mentions if m.entry.finding == "part"]
    parts = [
        m for m, after in zip(every, [*every[1:], None]) if not _adjunct(text, m) and not _modifies(text, m, after)
    ]
    if not parts:
        return []
    events = [(m.start, m.end) for m in mentions if m.entry.finding in EVENTS]
    events += [(m.start, m.end) for m in marks if m.payload.finding in EVENTS]
    chosen: set[int] = set()
    for start, end in sorted(events):
        chosen |= _of_event(text, layout, parts, start, end)
    if events:
        chosen |= {i for i, part in enumerate(parts) if _IDENTITY.search(text[max(0, part.start - 60) : part.start])}
    elif len(layout.words) <= SHORT:
        chosen |= set(range(len(parts)))
    return [part for i, part in enumerate(parts) if i in chosen]


def _adjunct(text: str, part: Mention) -> bool:
    """Whether the part only says where: "next to my implant", "the crown of the implant"."""
    before = text[max(0, part.start - 50) : part.start]
    return bool(_ADJUNCT.search(before)) and not _ONE_OF.search(before)


def _modifies(text: str, part: Mention, after: Mention | None) -> bool:
    """Whether the next part is what is meant: "implant crown" is a crown."""
    return after is not None and text[part.end : after.start] == " "


def _of_event(text: str, layout: Layout, parts: Sequence[Mention], start: int, end: int) -> set[int]:
    clause = layout.clause_at(start)
    inside = {i for i, part in enumerate(parts) if start <= part.start and part.end <= end}
    if inside:
        return inside
    here = [i for i, part in enumerate(parts) if layout.clause_at(part.start) == clause]
    before = [i for i in here if parts[i].end <= start]
    if before:
        return _joined(text, parts, before)
    after = [i for i in here if parts[i].start >= end]
    if after:
        return {after[0]}
    own = layout.clauses[clause]
    if not _STANDS_FOR.search(text[own.start : own.end]) and own.end - own.start > end - start + 12:
        return set()
    earlier = [
        i for i, part in enumerate(parts) if part.end <= start and clause - layout.clause_at(part.start) <= REACH
    ]
    if earlier:
        return {earlier[-1]}
    later = [i for i, part in enumerate(parts) if part.start >= end and layout.clause_at(part.start) - clause == 1]
    return {later[0]} if later else set()


def _joined(text: str, parts: Sequence[Mention], before: Sequence[int]) -> set[int]:
    """The nearest part before an event and those joined to it: "the crown and the abutment came out"."""
    chosen = {before[-1]}
    for left, right in zip(reversed(before[:-1]), reversed(before)):
        between = text[parts[left].end : parts[right].start]
        if len(between.split()) > 7 or not _JOINED.search(between):
            break
        chosen.add(left)
    return chosen
