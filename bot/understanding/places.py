"""Where in the mouth: words told apart joined to one place, and sides of the face left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.understanding.clauses import Layout
from bot.understanding.mentions import Mention

APART = 45  # characters two words of one place may be apart: "upper implant, put in 12 days ago, right side"

_AXES = (("upper", "lower"), ("left", "right"), ("front", "back"))
_FACE = re.compile(
    r"\b(?:face|faces|cheeks?|eyes?|eyelids?|nose|nostrils?|nasal|lips?|chin|neck|throat|ears?|arms?|head|temple)\b"
)
_NUMBERED = re.compile(r"(?:#|\b(?:tooth|teeth|number|no\.|nr\.?)) ?#?\d")


def joined(text: str, layout: Layout, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions with each place named once: "an upper implant, on the right side" is one place, "upper right".

    A side beside a part of the face is the face's ("my left cheek"); "front" is left out beside a number.
    """
    kept = [m for m in mentions if m.entry.finding != "tooth_location"]
    told = [m for m in mentions if m.entry.finding == "tooth_location" and not _beside(text, layout, m)]
    for group in _groups(layout, told):
        axes = {word for mention in group for word in (mention.entry.value or "").split()}
        value = " ".join(word for axis in _AXES for word in axis if word in axes)
        entry = replace(group[0].entry, value=value)
        kept.append(replace(group[0], entry=entry, end=group[-1].end))
    return sorted(kept, key=lambda m: (m.start, m.end))


def _beside(text: str, layout: Layout, place: Mention) -> bool:
    clause = layout.clauses[layout.clause_at(place.start)]
    if place.entry.value in ("left", "right"):
        return bool(_FACE.search(text[clause.start : clause.end]))
    sentence = slice(*layout.sentences[clause.sentence])
    return place.entry.value == "front" and bool(_NUMBERED.search(text[sentence]))


def _groups(layout: Layout, places: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Places of one sentence that lie close and do not contradict each other."""
    group: list[Mention] = []
    for place in places:
        if group and not _fits(layout, group, place):
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _fits(layout: Layout, group: Sequence[Mention], place: Mention) -> bool:
    said = {word for mention in group for word in (mention.entry.value or "").split()}
    new = set((place.entry.value or "").split())
    same_sentence = (
        layout.clauses[layout.clause_at(group[-1].start)].sentence
        == layout.clauses[layout.clause_at(place.start)].sentence
    )
    clash = any(len((said | new) & set(axis)) > 1 for axis in _AXES)
    return same_sentence and place.start - group[-1].end <= APART and not clash
