"""What a short reply means as the answer to the question that was asked: a title, yes/no/not sure, or a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from bot.triage.questions import ANSWER_TO, Entry, Questions
from bot.understanding.types import Finding

_LEADING = {"yes": "yes", "yeah": "yes", "yep": "yes", "yup": "yes", "y": "yes", "si": "yes",
            "no": "no", "nope": "no", "nah": "no", "n": "no"}  # fmt: skip
_NOT_AN_ANSWER = frozenset({"one", "body", "idea", "clue", "matter", "longer", "more", "improvement", "change"})
"""Words after "no" with which it is no answer: "no one called", "no improvement"."""

_FILLERS = re.compile(
    r"^(?:(?:um+|uh+|well|so|oh|ok|okay|hmm+|hi|hello|it is|its|it was|i think|i guess|i would say|id say|about|around"
    r"|roughly|maybe|like|the|a|an|just|probably|approx|approximately|please|thanks|it|was|is|almost|over|under"
    r"|she|he|they|we|i) )+"
)
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBER_WORDS = {word: number for number, word in enumerate(_DIGITS)}
_NUMBER = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?|" + "|".join(NUMBER_WORDS) + r"|an?(?= (?:hour|day|week|month|year)))(?![\w.]*\d)"
)
_TIMES = frozenset({"time_since_event_days", "time_since_placement_weeks"})
_UNIT_WEEKS = {"h": 1 / 168, "d": 1 / 7, "w": 1.0, "m": 4.345, "y": 52.18}
_UNIT = re.compile(r"\s*(hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mos?|years?|yrs?|y)\b")
_SHORTEST_LATE = 3
"""Letters below which a word may mean anything by the time another question was asked."""
_LONGEST_BARE = 6
"""Words a reply with a number may have and still be only that number."""


def plain(text: str) -> str:
    """Lower case, no apostrophes, one space between words; dots stay inside numbers only."""
    text = re.sub(r"['\u2018\u2019`]", "", text.casefold())
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(r"(?<!\d)\.|\.(?!\d)|[^\w\s.?\U0001F44D\U0001F44E]", " ", text)
    text = text.replace("\U0001f44d", " yes ").replace("\U0001f44e", " no ")
    text = re.sub(r"\?+", " ", text) if re.search(r"\w", text) else "?" if "?" in text else ""
    return " ".join(text.split())


def answer(entry: Entry, text: str, stated: Sequence[Finding], book: Questions) -> tuple[Finding, ...]:
    """Facts the reply yields, empty when it is no answer. `stated` are the findings of the message itself."""
    names = {finding.name for finding in stated}
    reply = plain(text)
    short = _FILLERS.sub("", reply)
    for form in dict.fromkeys((reply, short)):
        row = _row(entry, form)
        if row is not None:
            return _facts(entry, row, text)
    expected = _TIMES if entry.number is not None and entry.number["kind"] == "duration" else frozenset()
    number = None if names - expected else _number(entry, short)
    if number is not None:
        return (_fact(entry, {"finding": number[0], "value": number[1]}, text),)
    for form in dict.fromkeys((reply, short)):
        meaning = next((key for key in ("yes", "no", "unsure", "a_bit") if form in _words(book.words[key])), None)
        if meaning is not None:
            return _by_meaning(entry, meaning, text)
    words = reply.split()
    meaning = _LEADING.get(words[0]) if words else None
    if meaning is None or (len(words) > 1 and words[1] in _NOT_AN_ANSWER):
        return ()
    facts = _by_meaning(entry, meaning, text)
    if names and (meaning == "no" or names & {fact.name for fact in facts}):
        return _stated(entry, stated)
    return facts


def _stated(entry: Entry, stated: Sequence[Finding]) -> tuple[Finding, ...]:
    """What the message denies in its own words of what was asked for: an answer too, so it is not checked again."""
    return tuple(
        replace(finding, attributes={**finding.attributes, ANSWER_TO: entry.id})
        for finding in stated
        if finding.name in entry.asks_for and finding.assertion == "absent"
    )


def late_answer(entry: Entry, text: str, book: Questions) -> tuple[Finding, ...]:
    """Facts of a reply to a question asked earlier: only in that question's own words, which no other one shares."""
    reply = plain(text)
    common = {word for words in book.words.values() for word in _words(words)}
    for form in dict.fromkeys((reply, _FILLERS.sub("", reply))):
        if len(form) >= _SHORTEST_LATE and form not in common:
            row = _row(entry, form)
            if row is not None:
                return _facts(entry, row, text)
    return ()


def _row(entry: Entry, form: str) -> Mapping[str, Any] | None:
    forms: dict[str, Mapping[str, Any]] = {
        _own(str(word)): row for row in reversed(entry.answers) for word in [*row.get("words", ()), row["title"]]
    }
    if form in forms:
        return forms[form]
    if len(form) < 5 or len(form) > 30:
        return None
    near = process.extractOne(form, list(forms), scorer=fuzz.ratio, score_cutoff=88)
    return forms[str(near[0])] if near is not None else None


def _words(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_own(word) for word in words)


@lru_cache(maxsize=4096)
def _own(word: str) -> str:
    """`plain` of the book's own words, asked for hundreds of times a message; never of a patient's."""
    return plain(word)


def _by_meaning(entry: Entry, meaning: str, text: str) -> tuple[Finding, ...]:
    if meaning == "unsure":
        titles = [row for row in entry.answers if row.get("means") == "unsure"]
    else:
        titles = [row for row in entry.answers if row.get("means") == ("yes" if meaning == "a_bit" else meaning)]
    return _facts(entry, titles[0], text, unsure=meaning == "a_bit") if titles else ()


def _facts(entry: Entry, row: Mapping[str, Any], text: str, unsure: bool = False) -> tuple[Finding, ...]:
    return tuple(_fact(entry, data, text, unsure) for data in row["yields"])


def _fact(entry: Entry, data: Mapping[str, Any], text: str, unsure: bool = False) -> Finding:
    """The fact with the patient's own reply as its words."""
    words = text.strip()
    start = text.find(words)
    return Finding(
        name=data["finding"],
        value=data.get("value"),
        assertion=data.get("assertion", "present"),
        uncertain=unsure or bool(data.get("uncertain", False)),
        start=start,
        end=start + len(words),
        text=words,
        attributes={**data.get("attributes", {}), ANSWER_TO: entry.id},
    )


def _number(entry: Entry, reply: str) -> tuple[str, float] | None:
    """(finding, value in the finding's unit) of a reply that is little more than a number within the bounds."""
    if entry.number is None:
        return None
    found = _NUMBER.search(reply)
    if found is None or len(reply.split()) > _LONGEST_BARE:
        return None
    word = found[1]
    value = float(NUMBER_WORDS.get(word, 1 if word in ("a", "an") else 0)) if word.isalpha() else float(word)
    kind = entry.number["kind"]
    if kind == "temperature" and value > 45:
        value = round((value - 32) / 1.8, 2)
    if kind == "duration":
        unit = _UNIT.match(reply, found.end())
        value = round(value * _UNIT_WEEKS[unit[1][0] if unit else "h"], 4)
    if not entry.number["min"] <= value <= entry.number["max"]:
        return None
    return str(entry.number["finding"]), value
