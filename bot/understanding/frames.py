"""What surroundings beyond its clause make of a symptom: figures of speech, other body parts, leaflets, old stories.

ConText (context.py) works inside a clause or sentence with words that point at a symptom. A frame is wider: the topic
of a sentence ("my knee"), a book that is told, a story of long ago. Content in language/frames.yml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot import content
from bot.understanding.clauses import Clause, Layout
from bot.understanding.lexicon import parsed
from bot.understanding.matcher import Match, PhraseMatcher
from bot.understanding.mood import Mood, Moods
from bot.understanding.phrases import Phrase
from bot.understanding.tense import told_now, told_then, without_verb
from bot.understanding.types import Subject

LANGUAGE = Path(__file__).parent / "language"
Makes = Literal["unrelated", "past", "hypothetical", "present"]

_UNTOUCHED = frozenset({"self_harm", "distress_idiom"})  # triage's gentle check asks; nothing here silences it
_FACTS = {"age", "part_size_mm", "condition", "part", "tooth_location", "medication", "allergy", "surgery", "stage"} | {
    "smoker",
    "pregnant",
    "time_since_placement_weeks",
    "time_since_event_days",
    "wants_person",
    "opt_out",
    "drug_taken",
}
"""Of a person and a mouth there are, however they are asked about: "can a 72 year old get one?"."""
_SOMEBODY = re.compile(r"\b(?:he|she|they|her|his|hers|their|him|them|it|who|that)\b")
_ORDER: tuple[Makes, ...] = ("unrelated", "present", "hypothetical", "past")


@dataclass(frozen=True)
class Frame:
    """One frame: where its phrases reach and what they make of the findings there."""

    id: str
    makes: Makes
    within: str
    findings: frozenset[str]
    subjects: frozenset[str]
    past_only: bool
    unless: frozenset[str]
    unless_message: frozenset[str]
    with_message: frozenset[str]


class Frames:
    """Built once from language/frames.yml."""

    def __init__(self) -> None:
        """Raises ContentError."""
        path = LANGUAGE / "frames.yml"
        data = content.load(path, LANGUAGE / "frames.schema.json")
        signs: list[tuple[Phrase, str]] = []
        for name, sources in data["signs"].items():
            signs += [(phrase, name) for phrase in parsed(path, sources, ["signs", name])]
        phrases: list[tuple[Phrase, Frame]] = []
        for number, item in enumerate(data["frames"]):
            keys = ("unless", "unless_message", "with_message")
            unless, anywhere, wanted = (frozenset(item.get(key, ())) for key in keys)
            unknown = (unless | anywhere | wanted) - set(data["signs"])
            if unknown:
                raise content.error_at(path, ["frames", number], f"no signs are named {sorted(unknown)}")
            frame = Frame(
                item["id"],
                item["makes"],
                item["within"],
                frozenset(item.get("findings", ())),
                frozenset(item.get("subject", ())),
                "tense" in item,
                unless,
                anywhere,
                wanted,
            )
            place: list[str | int] = ["frames", number, "phrases"]
            phrases += [(phrase, frame) for phrase in parsed(path, item["phrases"], place)]
        self._moods = Moods()
        self._signs = PhraseMatcher(signs)
        self._frames = PhraseMatcher(phrases)

    def warm(self) -> None:
        """Compile every expression now."""
        self._signs.warm()
        self._frames.warm()
        self._moods.warm()

    def of(self, text: str, layout: Layout, subjects: Sequence[Subject]) -> Framed:
        """The frames of one normalised text."""
        frames = [m for m in self._frames.find(text) if "\n" not in text[m.start : m.end]]  # two lines, two things
        signs = self._signs.find(text) if frames else []
        return Framed(text, layout, subjects, frames, signs, self._moods.of(text, layout))


@dataclass(frozen=True)
class Framed:
    """The frames found in one text."""

    text: str
    layout: Layout
    subjects: Sequence[Subject]
    frames: Sequence[Match[Frame]]
    signs: Sequence[Match[str]]
    mood: Mood

    def makes(self, name: str, start: int, end: int) -> Makes | None:
        """What the frames make of the finding `name` at [start, end) of the text; None: nothing."""
        if name in _UNTOUCHED:
            return None
        found = {m.payload.makes for m in self.frames if self._holds(m, name, start, end)}
        if name not in _FACTS and self.mood.imagined(start, end):
            found.add("hypothetical")
        if name not in _FACTS and self.mood.real(start, end):
            found.add("present")
        return next((makes for makes in _ORDER if makes in found), None)

    def _holds(self, match: Match[Frame], name: str, start: int, end: int) -> bool:
        frame = match.payload
        if frame.findings and name not in frame.findings:
            return False
        number = self.layout.clause_at(start)
        if frame.subjects and (not self.subjects or self.subjects[number] not in frame.subjects):
            return False
        scope = self._scope(match, start, end)
        if scope is None:
            return False
        if frame.past_only and not self._told_as_past(match, number, start, end):
            return False
        if frame.unless_message and self._signed(frame.unless_message, 0, len(self.text), match):
            return False
        if frame.with_message and not self._signed(frame.with_message, 0, len(self.text), match):
            return False
        return not self._signed(frame.unless, *scope, match)

    def _scope(self, match: Match[Frame], start: int, end: int) -> tuple[int, int] | None:
        """Where `unless` is sought when the phrase reaches [start, end); None when it does not reach."""
        layout, within = self.layout, match.payload.within
        clause, own = layout.clauses[layout.clause_at(start)], layout.clauses[layout.clause_at(match.start)]
        if within == "words":
            return (match.start, match.end) if match.start < end and start < match.end else None
        if within == "clause":
            return (clause.start, clause.end) if clause is own else None
        if within == "message":
            told_before = match.payload.makes != "past" or match.payload.subjects or start < match.start
            if match.payload.makes in ("hypothetical", "past") and clause.sentence != own.sentence:
                told_before = told_before and self._of_the_story(clause, end)
            return layout.sentences[clause.sentence] if told_before else None
        if within == "before":
            near = clause.sentence == own.sentence and end <= match.start
            if clause.sentence == own.sentence - 1:  # what is told of now is not ended by the sentence behind
                now = told_now(self.text[clause.start : max(clause.end, end)])
                near = match.payload.makes != "past" or not now
            return (start, layout.sentences[own.sentence][1]) if near else None
        if clause.sentence != own.sentence:
            return None
        if within == "ahead":
            return (match.end, max(clause.end, end)) if match.end <= start else None
        return layout.sentences[own.sentence]

    def _of_the_story(self, clause: Clause, end: int) -> bool:
        """Whether a clause of another sentence goes on with a story: not of now, and of somebody it names."""
        words = self.text[slice(*self.layout.sentences[clause.sentence])]
        return bool(_SOMEBODY.search(words)) and not told_now(self.text[clause.start : max(clause.end, end)])

    def _signed(self, names: frozenset[str], start: int, end: int, match: Match[Frame]) -> bool:
        """Whether a sign of these names stands in [start, end); of the frame's own words only in their gaps."""
        return any(
            s.payload in names and start <= s.start < end and (_apart(s, match) or _in_gap(s, match))
            for s in self.signs
        )

    def _told_as_past(self, match: Match[Frame], number: int, start: int, end: int) -> bool:
        """Whether the finding's clause is in the past tense; up to the phrase where that ends the same sentence."""
        clause, own = self.layout.clauses[number], self.layout.clauses[self.layout.clause_at(match.start)]
        last = max(clause.end, end)
        if match.payload.within == "before" and clause.sentence == own.sentence:
            last = max(end, match.start)
        words = self.text[min(clause.start, start) : last]
        if without_verb(words):  # "lots of pus": its sentence has the verb
            words = self.text[slice(*self.layout.sentences[clause.sentence])]
        return told_then(words)


def _apart(sign: Match[str], match: Match[Frame]) -> bool:
    return sign.end <= match.start or match.end <= sign.start


def _in_gap(sign: Match[str], match: Match[Frame]) -> bool:
    return any(start <= sign.start and sign.end <= end for start, end in match.gaps)
