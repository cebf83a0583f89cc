"""Gives every time expression of a message the words it belongs to: the nearest that no closer time has taken."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.understanding import moments
from bot.understanding.moments import Moment
from bot.understanding.time_cues import CUES, Kind

REACH = 160
"""How many characters, breaks counted in, a time may stand from the words it belongs to."""
CLAUSE_BREAK, SENTENCE_BREAK = 25, 70

CLAUSE = re.compile(
    r"[,;:(–—]|\s-\s|\b(?:and|but|so|because|when|while|then|which|who|although|however|now|before|after|since|"
    r"until|till)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n+")
_BARE_PARTS = ("implant", "crown")
_PLACE = re.compile(
    r"\b(?:of|from|off|on|in|around|near|with|by|under|behind|at|over)\s+(?:(?:my|the|her|his|an?|this|"
    r"that)\s+)?(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_BARE = re.compile(r"[\s,:-]*(?:(?:back|was|were|is|in|on|about|around|just|roughly|only|like)\s+){0,3}", re.IGNORECASE)
_NOT_PLANNED = re.compile(r"\b(?:yesterday|last|ago|since|past|back\s+in|this\s+morning)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Cue:
    """Words in the text that a time may belong to."""

    kind: Kind
    start: int
    end: int
    text: str


@lru_cache(maxsize=8)
def read(text: str, received_at: datetime) -> tuple[tuple[Moment, Cue | None], ...]:
    """Every time expression with the words it belongs to. The cache serves `duration_hours`, asked once per symptom."""
    found = moments.find(text, received_at.replace(tzinfo=None))
    if not found:
        return ()
    cues = _cues(text)
    starts = [cue.start for cue in cues]
    distances: list[tuple[int, int, int]] = []
    for place, moment in enumerate(found):
        if _direct(text, moment):
            continue
        first = bisect_left(starts, moment.start - REACH - 40)
        for index in range(first, bisect_left(starts, moment.end + REACH)):
            if _may_belong(text, moment, cues[index]):
                distance = gap(text, moment.start, moment.end, cues[index].start, cues[index].end)
                if cues[index].text.lower().rstrip("s") in _BARE_PARTS:
                    distance += CLAUSE_BREAK  # any verb in the clause goes before the bare word
                if distance <= REACH:
                    distances.append((distance, place, index))
    owner: dict[int, int] = {}
    used: set[int] = set()
    for again in (False, True):  # every time takes its own cue first; a cue may serve twice when none is left
        for _, place, index in sorted(distances):
            if place not in owner and (again or index not in used):
                owner[place] = index
                used.add(index)
    return tuple(
        (moment, _direct(text, moment) or (cues[owner[place]] if place in owner else None))
        for place, moment in enumerate(found)
    )


def _direct(text: str, moment: Moment) -> Cue | None:
    """Forms that name the surgery themselves need no other words."""
    if moment.form in ("after_surgery", "age_of_part"):
        return Cue("placement", moment.start, moment.end, text[moment.start : moment.end])
    return None


def _cues(text: str) -> list[Cue]:
    taken = bytearray(len(text))
    found = []
    for kind, grammar in CUES:
        for match in grammar.finditer(text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                found.append(Cue(kind, match.start(), match.end(), match.group()))
    return sorted(found, key=lambda cue: cue.start)


def _may_belong(text: str, moment: Moment, cue: Cue) -> bool:
    if cue.kind == "plan":
        return moment.form == "at" and not _NOT_PLANNED.search(text[moment.start : moment.end])
    if cue.text.lower().rstrip("s") in _BARE_PARTS:  # a bare "implant" counts only right before a point in time
        if moment.form not in ("ago", "at") or moment.start < cue.end:
            return False
        if _PLACE.search(text[max(0, cue.start - 40) : cue.start]):
            return False
        return bool(_BARE.fullmatch(text, cue.end, moment.start))
    return True


def gap(text: str, start: int, end: int, other_start: int, other_end: int) -> int:
    """Characters between two spans, with a penalty for every clause or sentence that ends between them."""
    low, high = (end, other_start) if other_start >= end else (other_end, start)
    if low >= high:
        return 0
    between = text[low:high]
    if len(between) > REACH + 40:
        return len(between)
    return len(between) + CLAUSE_BREAK * len(CLAUSE.findall(between)) + SENTENCE_BREAK * len(SENTENCE.findall(between))
