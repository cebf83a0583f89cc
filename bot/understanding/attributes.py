"""How a symptom behaves: where it is, its trend and severity, and what was tried against bleeding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.understanding.clauses import Layout
from bot.understanding.matcher import Match
from bot.understanding.mentions import Mention

SITED = frozenset(
    [
        "pain",
        "swelling",
        "bleeding",
        "numbness",
        "tingling",
        "electric_pain",
        "bruise",
        "pus",
        "redness",
        "hot",
        "rash",
        "loose",
        "gum_boil",
        "gum_recession",
        "exposed_bone",
        "not_healing",
        "face_droop",
        "bad_taste",
        "trismus",
    ]
)
_ONLY_FOR: Mapping[str, frozenset[str]] = {
    "heavy": frozenset({"bleeding"}),
    "uncontrolled": frozenset({"pain", "electric_pain"}),
    "on_biting": frozenset({"pain", "loose", "electric_pain"}),
    "severity": frozenset({"pain", "swelling", "bleeding", "redness", "bruise", "numbness", "electric_pain"}),
}
_NO_TREND = frozenset(
    {
        "part",
        "surgery",
        "stage",
        "medication",
        "condition",
        "allergy",
        "tooth_location",
        "smoker",
        "wants_person",
        "soft",
        "big",
        "tiny",
        "self_harm",
        "distress_idiom",
    }
)
_NO_QUALITY = frozenset({"swallowed_part", "inhaled_part", "part_out", "part_missing"})  # "went down" is no trend here
_NEAR = 28  # characters a severity word may be away from its symptom

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "third": 3, "four": 4, "fourth": 4, "five": 5, "fifth": 5,
    "six": 6, "sixth": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40, "forty five": 45, "fifty": 50, "sixty": 60, "half an": 0.5, "half a": 0.5,
    "couple of": 2, "several": 3, "dozen": 12,
}  # fmt: skip
_AMOUNT = r"(?P<n>\d+(?:\.\d+)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_MINUTES = re.compile(_AMOUNT + r"[\s-]*(?P<unit>minutes?|mins?|hours?|hrs?)\b")
_PRESSURE = re.compile(
    r"\b(?:gauze|pressure|press(?:ing|ed)?|bit(?:e|ing|ten)?|clamp(?:ing|ed)?|tea ?bags?|held|holding|compress)\b"
)
_THEN_OR_ALL = re.compile(r"\b(?:was|were|had been|everything)\b")
_GAUZE = re.compile(_AMOUNT + r"\s+(?:[\w'-]+\s+){0,2}?(?:gauze|pads?|swabs?|dressings?|tea ?bags?|tissues|towels)\b")


def add(text: str, layout: Layout, mentions: Sequence[Mention], marks: Sequence[Match[Any]]) -> None:
    """Give each mention its attributes, in place. `marks` are the matches of sites and qualities."""
    clauses = [layout.clause_at(mention.start) for mention in mentions]
    symptoms = [i for i, mention in enumerate(mentions) if mention.entry.value is None and not mention.entry.said]
    sited, trended = _by_clause(mentions, clauses, symptoms, True), _by_clause(mentions, clauses, symptoms, False)
    for mark in marks:
        entry, clause = mark.payload, layout.clause_at(mark.start)
        if text.startswith(" off", mark.end) and "trend" in entry.attributes:
            continue  # "they would be better off"
        if any(m.start <= mark.start and mark.end <= m.end for m in mentions if m.entry.finding in _NO_QUALITY):
            continue
        if entry.finding == "_site":
            near = {*_near(layout, sited, clause), *(i for i in symptoms if _distance(mentions[i], mark) == 0)}
            _site(mentions, sorted(near), mark, entry.attributes["site"])
            _site(mentions, _told_next(text, layout, sited, clause), mark, entry.attributes["site"])
        else:
            near_by = _near(layout, trended, clause)
            if entry.attributes.get("trend") == "better" and _of_something_else(text, layout, near_by, clauses, clause):
                continue
            _quality(mentions, near_by, mark, entry.attributes)
    bleedings = [i for i in symptoms if mentions[i].entry.finding == "bleeding"]
    if bleedings:
        _tried(text, layout, [mentions[i] for i in bleedings])


def _of_something_else(text: str, layout: Layout, near: Sequence[int], clauses: Sequence[int], clause: int) -> bool:
    """Whether an easing told in another sentence is of then or of all: "everything was healing nicely in January"."""
    here = layout.clauses[clause]
    if not near or layout.clauses[clauses[near[0]]].sentence == here.sentence:
        return False
    return _THEN_OR_ALL.search(text, here.start, here.end) is not None


def _by_clause(
    mentions: Sequence[Mention], clauses: Sequence[int], symptoms: Sequence[int], sited: bool
) -> dict[int, list[int]]:
    """The numbers of the symptoms of each clause that can have a site, or else a trend."""
    found: dict[int, list[int]] = {}
    for i in symptoms:
        name = mentions[i].entry.finding
        if name in SITED if sited else name not in _NO_TREND:
            found.setdefault(clauses[i], []).append(i)
    return found


def _near(layout: Layout, by_clause: Mapping[int, list[int]], clause: int) -> list[int]:
    """Symptoms of the clause, else of one of the two before ("and now it is back"), else of the next.

    Those of the same sentence go before those of its neighbours.
    """
    sentence = layout.clauses[clause].sentence
    for reach in (0, 1):
        for candidate in (clause, clause - 1, clause - 2, clause + 1):
            if candidate in by_clause and abs(layout.clauses[candidate].sentence - sentence) == reach:
                return by_clause[candidate]
    return []


def _told_next(text: str, layout: Layout, by_clause: Mapping[int, list[int]], clause: int) -> list[int]:
    """Symptoms told of a place as "it" in the next sentence: "my tongue rubs. It's been lifted by a swelling"."""
    following = layout.clauses[clause + 1 : clause + 2]
    if not following or following[0].sentence == layout.clauses[clause].sentence:
        return []
    return by_clause.get(clause + 1, []) if text.startswith(("it ", "it's "), following[0].start) else []


def _distance(mention: Mention, mark: Match[Any]) -> int:
    if mention.start < mark.end and mark.start < mention.end:
        return 0
    return mark.start - mention.end if mark.start >= mention.end else mention.start - mark.end


def _site(mentions: Sequence[Mention], near: Sequence[int], mark: Match[Any], site: Sequence[str]) -> None:
    sited = [mentions[i] for i in near if mentions[i].entry.finding in SITED]
    if not sited:
        return
    closest = min(_distance(mention, mark) for mention in sited)
    for mention in sited:
        if _distance(mention, mark) == closest or _distance(mention, mark) == 0:
            held = mention.attributes.setdefault("site", [])
            held += [place for place in site if place not in held]


def _quality(mentions: Sequence[Mention], near: Sequence[int], mark: Match[Any], attributes: Mapping[str, Any]) -> None:
    for key, value in attributes.items():
        allowed = _ONLY_FOR.get(key)
        fitting = [
            mentions[i]
            for i in near
            if (mentions[i].entry.finding in allowed if allowed else mentions[i].entry.finding not in _NO_TREND)
        ]
        if not fitting:
            continue
        closest = min(_distance(mention, mark) for mention in fitting)
        if key == "severity" and closest > _NEAR:
            continue
        for mention in fitting:
            if _distance(mention, mark) == closest:
                _keep_worst(mention.attributes, key, value)


_RANK = {
    "trend": ["better", "same", "worse", "returned", "spreading"],
    "severity": ["mild", "moderate", "severe"],
}


def _keep_worst(attributes: dict[str, Any], key: str, value: Any) -> None:
    """Of two qualities the more worrying one stays: better and worse in one breath is worse."""
    rank = _RANK.get(key)
    if rank and key in attributes and attributes[key] in rank and rank.index(attributes[key]) >= rank.index(value):
        return
    attributes[key] = value


def _tried(text: str, layout: Layout, bleedings: Sequence[Mention]) -> None:
    for start, end in layout.sentences:
        sentence = text[start:end]
        pressed = [match.start() for match in _PRESSURE.finditer(sentence)]
        lasted = [
            (min(_apart(sentence, match.start(), at) for at in pressed), match)
            for match in (_MINUTES.finditer(sentence) if pressed else ())
        ]
        if lasted:
            _, match = min(lasted, key=lambda pair: pair[0])
            minutes = _number(match["n"]) * (60 if match["unit"].startswith("h") else 1)
            for mention in bleedings:
                mention.attributes.setdefault("after_pressure_minutes", minutes)
        gauze = _GAUZE.search(sentence)
        if gauze:
            for mention in bleedings:
                mention.attributes.setdefault("gauze_count", int(_number(gauze["n"])))


def _apart(sentence: str, one: int, other: int) -> int:
    """Distance in characters; a comma between counts as twenty more."""
    first, last = min(one, other), max(one, other)
    return last - first + 20 * sentence.count(",", first, last)


def _number(said: str) -> float:
    return float(_NUMBERS[said]) if said in _NUMBERS else float(said)
