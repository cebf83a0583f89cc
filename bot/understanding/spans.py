"""Spans of time ("3 weeks ago", "for 2 days", "day 5"): one scan for number and unit, then the words on either side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.understanding import span_grammar as grammar
from bot.understanding.numerals import amount

Form = Literal["ago", "for", "at", "after_surgery", "age_of_part", "elapsed", "later", "bare", "meal", "day_n"]
Precision = Literal["hour", "day", "week", "month", "year"]

DAY, WEEK, MONTH, YEAR = 24.0, 168.0, 30.44 * 24, 365.25 * 24


@dataclass(frozen=True)
class Moment:
    """`hours` before the message. `form` is how it was said: ago (a point), for (a lasting span), at (a day or date),
    after_surgery ("3 weeks post op"), age_of_part ("15 years old implant"), elapsed ("it's been 3 days"), later ("two
    weeks later it is still sore"), bare ("lower left, 7 days") meal ("at lunch") or day_n ("day 5")."""

    hours: float
    precision: Precision
    form: Form
    start: int
    end: int
    uncertain: bool = False


_AFTER = re.compile(rf"\bafter\s+{grammar.HEDGE}$", re.IGNORECASE)
_SYMPTOM = re.compile(rf"\b{grammar.SYMPTOM}\b", re.IGNORECASE)
_GOES_WITH_SPAN = re.compile(r"\s*(?:ago|back|old|post|later|since|after|now|out|and|p/o|\))", re.IGNORECASE)
_FOR_OR_BEEN = re.compile(rf"\bfor\s+{grammar.HEDGE}$|\bbeen\b", re.IGNORECASE)
_IS_STILL = re.compile(r"\bstill\b(?!\s+(?:take|use|eat|get|go|have\s+to))", re.IGNORECASE)
_STILL_SO = re.compile(r"[^.!?\n]{0,70}\b(?:still|hasn't|isn't|won't)\b", re.IGNORECASE)


def find(text: str) -> Iterator[tuple[int, int, Moment | None]]:
    """(start, end, moment) of every span; the moment is None where the span is not one that ends now."""
    for match in grammar.DAY_NUMBER.finditer(text):
        yield match.start(), match.end(), _numbered(text, match)
    for match in grammar.DAY_AFTER.finditer(text) if grammar.UNIT_AFTER.search(text) else ():
        if match["lead"] is None and not _is_on_day_after(text, match.start()):
            continue
        hours, precision = unit(match["u"] if match["u"].lower()[0] == "w" else "day")
        yield match.start(), match.end(), Moment(hours, precision, "after_surgery", match.start(), match.end())
    for match in grammar.PAST_UNIT.finditer(text):
        hours, precision = unit(match["u"])
        yield match.start(), match.end(), Moment(hours, precision, "for", match.start(), match.end())
    for match in grammar.SPAN.finditer(text):
        form, start, end = _form(text, match)
        yield start, end, _moment(match, form, start, end) if form else None


def unit(word: str) -> tuple[float, Precision]:
    """Hours in the unit a word names, and the precision it speaks with."""
    word = word.lower()
    if word.startswith("mi"):
        return 1 / 60, "hour"
    if word.startswith("h"):
        return 1.0, "hour"
    if word.startswith("dec"):
        return 10 * YEAR, "year"
    if word.startswith(("d", "n")):
        return DAY, "day"
    if word.startswith("f"):
        return 2 * WEEK, "week"
    return (WEEK, "week") if word.startswith("w") else (MONTH, "month") if word.startswith("m") else (YEAR, "year")


def before(match: re.Match[str], now: datetime, at: datetime, precision: Precision) -> Moment:
    """The moment `at`, told by the words of `match`."""
    return Moment((now - at).total_seconds() / 3600, precision, "at", match.start(), match.end())


def _form(text: str, match: re.Match[str]) -> tuple[Form | None, int, int]:
    """How the span was said (None: it does not tell how long ago something was), and where its words start and end."""
    start, end = match.start(), _end_of_unit(text, match.end())
    before, after = text[max(0, start - 70) : start], text[end : end + 90]
    clause = grammar.CLAUSE_END.split(before)[-1]
    if ago := grammar.AGO.match(after):
        return "ago", start, end + ago.end()
    if old := grammar.OLD.match(after):
        return ("age_of_part" if _is_parts(text, match, end + old.end()) else None), start, end + old.end()
    if re.search(
        rf"\b(?:for|first|within|lasted)\s+{grammar.HEDGE}$", before, re.IGNORECASE
    ) and grammar.COUNTED_FROM.match(after):
        return None, start, end
    if post := grammar.POST.match(after):
        words = post.group().lower()
        counted = words.split()[0] in ("after", "following")
        if counted and (grammar.ASKED.search(clause) or (unit(match["u"])[0] < WEEK and _was(text, start))):
            return None, start, end + post.end()
        if counted and grammar.WAITS_BEFORE.search(before):
            return None, start, end + post.end()
        return "after_surgery", start, end + post.end()
    if grammar.NOT_BEEN_IN.search(before):
        return None, start, end
    if grammar.SINCE_EVENT.match(after):
        return "for", start, end
    if grammar.AFTER_ALONE.match(after) and grammar.IMPLANT_BEFORE.search(before) and not _was(text, start):
        return "after_surgery", start, end
    if unit(match["u"])[0] >= MONTH:
        if failed := grammar.FAILED_AFTER.search(before):
            return "age_of_part", start - len(before) + failed.start("from"), end
        if (after_it := _AFTER.search(before)) and grammar.LOST_AFTER.match(after) and not grammar.ASKED.search(clause):
            return "age_of_part", start - len(before) + after_it.start(), end
    if grammar.BEFORE_FOR_AGO.search(before) and grammar.SEGMENT_END.match(after):
        return "ago", start, end
    if (alone := grammar.BEFORE_ALONE.match(after)) and grammar.PLACED_JUST_BEFORE.search(before):
        return "ago", start, end + alone.end()
    if grammar.IT_IS.search(before) and grammar.AND_NOW.match(after):
        return "elapsed", start, end
    if (later := grammar.LATER.match(after)) and (grammar.STILL.match(later["rest"]) or _IS_STILL.search(clause)):
        return "later", start, end
    if unit(match["u"])[0] >= MONTH and grammar.HAD_AFTER.match(after):
        return "age_of_part", start, end
    if grammar.GONE_BY.match(after) and grammar.SEGMENT_START.search(before):
        return "elapsed", start, end
    if grammar.NOT_BEFORE.match(after) or grammar.COUNTED_FROM.match(after):
        return None, start, end
    if grammar.HAD.search(before) and unit(match["u"])[0] >= MONTH:
        return "age_of_part", start, end
    if grammar.PART_OF.search(before):
        return "age_of_part", start, end
    if grammar.IN_FOR.search(before) and unit(match["u"])[0] >= WEEK and _FOR_OR_BEEN.search(before[-40:]):
        return "after_surgery", start, end
    if grammar.ELAPSED.search(before) and not grammar.STANDS.match(after):
        return "elapsed", start, end
    if grammar.IN_ALLOWED.search(before):
        return "for", start, end
    if _AFTER.search(before) and (_STILL_SO.match(after) or _IS_STILL.search(clause)):
        return "elapsed", start, end
    if grammar.BLOCKED_BEFORE.search(before):
        return None, start, end
    if lasts := grammar.LASTS_BEFORE.search(before):
        sentence = re.split(r"[.!?\n]", text[max(0, start - 120) : start])[-1]
        past = (
            lasts["for"]
            and not grammar.STANDS.match(after)
            and not grammar.GOES_ON.search(clause)
            and (grammar.OVER.search(clause) or grammar.AHEAD.search(sentence))
        )
        return (None if past else "for"), start, end
    if grammar.STANDS.match(after) or grammar.SYMPTOM_BEFORE.search(before):
        return "for", start, end
    if grammar.IMPLANT_JUST_BEFORE.search(before) and grammar.SEGMENT_END.match(after):
        return "bare", start, end
    if grammar.SEGMENT_START.search(before) and grammar.SEGMENT_END.match(after):
        size = amount(match["n"])
        person = size is not None and size.value * unit(match["u"])[0] > grammar.OLDEST_UNNAMED_PART * YEAR
        asked = grammar.HOW_LONG.search(re.split(r"[.!?\n]", before)[-1])
        return (None if person or asked else "bare"), start, end
    return None, start, end


def _moment(match: re.Match[str], form: Form, start: int, end: int) -> Moment | None:
    said = match["n"]
    size = amount(said)
    if size is None:
        return None
    hours_each, precision = unit(match["u"])
    value = size.value
    either = re.fullmatch(r"([2-9])/(\d)", said)
    if either and hours_each >= DAY and int(either[2]) == int(either[1]) + 1:
        value = int(either[1]) + 0.5  # "3/4 days" is three or four
    value += 0.5 if match["two"] else 0.0  # "an hour or two"
    hours = value * hours_each + (hours_each / 2 if match["half"] else 0.0)
    if match["u2"]:
        more, (smaller, _) = amount(match["n2"]), unit(match["u2"])
        hours += more.value * smaller if more is not None and smaller < hours_each else 0.0
    if match["u3"] and (other := amount(match["n3"])) is not None:
        hours = (hours + other.value * unit(match["u3"])[0]) / 2
    return Moment(hours, precision, form, start, end, size.vague or bool(match["u3"]))


def _numbered(text: str, match: re.Match[str]) -> Moment | None:
    """ "Day 5", "week 3 post op", "second evening after surgery": the time since surgery, or since a symptom began."""
    before = text[max(0, match.start() - 40) : match.start()]
    after = text[match.end() : match.end() + 60]
    if match["nth"]:
        word = match["nth"].lower()
        count = float(grammar.NTH.index(word) + 1) if word in grammar.NTH else float(re.sub(r"\D", "", word))
        count = 0.0 if count < 2 else count
        hours, precision = unit("day")
    else:
        size = amount(match["n"])
        if size is None:
            return None
        count = size.value
        hours, precision = unit(match["what"] or "day")
    if match["link"] and grammar.DRUG_NEXT.match(after.lstrip()):
        return None  # "day five of the antibiotics"
    if re.match(r"\s*(?:%|mg|mm|ml|x\b|or\b|to\b|-\s?\d|hours|days|weeks|months)", after, re.IGNORECASE):
        return None
    moment = Moment(count * hours, precision, "day_n", match.start(), match.end())
    sentence = re.split(r"[.!?\n]", text[max(0, match.start() - 120) : match.start()])[-1]
    if match["nth"] and not match["link"]:
        return (
            moment
            if re.search(
                r"(?:^|[.,;:!?(\n])\s*(?:(?:it's|its|today\s+is|this\s+is|now|on)\s+)?(?:only\s+|just\s+|"
                r"already\s+)?(?:the|my|our)?\s*$|\b(?:i'm|i\s+am|it's|today\s+is)\s+(?:only\s+|now\s+|just\s+)?on\s+(?:the|my)\s*$",
                before,
                re.IGNORECASE,
            )
            else None
        )
    if match["pod"] and not match["what"]:
        return moment
    link = (match["link"] or "").strip().lower()
    if re.search(r"\bpost[\s-]?(?:op\w*|surg\w*|implant\w*)?[\s,:-]*$", before, re.IGNORECASE):
        return moment
    if link and grammar.SURGERY_NEXT.match(after):
        return None if re.search(r"\b(?:by|until|till|than|as\s+on)\s*$", before, re.IGNORECASE) else moment
    if link == "of":
        return (
            Moment(moment.hours, moment.precision, "for", moment.start, moment.end)
            if grammar.SICK_NEXT.match(after)
            else None
        )
    if re.search(r"\bon\s*$", before) and not grammar.OVER.search(sentence) and re.match(r"\s*[.,;!?)]|\s*$", after):
        return None if re.search(r"\b(?:as|than|like)\s+on\s*$", before, re.IGNORECASE) else moment
    if grammar.DAY_PAST.search(before) and not re.search(
        r"\b(?:now|i'm|i\s+am|am|it's|its)\s+(?:\w+\s+)?on\s*$", before, re.IGNORECASE
    ):
        return None
    if grammar.DAY_STATE.search(before) and not grammar.OVER.search(sentence):
        return moment
    return moment if grammar.DAY_NOW.search(before) else None


def _end_of_unit(text: str, end: int) -> int:
    """Without the full stop that ends the sentence; one of an abbreviation stays ("3 wks. ago")."""
    return end - 1 if text[end - 1] == "." and not _GOES_WITH_SPAN.match(text, end) else end


def _is_on_day_after(text: str, start: int) -> bool:
    """Whether "the day after surgery" inside a sentence is today: a symptom stands before it and no past verb."""
    clause = grammar.CLAUSE_END.split(text[max(0, start - 70) : start])[-1]
    return bool(_SYMPTOM.search(clause)) and not _was(text, start)


def _was(text: str, start: int) -> bool:
    """Whether the sentence up to `start` tells of something over: then "5 hours after the implant" is not now."""
    sentence = re.split(r"[.!?\n]", text[max(0, start - 160) : start])[-1]
    today = re.search(r"\b(?:today|tonight|this\s+(?:morning|afternoon|evening|am)|now)\b", sentence, re.IGNORECASE)
    return bool(grammar.OVER.search(sentence)) and not grammar.GOES_ON.search(sentence) and not today


def _is_parts(text: str, match: re.Match[str], end: int) -> bool:
    """Whether "N years old" is a part's age, not a person's."""
    before, after = text[max(0, match.start() - 120) : match.start()], text[end : end + 50]
    if grammar.PERSON_AFTER.match(after):
        return False
    if grammar.OF_PART.match(after) or grammar.A_PART.search(before):
        return True
    size = amount(match["n"])
    return size is not None and is_parts_age(text, match.start(), end, size.value * unit(match["u"])[0] / YEAR)


def is_parts_age(text: str, start: int, end: int, years: float) -> bool:
    """Whether an age at start:end that names nobody ("4 yrs old.") is an implant's: it is low and follows one."""
    before = text[max(0, start - 120) : start]
    alone = grammar.SEGMENT_START.search(before) and re.match(r"\s*(?:[,;:).!?\n]|$)", text[end : end + 20])
    return bool(
        alone
        and years <= grammar.OLDEST_UNNAMED_PART
        and grammar.IMPLANT_BEFORE.search(before)
        and not grammar.PERSON.search(before)
    )
