"""Gives every time expression of a message the words it belongs to: those it names itself, or the nearest that fit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.understanding import anchors, moments
from bot.understanding.spans import DAY, MONTH, WEEK, YEAR, Moment
from bot.understanding.time_cues import CUES, Kind

REACH = 160
"""How many characters, breaks counted in, a time may stand from the words it belongs to."""
CLAUSE_BREAK, SENTENCE_BREAK = 25, 70
FAR = 300
"""Characters of a sentence that are looked at on either side of a time."""
LONGEST_STATED = 60 * DAY
"""Of what no known word describes, only the recent is what a patient writes about."""

CLAUSE = re.compile(
    r"[,;:(–—&]|\s-\s|\b(?:and|but|so|because|when|while|then|which|who|although|however|now|before|after|since|"
    r"until|till)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n+")
_BARE_PARTS = ("implant", "crown")
_NOT_PLANNED = re.compile(
    r"\b(?:yesterday|last|ago|since|past|back\s+in|this\s+(?:morning|am)|earlier)\b", re.IGNORECASE
)
_HAPPENS: tuple[Kind, ...] = ("event", "onset", "symptom", "other", "plan")
_INHERITED: tuple[Kind, ...] = ("event", "placement", "onset", "symptom")


@dataclass(frozen=True)
class Cue:
    """Words in the text that a time may belong to; `stated` when no known word says what happened then."""

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
    cues = _cues(text, found)
    ends = [match.end() for match in SENTENCE.finditer(text)]
    owners: dict[int, Cue] = {}
    distances: list[tuple[int, int, int]] = []
    starts = [cue.start for cue in cues]
    for place, moment in enumerate(found):
        if anchors.is_coming_month(text, moment, *_sentence(text, moment, ends)):
            owners[place] = Cue("plan", moment.start, moment.end, "")
            continue
        direct = _direct(text, moment, cues, starts, ends)
        if direct is not None:
            owners[place] = direct
            continue
        alone = anchors.is_alone(text, moment, *_sentence(text, moment, ends))
        first = bisect_left(starts, moment.start - REACH - 40)
        for index in range(first, bisect_left(starts, moment.end + REACH)):
            cue = cues[index]
            if not _may_belong(text, moment, cue):
                continue
            if (
                not alone
                and bisect_left(ends, moment.start + 1) != bisect_left(ends, cue.start + 1)
                and cue.kind in ("placement", "plan")
            ):
                continue  # a sentence that says something of its own does not date the surgery of its neighbour
            distance = gap(text, moment.start, moment.end, cue.start, cue.end)
            if _is_bare(cue):
                distance += CLAUSE_BREAK  # any verb in the clause goes before the bare word
            if distance <= (60 if moment.form == "meal" else REACH):
                distances.append((distance, place, index))
    used: set[int] = set()
    for again in (False, True):  # every time takes its own cue first; a cue may serve twice when none is left
        for _, place, index in sorted(distances):
            if place not in owners and (again or index not in used):
                owners[place] = cues[index]
                used.add(index)
    for place, moment in enumerate(found):
        if (
            place not in owners
            and not cues
            and moment.precision == "year"
            and moment.form == "at"
            and len(text.split()) <= anchors.SHORT_ANSWER
        ):
            owners[place] = Cue("placement", moment.start, moment.end, "")
        if place not in owners and _is_stated(text, moment, *_sentence(text, moment, ends)):
            owners[place] = Cue("stated", moment.start, moment.end, "")
    return tuple((moment, owners.get(place)) for place, moment in enumerate(found))


def _sentence(text: str, moment: Moment, ends: Sequence[int]) -> tuple[int, int]:
    place = bisect_left(ends, moment.start + 1)
    low, high = (ends[place - 1] if place else 0), (ends[place] if place < len(ends) else len(text))
    return max(low, moment.start - FAR), min(high, moment.end + FAR)


def _direct(text: str, moment: Moment, every: Sequence[Cue], starts: Sequence[int], ends: Sequence[int]) -> Cue | None:
    """What the form itself, "since", or an "it" names; None when the neighbouring words have to tell."""
    here = (moment.start, moment.end, text[moment.start : moment.end])
    low, high = _sentence(text, moment, ends)
    earlier = max(_sentence_before(low, ends), low - FAR)
    cues = every[bisect_left(starts, earlier) : bisect_left(starts, high)]
    if moment.form in ("after_surgery", "age_of_part", "day_n"):
        return Cue("placement", *here)
    if (
        anchors.OWN_SURGERY.match(text, moment.end)
        and moment.form == "at"
        and not anchors.is_planned(text, moment, low)
    ):
        return Cue("placement", *here)
    if since := anchors.since(text, moment, low):
        inner = [cue for cue in cues if since[0] <= cue.start and cue.end <= moment.start]
        before = [cue for cue in cues if low <= cue.start and cue.end <= since[0]]
        if not text[low : since[0]].strip(" ,"):  # "since 2016 I have an implant"
            before = [cue for cue in cues if moment.end <= cue.start < high]
        kind = _since_kind(text, moment, since, inner, before)
        return Cue(kind, *here) if kind else None
    if anchors.is_planned(text, moment, low):
        return Cue("plan", *here)
    if anchors.WHICH_WAS.search(text[max(low, moment.start - 80) : moment.start]):
        return Cue("placement", *here)
    if anchors.follows_implant(text, moment, low) or anchors.heads_implant(text, moment):
        return Cue("placement", *here)
    if moment.form == "elapsed" or anchors.is_alone(text, moment, low, high):
        told = [cue for cue in cues if low <= cue.start < high and not _is_bare(cue)]
        if moment.form == "elapsed":  # "it's been ten weeks and it started to move": not since then
            told = [cue for cue in told if cue.end <= moment.start or cue.kind not in ("event", "onset")]
        told = told or [cue for cue in cues if earlier <= cue.start < low and not _is_bare(cue)]
        for kind in _INHERITED:
            if (kind != "symptom" or moment.form != "elapsed") and any(cue.kind == kind for cue in told):
                return Cue(kind, *here)
        if moment.form == "elapsed" and any(
            cue.kind == "symptom" and cue.end <= moment.start for cue in told if cue.start >= low
        ):
            return Cue("symptom", *here)
        unplaced = moment.form == "elapsed" and not anchors.SURGERY.search(text)
        if unplaced and any(cue.kind == "symptom" for cue in told if cue.start >= low):
            return Cue("symptom", *here)
        if moment.form == "elapsed":
            return Cue("event" if any(cue.kind == "event" for cue in every) else "placement", *here)
        if len(text.split()) <= anchors.SHORT_ANSWER:
            return Cue("placement" if moment.hours >= YEAR else "event", *here)
    if moment.form == "later" and any(cue.kind == "placement" and cue.start < moment.start for cue in every):
        return Cue("placement", *here)
    if moment.form == "bare":
        if anchors.IMPLANT.search(text) and moment.hours >= WEEK and not any(cue.kind in _HAPPENS for cue in cues):
            return Cue("placement", *here)
        if not every and len(text.split()) <= anchors.SHORT_ANSWER:
            return Cue("event", *here)
    return None


def _since_kind(
    text: str, moment: Moment, since: tuple[int, str], inner: Sequence[Cue], before: Sequence[Cue]
) -> Kind | None:
    """What "since ... <time>" dates: the words between name it; with none between, what has gone on since."""
    words = since[1]
    if anchors.DRUG.search(words):
        return "onset"
    if any(cue.kind in ("event", "onset") for cue in inner):
        return "event"
    if anchors.SURGERY.search(words) or any(cue.kind == "placement" and not _is_bare(cue) for cue in inner):
        return "placement"
    if words.strip() and any(cue.kind == "other" for cue in inner):
        return "onset"
    if words.strip():
        return "onset"
    clause = [cue for cue in before if cue.start >= anchors.clause_start(text, since[0])]
    if anchors.IMPLANT_SINCE.search(text[anchors.clause_start(text, since[0]) : since[0]]):
        return "placement"
    if anchors.HAD_SINCE.search(text[max(0, since[0] - 40) : since[0]]):
        return "placement"
    if anchors.NEGATED.search(text[max(0, since[0] - 40) : since[0]]):
        return "other"
    kinds = {cue.kind for cue in clause if not _is_bare(cue)}
    if "other" in kinds and not kinds & {"symptom", "event", "onset"}:
        return "other"
    if anchors.WELL_SINCE.search(text[max(0, since[0] - 40) : since[0]]):
        return "placement" if moment.hours > YEAR else "other"
    long_ago = moment.precision in ("month", "year") and moment.hours > MONTH
    if (
        long_ago
        and ("placement" in kinds or anchors.IMPLANT.search(text[anchors.clause_start(text, since[0]) : since[0]]))
        and not kinds & {"symptom", "event", "onset"}
    ):
        return "placement"
    if long_ago and not any(cue.kind in ("symptom", "event", "onset") for cue in before):
        return "other"
    return "onset"


def _sentence_before(low: int, ends: Sequence[int]) -> int:
    place = bisect_left(ends, low)
    return ends[place - 1] if place > 0 else 0


def _is_bare(cue: Cue) -> bool:
    return cue.text.lower().rstrip("s") in _BARE_PARTS


def _cues(text: str, times: Sequence[Moment]) -> list[Cue]:
    """The cues within reach of any of the times, in order of place."""
    near: list[tuple[int, int]] = []
    for moment in times:
        start, end = max(0, moment.start - FAR), min(len(text), moment.end + REACH + 40)
        if near and start <= near[-1][1]:
            near[-1] = (near[-1][0], max(end, near[-1][1]))
        else:
            near.append((start, end))
    taken = bytearray(len(text))
    found = []
    for kind, grammar in CUES:
        for match in (match for stretch in near for match in grammar.finditer(text, *stretch)):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                found.append(Cue(kind, match.start(), match.end(), match.group()))
    return sorted(found, key=lambda cue: cue.start)


def _may_belong(text: str, moment: Moment, cue: Cue) -> bool:
    if cue.kind == "plan":
        return moment.form == "at" and not _NOT_PLANNED.search(text[moment.start : moment.end])
    if moment.form == "meal":
        return cue.kind in ("event", "onset", "symptom")
    return not _is_bare(cue) or anchors.precedes(text, moment, cue.start, cue.end)


def _is_stated(text: str, moment: Moment, low: int, high: int) -> bool:
    """Whether the sentence tells that something happened then, without words this file knows."""
    if moment.form not in ("ago", "at", "for", "later") or moment.hours > LONGEST_STATED:
        return False
    if moment.precision in ("month", "year") or (moment.form == "for" and not anchors.goes_on(text, low, moment)):
        return False
    return not anchors.is_ahead(text, moment, low, high)


def gap(text: str, start: int, end: int, other_start: int, other_end: int) -> int:
    """Characters between two spans, with a penalty for every clause or sentence that ends between them."""
    low, high = (end, other_start) if other_start >= end else (other_end, start)
    if low >= high:
        return 0
    length = high - low
    if length > REACH + 40:
        return length
    for penalty, places in zip((CLAUSE_BREAK, SENTENCE_BREAK), _breaks(text)):
        length += penalty * (bisect_left(places, high) - bisect_left(places, low))
    return length


@lru_cache(maxsize=8)
def _breaks(text: str) -> tuple[list[int], list[int]]:
    """Where clauses and where sentences end."""
    return [match.start() for match in CLAUSE.finditer(text)], [match.start() for match in SENTENCE.finditer(text)]
