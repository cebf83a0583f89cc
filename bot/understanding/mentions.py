"""A phrase of the lexicon found in a text, and which of several overlapping ones stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.understanding.context import Reached
from bot.understanding.lexicon import INTERNAL, Entry
from bot.understanding.matcher import Match

_SIDES = frozenset({"left", "right", "upper", "lower"})
_NEGATOR = re.compile(r"\b(?:no|not|never|none|nothing|without|nor|unable|zero|hardly|barely|cannot)\b|n't\b")
_NEGATED_GAP = re.compile(
    r"\b(?:no|not|never|without|isn't|aren't|wasn't|weren't|hasn't|haven't|doesn't|don't|didn't)\b"
)
_VERB = re.compile(r"\b(?:is|are|was|can|could|will|would|do|does|should|have|has|safe|contain)\b")
_STRESSED = re.compile(r"\b(?:not|isn't|aren't|wasn't|don't|doesn't) (?:only|just|simply|merely)\b")


@dataclass
class Mention:
    """One finding to be, at [start, end) of the normalised text.

    `own_negation`: the wording itself contains a negator ("can't breathe"), so that none around it applies.
    `negated_inside`: a negator stands in a gap ("my lip is not numb").
    """

    start: int
    end: int
    entry: Entry
    own_negation: bool = False
    negated_inside: bool = False
    attributes: dict[str, Any] = field(default_factory=dict)


def select(text: str, matches: Sequence[Match[Entry]]) -> tuple[list[Mention], list[Match[Entry]]]:
    """(mentions, internal marks) in order of place; what lies inside an ignored phrase is dropped.

    An `_ignore` entry silences only the findings its value names.
    Of overlapping mentions of one finding the longest stays and takes the attributes of the others along.
    """
    ignored = [m for m in matches if m.payload.finding == "_ignore" and "\n" not in text[m.start : m.end]]
    left = [m for m in matches if m.payload.finding != "_ignore" and not any(_silences(i, m) for i in ignored)]
    left = [m for m in left if m.payload.finding != "allergy" or not _asks_between(text, m)]
    marks = _outermost([m for m in left if m.payload.finding.startswith(INTERNAL)])
    found = [(m, _mention(text, m)) for m in left if not m.payload.finding.startswith(INTERNAL)]
    kept: dict[str, list[Mention]] = {}
    taken: dict[str, set[int]] = {}  # the places of `kept`: only where one is taken, all are compared
    for match, mention in sorted(found, key=_order):
        if mention.negated_inside and match.payload.assertion == "past":
            continue  # "the numbing has not gone away"
        same = kept.setdefault(match.payload.finding, [])
        places, here = taken.setdefault(match.payload.finding, set()), range(match.start, match.end)
        over: list[Mention] = []
        if not places.isdisjoint(here):
            over = [m for m in same if m.start < match.end and match.start < m.end and _rival(m, match)]
        if not over:
            same.append(mention)
            places.update(here)
        for other in over:
            if not mention.negated_inside and match.payload.assertion in (None, other.entry.assertion):
                for key, value in match.payload.attributes.items():
                    other.attributes.setdefault(key, list(value) if isinstance(value, list) else value)
    allergies = kept.get("allergy", [])
    kept["medication"] = [
        m for m in kept.get("medication", []) if not any(a.start <= m.start and m.end <= a.end for a in allergies)
    ]
    mentions = sorted((m for same in kept.values() for m in same), key=lambda m: (m.start, m.end))
    return mentions, marks


def _rival(kept: Mention, match: Match[Entry]) -> bool:
    """Whether one of two overlapping wordings must go; "allergic to nickel and latex" names two."""
    return kept.entry.finding != "allergy" or kept.entry.value == match.payload.value


def holds(text: str, mark: Match[Entry], cues: Sequence[Reached]) -> bool:
    """Whether a place or quality is really told: not imagined, and no quality that is denied ("not getting worse")."""
    means = {cue.means for cue in cues}
    if "hypothetical" in means and "present" not in means:
        return False
    own = _NEGATOR.search(text[mark.start : mark.end])
    return mark.payload.finding == "_site" or bool(own) or "negated" not in means


def _asks_between(text: str, match: Match[Entry]) -> bool:
    """Whether a new statement begins in a gap: "allergic to nickel, is the metal safe"."""
    return any(_VERB.search(text[start:end]) for start, end in match.gaps)


def _silences(ignore: Match[Entry], match: Match[Entry]) -> bool:
    inside = ignore.start <= match.start and match.end <= ignore.end
    return inside and match.payload.finding in (ignore.payload.value or "").split()


def _outermost(marks: list[Match[Entry]]) -> list[Match[Entry]]:
    """Of places inside a longer place only the longer one: "under my tongue" is not the tongue."""
    places = [m for m in marks if m.payload.finding == "_site" and not _SIDES.issuperset(m.payload.attributes["site"])]
    return [
        m
        for m in marks
        if m.payload.finding != "_site"
        or not any(o.start <= m.start and m.end <= o.end and o.end - o.start > m.end - m.start for o in places)
    ]


def _order(found: tuple[Match[Entry], Mention]) -> tuple[bool, int, int, int]:
    """First what no gap denies ("bleeding again, not heavy"), then the more exact value, then the longer wording."""
    match, mention = found
    return (mention.negated_inside, -len((match.payload.value or "").split()), match.start - match.end, match.start)


def _mention(text: str, match: Match[Entry]) -> Mention:
    gaps = [text[start:end] for start, end in match.gaps]
    core = list(text[match.start : match.end])
    for start, end in match.gaps:
        core[start - match.start : end - match.start] = " " * (end - start)
    own = bool(_NEGATOR.search("".join(core)))
    inside = not own and any(_NEGATED_GAP.search(gap) and not _STRESSED.search(gap) for gap in gaps)
    attributes = {k: list(v) if isinstance(v, list) else v for k, v in match.payload.attributes.items()}
    return Mention(match.start, match.end, match.payload, own, inside, attributes)
