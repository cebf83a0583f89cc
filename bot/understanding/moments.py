"""Time expressions: how long before a message something was, said as a span ("3 weeks ago"), a day or a date."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

import dateparser

from bot.understanding.moment_grammar import COMPARED, GRAMMARS, NOT_PAST
from bot.understanding.numerals import amount, windows

Form = Literal["ago", "for", "at", "after_surgery", "age_of_part"]
Precision = Literal["hour", "day", "week", "month", "year"]

DAY, WEEK, MONTH, YEAR = 24.0, 168.0, 30.44 * 24, 365.25 * 24
TODAY_HOURS = 6.0
"""What "today" and "this morning" mean when no clock time is told: a quarter of a day."""
JUST_NOW_HOURS = 0.5
EVENING_HOURS = 2.0
LONGEST_HOURS = 80 * YEAR
AMBIGUOUS_HOURS = 330 * DAY
"""A date without a year that lies nearly a year back is more likely a plan for the coming days."""


@dataclass(frozen=True)
class Moment:
    """`hours` before the message. `form` is how it was said: ago (a point), for (a lasting span), at (a day or date),
    after_surgery ("3 weeks post op") or age_of_part ("15 years old implant")."""

    hours: float
    precision: Precision
    form: Form
    start: int
    end: int
    uncertain: bool = False


Reader = Callable[[re.Match[str], datetime], Moment | None]

_DATED = ("date", "month", "year", "weekday")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def find(text: str, now: datetime) -> list[Moment]:
    """Every time expression that lies before `now` (local clock time of the patient, no zone), in order of place."""
    if not _COULD_BE_TIME.search(text):
        return []
    found: list[Moment] = []
    taken = bytearray(len(text))
    for need, grammars in GRAMMARS:
        near = windows(need, text)
        for grammar, kind in grammars:
            for match in (match for stretch in near for match in grammar.finditer(text, *stretch)):
                if any(taken[match.start() : match.end()]):
                    continue
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                before = text[max(0, match.start() - 16) : match.start()]
                if (kind in _DATED and NOT_PAST.search(before)) or (kind == "relative_day" and COMPARED.search(before)):
                    continue
                moment = _READERS[kind](match, now)
                if moment is not None and 0 <= moment.hours <= LONGEST_HOURS:
                    found.append(moment)
    return sorted(found, key=lambda moment: moment.start)


_COULD_BE_TIME = re.compile(
    r"\d|minute|hour|\bhr|\bday|night|week|\bwk|month|\bmos\b|\bmth|year|\byr|day\b|\btoday|morning|afternoon|"
    r"evening|noon|\bnow\b|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:mon|tues?|wed|thurs?|fri|sat|sun)\b",
    re.IGNORECASE,
)


def _unit(word: str) -> tuple[float, Precision]:
    word = word.lower()
    if word.startswith("mi"):
        return 1 / 60, "hour"
    if word.startswith("h"):
        return 1.0, "hour"
    if word.startswith(("d", "n")):
        return DAY, "day"
    if word.startswith("f"):
        return 2 * WEEK, "week"
    return (WEEK, "week") if word.startswith("w") else (MONTH, "month") if word.startswith("m") else (YEAR, "year")


def _span(form: Form) -> Reader:
    """Reader of a number with a unit."""

    def read(match: re.Match[str], _now: datetime) -> Moment | None:
        groups = match.groupdict()
        said = groups.get("n") or "one"
        size = amount(said)
        if size is None:
            return None
        unit_hours, precision = _unit(groups["u"])
        value = size.value
        either = re.fullmatch(r"([2-9])/(\d)", said)
        if either and unit_hours >= DAY and int(either[2]) == int(either[1]) + 1:
            value = int(either[1]) + 0.5  # "3/4 days" is three or four
        hours = value * unit_hours + (unit_hours / 2 if groups.get("half") else 0.0)
        if groups.get("u2"):
            more, (smaller_hours, _) = amount(groups["n2"]), _unit(groups["u2"])
            hours += more.value * smaller_hours if more is not None and smaller_hours < unit_hours else 0.0
        start = match.start("n") if groups.get("skip") else match.start()
        return Moment(hours, precision, form, start, match.end(), size.vague)

    return read


def _blocked(_match: re.Match[str], _now: datetime) -> None:
    """A time that is not before the message, or counts from something else."""


def _numbered_day(form: Form) -> Reader:
    """Reader of "day 5"."""

    def read(match: re.Match[str], _now: datetime) -> Moment | None:
        days = amount(match["n"])
        return None if days is None else Moment(days.value * DAY, "day", form, match.start(), match.end())

    return read


def _clock(match: re.Match[str], now: datetime) -> Moment | None:
    """A clock time, today or on the relative day told with it."""
    groups = match.groupdict()
    relative = (groups.get("rel") or "").lower()
    if groups.get("word"):
        hour, minute = 12 if groups["word"].lower() == "noon" else 0, 0
    elif groups.get("h24"):
        hour, minute = int(groups["h24"]), int(groups["m24"])
    else:
        hour, minute = int(groups["h"]) % 12, int(groups["m"] or 0)
        half = (groups.get("ap") or "").lower()
        late = any(word in relative for word in ("afternoon", "evening", "night"))
        hour += 12 if half == "p" or (not half and late and hour) else 0
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if "before" in relative:
        at -= timedelta(days=2)
    elif "yesterday" in relative or (relative.startswith("last") and hour >= 12) or at > now:
        at -= timedelta(days=1)
    return _before(match, now, at, "hour")


def _relative_day(match: re.Match[str], _now: datetime) -> Moment:
    said = match["rel"].lower()
    if "before" in said:
        hours: float = 2 * DAY
    elif "yesterday" in said or said.startswith("last"):
        hours = DAY
    elif said == "overnight":
        hours = DAY / 2
    elif "tonight" in said or "evening" in said or "afternoon" in said:
        hours = EVENING_HOURS
    else:
        hours = TODAY_HOURS
    return Moment(hours, "day", "at", match.start(), match.end())


def _just_now(match: re.Match[str], _now: datetime) -> Moment:
    return Moment(JUST_NOW_HOURS, "hour", "at", match.start(), match.end())


def _weekday(match: re.Match[str], now: datetime) -> Moment:
    days = (now.weekday() - _WEEKDAYS.index(match["day"].lower()[:3])) % 7 or 7
    if days == 1 and match.group().lower().startswith("last"):
        days = 8  # who means yesterday says yesterday
    return Moment(days * DAY, "day", "at", match.start(), match.end())


def _weekend(match: re.Match[str], now: datetime) -> Moment | None:
    if match["lead"].lower() == "this" and now.weekday() in (2, 3, 4):  # then it is the coming one
        return None
    return Moment(((now.weekday() - 5) % 7 or 7) * DAY, "day", "at", match.start(), match.end())


def _last_unit(match: re.Match[str], _now: datetime) -> Moment:
    hours, precision = _unit(match["u"])
    return Moment(hours, precision, "at", match.start(), match.end(), uncertain=True)


def _month(match: re.Match[str], now: datetime) -> Moment:
    """A month, with or without its year: the middle of what it can mean."""
    month = _MONTHS.index(match["month"].lower()[:3]) + 1
    said = match.group().lower()
    day = (
        5 if re.match("early|(?:the )?(?:beginning|start)", said) else 25 if re.match("late|(?:the )?end", said) else 15
    )
    known = match.groupdict().get("year")
    year = int(known) if known else now.year - (month > now.month or (month == now.month and said.startswith("last")))
    at = now.replace(year=year, month=month, day=day, hour=12)
    if (year, month) == (now.year, now.month):
        at = min(at, now - (now - now.replace(day=1)) / 2)
    return _before(match, now, at, "month")


def _year(match: re.Match[str], now: datetime) -> Moment:
    year = int(match["year"])
    first = now.replace(year=year, month=1, day=1)
    return _before(match, now, first + (now - first) / 2 if year == now.year else first + timedelta(days=182), "year")


def _date(match: re.Match[str], now: datetime) -> Moment | None:
    """A calendar date, resolved by dateparser, month first, the past preferred."""
    at = _calendar(re.sub(r"\bof\s+|\.", "", match["date"].lower()), now.year, now.month, now.day)
    moment = None if at is None else _before(match, now, at.replace(hour=min(now.hour, 12)), "day")
    yearless = not re.search(r"\d{4}|[/.-]\d+[/.-]", match["date"])
    return None if moment is None or (yearless and moment.hours > AMBIGUOUS_HOURS) else moment


def _day_of_month(match: re.Match[str], now: datetime) -> Moment | None:
    day = int(match["n"])
    if not 1 <= day <= 31:
        return None
    first = now.replace(day=1)
    if day > now.day:
        first = (first - timedelta(days=1)).replace(day=1)
    at = first + timedelta(days=day - 1)
    return _before(match, now, at, "day") if at.month == first.month else None


@lru_cache(maxsize=2048)
def _calendar(date: str, year: int, month: int, day: int) -> datetime | None:
    settings = {
        "RELATIVE_BASE": datetime(year, month, day, 12),
        "PREFER_DATES_FROM": "past",
        "DATE_ORDER": "MDY",
        "REQUIRE_PARTS": ["day", "month"],
    }
    try:
        at = dateparser.parse(date, languages=["en"], settings=settings)
    except (ValueError, OverflowError, TypeError):  # such as the 31st of a short month in a far year
        return None
    return None if at is None else at.replace(tzinfo=None)


def _before(match: re.Match[str], now: datetime, at: datetime, precision: Precision) -> Moment:
    return Moment((now - at).total_seconds() / 3600, precision, "at", match.start(), match.end())


_READERS: dict[str, Reader] = {
    "ago": _span("ago"),
    "for": _span("for"),
    "after_surgery": _span("after_surgery"),
    "age_of_part": _span("age_of_part"),
    "day_after_surgery": _numbered_day("after_surgery"),
    "day_of": _numbered_day("for"),
    "blocked": _blocked,
    "date": _date,
    "month": _month,
    "year": _year,
    "day_of_month": _day_of_month,
    "weekday": _weekday,
    "weekend": _weekend,
    "clock": _clock,
    "relative_day": _relative_day,
    "just_now": _just_now,
    "last_unit": _last_unit,
}
