"""Which parts a message is about: the one that came out or is loose, not every part it mentions."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
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
    ]
)
REACH = 2  # clauses back to the part "it" stands for
SHORT = 8  # words: a shorter message that names a part and no event answers "what came out?"
BRIEF = 3  # words: so short that even the implant is an answer
CLOSE = 4  # words between the implant and what happens to it

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
_FITTED = frozenset(
    ["healing abutment", "abutment", "crown", "bridge", "screw", "cover screw", "multi-unit abutment", "cap"]
)
_ABOUT = frozenset(
    ["pain", "high_bite", "pus", "bad_smell", "gum_boil", "gum_recession", "swelling", "redness", "bleeding"]
)
_RARELY = frozenset(["implant", "denture", "stitches"])  # named for many reasons: something must really happen to them
_FAILS = re.compile(r"\b(?:fail|failed|failing|fails|reject|rejected|rejecting)\b")
_GONE = re.compile(
    r"^[^.!?;]{0,40}?\b(?:was|were|been|got|be|had|is being) (?:\w+ ){0,2}?"
    r"(?:removed|taken out|lost|pulled|extracted|rejected)\b|"
    r"^ (?:that )?(?:has |have |had |just )?(?:failed|never took|never bonded|didn't take|removed|taken out)\b"
)
_GONE_BEFORE = re.compile(
    r"\b(?:lost|failed|removed|rejected|pulled|took out) (?:my |the |an? |this |that |his |her )?(?:\w+ )?$"
)
_ALONG = re.compile(r"^(?: \w+){0,2} with (?:an?|the|one|its|his|her|my)? ?(?:[\w-]+ ){0,3}$")
_CROWNLIKE = re.compile(r"\b(?:porcelain|final|permanent|white|cement\w*|glue\w*|tooth colou?red|crowned)\b")
_CLAUSAL = re.compile(r"\b(?:where|since|after|when|once|if) (?:the|my|his|her|one|an?)? ?(?:\w+ )?$")
_WITH = re.compile(r"\bwith (?:the|my|his|her) (?:\w+ )?$")
_ADJUNCT = re.compile(
    r"\b(?:on|of|for|to|beside|in|inside|into|around|near|by|from|over|under|above|below|behind|at|through|where|against|"
    r"between|per|before|until|during|after|since)(?:\s+(?:the|my|his|her|our|their|an?|this|that|your|all|those|these|\d+|two|three|four|"
    r"upper|lower|top|bottom|left|right|front|back|new|old|first|second|single|dental|white|temporary|other|snap|snap-in|clip-on)){0,4}\s+$"
    r"|\((?:\d+\s+)?$|\b(?:no|without|not)(?:\s+(?:the|an?|my)){0,1}\s+$"
)
_ONE_OF = re.compile(
    r"\b(?:one|two|three|both|some|all|part|piece|pieces|half|bit|each|more|\d+)\s+of\s+[\w\s']{0,25}$"
)
_STANDS_FOR = re.compile(r"\b(?:it|its|it's|they|them|this|that|these|those|one|both|he|which)\b")
_JOINED = re.compile(r"\b(?:and|or)\b|,|/|&|\bwith\b|\bplus\b|\battached\b")
_IDENTITY = re.compile(
    r"\b(?:it's|its|it is|it was|is it|is this|is that|was it|that's|this is|looks? like|looked like|called|"
    r"could it be|might be|maybe|probably|possibly|i think|i guess|must be|or|"
    r"(?:out|off|thing|piece|it|one) (?:is|was))"
    r"(?:\s+(?:the|my|an?|actual|whole|entire|only|just|real|some|kind|small|little|tiny|long|short|metal|silver|healing|"
    r"of|either|like|maybe)){0,4}\s+$"
)


_IN_AND_GONE = re.compile(r"\b(?:breath(?:ed?|ing)|inhaled?|swallow\w*|gulp\w*|cough\w*|sneez\w*)\b")
"""Between a symptom and "it's gone": what is gone is a part, "I breathed in and it's gone"."""


def without_symptoms_gone(text: str, layout: Layout, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions without an "it's gone" that speaks of a symptom: "the swelling was bad but it's gone"."""
    kept: list[Mention] = []
    for mention in mentions:
        if mention.entry.finding == "part_missing" and _IT.match(text[mention.start : mention.end]):
            clause = layout.clause_at(mention.start)
            near = [m for m in mentions if 0 <= clause - layout.clause_at(m.start) <= REACH and m.end <= mention.start]
            if near and _IN_AND_GONE.search(text[near[-1].end : mention.start]):
                near = []
            if near and near[-1].entry.finding in _FADING and not any(m.entry.finding == "part" for m in near):
                continue
        kept.append(mention)
    return kept


def concerned(
    text: str,
    layout: Layout,
    mentions: Sequence[Mention],
    marks: Sequence[Match[Any]],
    denied: Collection[int] = (),
    imagined: Collection[int] = (),
) -> list[Mention]:
    """The `part` mentions that belong to an event, in order of place; without one, those a symptom is told of.

    `denied` and `imagined` are ids of mentions: what is denied happened to no part, what is imagined to no implant.
    """
    every = [m for m in mentions if m.entry.finding == "part"]
    happened = [m for m in mentions if m.entry.finding in EVENTS and id(m) not in denied]
    events = [(m.start, m.end, id(m) not in imagined) for m in happened]
    events += [(m.start, m.end, True) for m in marks if m.payload.finding in EVENTS]
    parts = [m for m, after in zip(every, [*every[1:], None]) if not _modifies(text, m, after)]
    fitted = parts
    parts = [m for m in parts if not _adjunct(text, m) or _befallen(text, m, events)]
    things = [m.start for m in marks if m.payload.finding == "_thing" and not _STANDS_FOR.match(text[m.start : m.end])]
    chosen: set[int] = set()
    for start, end, real in sorted(events):
        found = _of_event(text, layout, parts, things, start, end)
        chosen |= {
            i for i in found if parts[i].entry.value not in _RARELY or (real and _struck(text, parts[i], start, end))
        }
    others = {i for i in chosen if not _implant(parts[i])}
    if others:
        chosen = others | {i for i in chosen if not _failing(text, parts[i])}
    if not others:
        chosen |= {i for i, part in enumerate(parts) if _identified(text, part, bool(events))}
    if not events and len(layout.words) <= SHORT:
        brief = len(layout.words) <= BRIEF
        chosen |= {i for i, part in enumerate(parts) if brief or not _implant(part)}
    if not chosen:
        chosen = {i for i, part in enumerate(parts) if _implant(part) and _lost(text, part)}
    if not chosen:
        told = [m for m in mentions if m.entry.finding in _ABOUT and id(m) not in denied and id(m) not in imagined]
        parts, chosen = fitted, _topic(layout, fitted, told)
    return [_as_healing(text, part) for i, part in enumerate(parts) if i in chosen]


def _implant(part: Mention) -> bool:
    return part.entry.value == "implant"


def _failing(text: str, part: Mention) -> bool:
    """Whether the implant is only feared or said to fail, beside another part something happened to."""
    return _implant(part) and bool(_FAILS.search(text[max(0, part.start - 14) : part.end + 20]))


def _identified(text: str, part: Mention, happened: bool) -> bool:
    """Whether something is told or asked to be this part; a choice ("bridge or implant") only after an event."""
    found = _IDENTITY.search(text[max(0, part.start - 60) : part.start])
    return found is not None and (happened or not found[0].startswith("or"))


def _lost(text: str, part: Mention) -> bool:
    """Whether the implant is told as removed or failed: "my implant was taken out in May"."""
    return bool(
        _GONE.match(text[part.end : part.end + 90]) or _GONE_BEFORE.search(text[max(0, part.start - 40) : part.start])
    )


def _struck(text: str, part: Mention, start: int, end: int) -> bool:
    """Whether an event happens to the part itself, not to something beside it."""
    between = text[part.end : start] if part.end <= start else text[end : part.start]
    return len(between.split()) <= CLOSE


def _befallen(text: str, part: Mention, events: Sequence[tuple[int, int, bool]]) -> bool:
    """Whether an event has the part in its own words or follows at once: "where the implant fell out"."""
    clausal = _CLAUSAL.search(text[max(0, part.start - 40) : part.start])
    return any(
        (start < part.start and part.end <= end)
        or (clausal and part.start < end and len(text[part.end : start].split()) <= 1)
        for start, end, _ in events
    )


def _topic(layout: Layout, parts: Sequence[Mention], symptoms: Sequence[Mention]) -> set[int]:
    """The fitted part a symptom is told of where nothing happened to any: "my healing abutment feels tender"."""
    clauses = {layout.clause_at(symptom.start) for symptom in symptoms}
    return {i for i, p in enumerate(parts) if p.entry.value in _FITTED and layout.clause_at(p.start) in clauses}


def _as_healing(text: str, part: Mention) -> Mention:
    """A "cap" is a healing abutment, except where it is told as a crown."""
    if part.entry.value != "cap" or _CROWNLIKE.search(text):
        return part
    return replace(part, entry=replace(part.entry, value="healing abutment"))


def _adjunct(text: str, part: Mention) -> bool:
    """Whether the part only says where: "next to my implant", "the crown of the implant"."""
    before = text[max(0, part.start - 50) : part.start]
    if part.entry.value == "denture" and _WITH.search(before):
        return True
    return bool(_ADJUNCT.search(before)) and not _ONE_OF.search(before)


def _modifies(text: str, part: Mention, after: Mention | None) -> bool:
    """Whether the next part is what is meant: "implant crown" is a crown."""
    return after is not None and text[part.end : after.start] == " "


def _of_event(
    text: str, layout: Layout, parts: Sequence[Mention], things: Sequence[int], start: int, end: int
) -> set[int]:
    clause = layout.clause_at(start)
    inside = {i for i, part in enumerate(parts) if start < part.end and part.start < end}
    along = {i for i, p in enumerate(parts) if p.start >= end and _ALONG.match(text[end : p.start])}
    if inside:
        return inside | along
    here = [i for i, part in enumerate(parts) if layout.clause_at(part.start) == clause]
    before = [i for i in here if parts[i].end <= start]
    nearest = max((parts[i].end for i in before), default=layout.clauses[clause].start)
    if any(nearest <= thing < end for thing in things):
        return set()  # "the bottom thing fell out": not the implants named before
    if before:
        return _joined(text, parts, before) | along
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
