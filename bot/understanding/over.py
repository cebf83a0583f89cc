"""Whether a sign is over: told in the past tense and long ago, in the story of such a time, or with its end behind it.

Read clause by clause (tense.py says when a clause is told of), with the words of language/over.yml. In doubt a sign is
of now: a date ends nothing that lasts until its end is told, an end is taken back by what comes behind it, and what a
person must hear of although it passed (a seizure, a swallowed part) ends by its date alone.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from bot import content
from bot.understanding.clauses import Layout
from bot.understanding.lexicon import parsed
from bot.understanding.matcher import Match, PhraseMatcher
from bot.understanding.tense import told_now, told_then, without_verb
from bot.understanding.types import Subject

LANGUAGE = Path(__file__).parent / "language"
MARKS = ("long_ago", "lately", "ends", "well", "spells", "no_end", "apart", "back_again", "not_again")
Over = Literal["ended", "long_ago"]

FAR = 3
"""Sentences behind a sign in which its end may stand."""
BRIEF = 4
"""Words of a sentence that is nothing but an end: "All fine now"."""
SPELL = 4
"""Words that may stand between a sign and how long it lasted."""
RECENT_MONTHS = 2  # this month and the one before may still be going on
_MONTHS = tuple(name.lower() for name in month_name[1:])
_MONTH = re.compile(rf"\b(?:in|back in|last|during|over|of|early|late|mid)[ -]({'|'.join(_MONTHS)})\b")
_YEAR = re.compile(r"(?<![$£€.,\d])\b(?:19|20)\d\d\b(?![.,]?\d)|(?<!\w)'\d\d\b")
_SINCE = re.compile(r"\b(?:since (?:\w+ ){0,3}|(?:from|until|till) (?:about |around )?)$")
_ASKS = re.compile(
    r"\W*(?:(?:so|and|but|then|also|ok) )?(?:do|does|can|could|will|would|should|may|must|when can|shall) "
    r"(?:i|we|you|it)\b"
)
"""Begins a question of what to do: its "again" brings no sign back."""
_GOES_ON = re.compile(
    r"\W*(?:(?:and|but|so|then|also|well|because|where) )?(?:it|its|it's|that|this|then|they|he|she|his|"
    r"her|which|there|those|these|after|afterwards|"
    r"eventually|when|at the|in the end|so|but|and|because|both|all|everything|luckily|later|finally|ended|"
    r"\w+ (?:hours?|days?|weeks?|months?) (?:later|after))\b"
)
"""Begins a sentence that goes on with the story of the one before; any other one is of now, unless it has a date."""
_ENDS_HERE = re.compile(
    r"\W*$|\s*[^\w\s]| (?:by|within|after|afterwards|overnight|now|since|completely|fully|entirely|totally|in|and|but|"
    r"so|quickly|soon|again|from|yesterday|today|last|then|itself|eventually)\b"
)
"""What may follow an end that only says "it": not "it went down the wrong way"."""
_WORD = re.compile(r"[\w'-]+")

_SPELLS = frozenset({"numbness", "tingling", "pain", "swelling"})
_FEELING = frozenset({"numbness", "tingling"})
_NAMES = {
    "bleeding": ("blood", "bleed", "ooz"),
    "swelling": ("swell", "chee", "face", "lump", "lip", "puff"),
    "pain": ("pain", "ache", "thro", "sore", "hurt"),
    "fever": ("fever", "temp", "chil"),
    "fever_c": ("fever", "temp", "chil"),
    "pus": ("pus", "disc", "infe", "drai"),
    "gum_boil": ("infe", "absc", "boil", "pimp"),
    "numbness": ("numb", "feel", "lip", "chin", "anae", "anes", "shot"),
}
"""Beginnings of the words that name a sign as the one that ended: "the blood stopped" ends no seizure."""


@dataclass(frozen=True)
class Signs:
    """Names of findings: what lasts until its end is told, what only its date ends, what has no time."""

    lasting: frozenset[str]
    grave: frozenset[str]
    timeless: frozenset[str]


class Overs:
    """Built once from language/over.yml."""

    def __init__(self) -> None:
        """Raises ContentError."""
        path = LANGUAGE / "over.yml"
        data = content.load(path, LANGUAGE / "over.schema.json")
        self._matcher = PhraseMatcher([(phrase, name) for name in MARKS for phrase in parsed(path, data[name], [name])])
        self._stand_ins = frozenset(data["stand_ins"])
        self._signs = Signs(*(frozenset(data["signs"][kind]) for kind in ("lasting", "grave", "timeless")))
        self._follow = re.compile(rf"^(?:\W*$| *[^\w\s]| +(?:{'|'.join(data['may_follow'])})\b)")

    def warm(self) -> None:
        """Compile every expression now."""
        self._matcher.warm()

    def of(self, text: str, layout: Layout, received_at: datetime) -> Told:
        """How one normalised text tells its times; `received_at` says which months are long ago."""
        return Told(text, layout, received_at, self._matcher.find(text), self._stand_ins, self._follow, self._signs)


@dataclass(frozen=True)
class Told:
    """The marks of one text and what they make of a sign."""

    text: str
    layout: Layout
    received_at: datetime
    marks: Sequence[Match[str]]
    stand_ins: frozenset[str]
    follow: re.Pattern[str]
    signs: Signs

    def over(self, name: str, subject: Subject, start: int, end: int) -> Over | None:
        """How the present sign `name` at [start, end) of the text is over; None: it is not."""
        if name in self.signs.timeless or not self._told_then(start, end):
            return None
        ended = self._ended(name, start, end)
        sentence = self.layout.clauses[self.layout.clause_at(start)].sentence
        if self._old_story[sentence] and (
            ended or (self._own_date(start, end) and (subject == "other" or name not in self.signs.lasting))
        ):
            return None if self._taken_back(end, self._limit_behind(end)) else "long_ago"
        return "ended" if ended and name not in self.signs.grave else None

    def _told_then(self, start: int, end: int) -> bool:
        """Whether its clause is in the past tense; one without a verb goes on with its sentence.

        A sentence without any verb is of now, unless its own words date or end it: "chin numb" goes on with no story.
        """
        clause = self.layout.clauses[self.layout.clause_at(start)]
        words = self.text[min(clause.start, start) : max(clause.end, end)]
        if not without_verb(words):
            return told_then(words)
        before = self.text[self.layout.sentences[clause.sentence][0] : start]
        if not without_verb(before):
            return told_then(before)
        first, last = self.layout.sentences[clause.sentence]
        return self._dated(first, last) or any(self._in(name, end, last) for name in ("ends", "well", "spells"))

    def _own_date(self, start: int, end: int) -> bool:
        """Whether the date is not that of what is told behind a sign without a verb: "new swelling, it was March"."""
        clause = self.layout.clauses[self.layout.clause_at(start)]
        first, last = self.layout.sentences[clause.sentence]
        return not without_verb(self.text[first : max(clause.end, end)]) or not told_then(self.text[end:last])

    @cached_property
    def _old_story(self) -> list[bool]:
        """For each sentence whether it tells of long ago: by a date in it, before it or right behind it."""
        dated = [self._dated(first, last) for first, last in self.layout.sentences]
        lately = [bool(self._in("lately", first, last)) for first, last in self.layout.sentences]
        story = False
        found: list[bool] = []
        for number, (first, last) in enumerate(self.layout.sentences):
            words = self.text[first:last]
            after = number + 1 < len(dated) and dated[number + 1] and not lately[number + 1]
            if lately[number]:
                story = False
            elif dated[number] or (
                after and re.match(r"\W*(?:that|this|it|all that|back) (?:was|in)\b", self._sentence(number + 1))
            ):
                story = True
            elif told_now(words) or not _GOES_ON.match(words):
                story = False
            found.append(story)
        return found

    def _dated(self, first: int, last: int) -> bool:
        words = self.text[first:last]
        if any(not _SINCE.search(self.text[first : m.start]) for m in self._in("long_ago", first, last)):
            return True
        for year in _YEAR.finditer(words):
            digits = int(year[0].lstrip("'"))
            told = digits if digits > 99 else digits + (2000 if digits <= self.received_at.year % 100 else 1900)
            if told < self.received_at.year and not _SINCE.search(words[: year.start()]):
                return True
        month = _MONTH.search(words)
        if month is None or _SINCE.search(words[: month.start()]):
            return False
        return (self.received_at.month - 1 - _MONTHS.index(month[1])) % 12 >= RECENT_MONTHS

    def _ended(self, name: str, start: int, end: int) -> bool:
        """Whether its end is told behind it, in its sentence or one of the next, and nothing takes it back."""
        sentence = self.layout.clauses[self.layout.clause_at(start)].sentence
        far = min(sentence + FAR, len(self.layout.sentences) - 1)
        limit = self.layout.sentences[far][1]
        for match in self.marks:
            if match.payload not in ("ends", "well", "spells") or not end <= match.start < limit:
                continue
            if not self._is_end(match, name, start, end):
                continue
            told = told_then(self.text[slice(*self.layout.sentences[sentence])])
            return not self._taken_back(match.end if told else end, self._limit_behind(match.end))
        return False

    def _is_end(self, match: Match[str], name: str, start: int, end: int) -> bool:
        clause = self.layout.clauses[self.layout.clause_at(match.start)]
        behind = clause.sentence != self.layout.clauses[self.layout.clause_at(start)].sentence
        if behind and not self._goes_on(match, name, start, end):
            return False
        if match.payload == "spells":
            rest = self.text[match.end : self.layout.sentences[clause.sentence][1]]
            near = len(_WORD.findall(self.text[end : match.start])) <= SPELL
            return name in _SPELLS and near and not told_now(rest) and told_then(self.text[clause.start : match.end])
        if name in _FEELING and "never" in self.text[end : match.end]:
            return False  # "the feeling never came back"
        first = max(self.layout.sentences[clause.sentence][0], end)
        denied = bool(self._in("no_end", max(first, match.start - 25), match.start))
        wants_denial = self.text.startswith(("a ", "an ", "any "), match.start)  # "I have not had a peep since"
        if denied is not wants_denial or self._in("apart", first, match.end + 20):
            return False
        if match.payload == "well":
            return True
        if not self.follow.match(self.text[match.end :]):
            return False
        before = _WORD.findall(self.text[max(clause.start, end) : match.start])
        if "and" in before:
            before = before[len(before) - before[::-1].index("and") :]
        return behind or self._named(name, start, end, before) or all(word in self.stand_ins for word in before)

    def _named(self, name: str, start: int, end: int, words: Sequence[str]) -> bool:
        own = [word for word in _WORD.findall(self.text[start:end]) if len(word) > 3 and word not in self.stand_ins]
        names = (name[:4], *_NAMES.get(name, ()), *own)
        return any(word.startswith(names) for word in words if word not in self.stand_ins)

    def _goes_on(self, match: Match[str], name: str, start: int, end: int) -> bool:
        """Whether an end in a later sentence is that of the sign: by its name, or as "it" in the very next sentence."""
        clause = self.layout.clauses[self.layout.clause_at(match.start)]
        first, last = self.layout.sentences[clause.sentence]
        if self._named(name, start, end, _WORD.findall(self.text[clause.start : match.start])):
            return True
        next_one = self.layout.clauses[self.layout.clause_at(start)].sentence + 1
        if clause.sentence != next_one or match.payload == "spells":
            return False
        if match.payload == "well":
            it = re.search(r"\bit\b", self.text[first : match.end])
            return (
                bool(it or _GOES_ON.match(self.text[first:last])) or len(_WORD.findall(self.text[first:last])) <= BRIEF
            )
        alone = all(word in self.stand_ins for word in _WORD.findall(self.text[first : match.start]))
        return alone and bool(_ENDS_HERE.match(self.text[match.end :]))

    def _taken_back(self, first: int, last: int) -> bool:
        denied = self._in("not_again", first, last)
        return any(
            not any(d.start < m.end and m.start < d.end for d in denied) for m in self._in("back_again", first, last)
        )

    def _limit_behind(self, position: int) -> int:
        """The end of the sentence behind the one at a position; of that one, when a question follows."""
        number = self.layout.clauses[self.layout.clause_at(position - 1)].sentence
        follows = number + 1 < len(self.layout.sentences) and not _ASKS.match(self._sentence(number + 1))
        return self.layout.sentences[number + follows][1]

    def _in(self, name: str, first: int, last: int) -> list[Match[str]]:
        return [m for m in self.marks if m.payload == name and first <= m.start and m.end <= last]

    def _sentence(self, number: int) -> str:
        return self.text[slice(*self.layout.sentences[number])]
