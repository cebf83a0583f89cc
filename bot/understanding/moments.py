"""Time expressions: how long before a message something was, said as a span ("3 weeks ago"), a day or a date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

import dateparser

from bot.understanding import named_moments, spans
from bot.understanding.moment_grammar import COMPARED, GRAMMARS, NOT_PAST
from bot.understanding.named_moments import TODAY_HOURS
from bot.understanding.spans import DAY, YEAR, Moment

JUST_NOW_HOURS = 0.5
EVENING_HOURS = 2.0
LONGEST_HOURS = 80 * YEAR
AMBIGUOUS_HOURS = 330 * DAY
"""A date without a year that lies nearly a year back is more likely a plan for the coming days."""


Reader = Callable[[re.Match[str], datetime], Moment | None]

_DATED = ("date", "month", "year", "weekday", "day_of_month", "ordinal", "holiday", "season")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def find(text: str, now: datetime) -> list[Moment]:
    """Every time expression that lies before `now` (local clock time of the patient, no zone), in order of place."""
    found: list[Moment] = []
    taken = bytearray(len(text))

    def take(start: int, end: int) -> bool:
        free = not any(taken[start:end])
        if free:
            taken[start:end] = b"\x01" * (end - start)
        return free

    def add(moment: Moment | None) -> None:
        if moment is not None and 0 <= moment.hours <= LONGEST_HOURS:
            found.append(moment)

    for start, end, span in spans.find(text):
        if take(start, end):
            add(span)
    for need, grammars in GRAMMARS:
        if not need.search(text):
            continue
        for grammar, kind in grammars:
            for match in grammar.finditer(text):
                if not take(*match.span()):
                    continue
                before = text[max(0, match.start() - 16) : match.start()]
                if (
                    kind in _DATED
                    and NOT_PAST.search(before)
                    and not match.group().lower().startswith(("from", "since", "about"))
                ) or (kind == "relative_day" and COMPARED.search(before)):
                    continue
                if kind in ("clock", "oclock") and _CLOCK_NOW.search(before):
                    continue
                add(_READERS[kind](match, now))
    return sorted(found, key=lambda moment: moment.start)


_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_CLOCK_NOW = re.compile(
    r"\b(?:now|it's|its|it\s+is|until|till|by|before)\s+(?:now\s+|already\s+|past\s+)?$", re.IGNORECASE
)
"""Before a clock time: it is the present, or lies ahead."""


def _blocked(_match: re.Match[str], _now: datetime) -> None:
    """A time that is not before the message, or counts from something else."""


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
        late = any(word in relative for word in ("afternoon", "evening", "night", " pm"))
        hour += 12 if half == "p" or (not half and late and hour) else 0
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if "before" in relative:
        at -= timedelta(days=2)
    elif "yesterday" in relative or (relative.startswith("last") and hour >= 12) or at > now:
        at -= timedelta(days=1)
    return spans.before(match, now, at, "hour")


def _oclock(match: re.Match[str], now: datetime) -> Moment:
    """ "Since about five o'clock": the last time the clock showed it."""
    hour = int(match["h"]) if match["h"] else _HOURS.index(match["spelled"].lower()) + 1
    first = now.replace(hour=hour % 12, minute=0, second=0, microsecond=0)
    times = (first + timedelta(hours=12 * half) for half in (1, 0, -1))
    return spans.before(match, now, next(at for at in times if at <= now), "hour")


def _relative_day(match: re.Match[str], _now: datetime) -> Moment:
    said = match["rel"].lower()
    if "before" in said:
        hours: float = 2 * DAY
    elif "yesterday" in said or said.startswith("last"):
        hours = DAY
    elif said == "overnight" or "the night" in said:
        hours = DAY / 2
    elif "tonight" in said or "evening" in said or "afternoon" in said or said.endswith(" pm"):
        hours = EVENING_HOURS
    else:
        hours = TODAY_HOURS
    return Moment(hours, "day", "at", match.start(), match.end())


def _just_now(match: re.Match[str], _now: datetime) -> Moment:
    return Moment(JUST_NOW_HOURS, "hour", "at", match.start(), match.end())


_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]


def _ordinal(match: re.Match[str], now: datetime) -> Moment | None:
    """ "In august on the twentieth", "the third of May"."""
    words = (match["nth"] or match["nth2"]).lower().replace("-", " ").split()
    tens = {"twenty": 20, "thirty": 30}.get(words[0], 0) if len(words) > 1 else 0
    day = 30 if words[-1] == "thirtieth" else tens + _ORDINALS.index(words[-1]) + 1
    at = _calendar(f"{(match['month'] or match['month2']).lower()} {day}", now.year, now.month, now.day)
    return None if at is None else spans.before(match, now, at, "day")


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
    return spans.before(match, now, at, "month")


def _month_of_year(match: re.Match[str], now: datetime) -> Moment:
    """ "03/2024": the middle of the month."""
    at = now.replace(year=int(match["year"]), month=int(match["mm"]), day=15, hour=12)
    return spans.before(match, now, at, "month")


def _year(match: re.Match[str], now: datetime) -> Moment:
    year = int(match["year"])
    first = now.replace(year=year, month=1, day=1)
    return spans.before(
        match, now, first + (now - first) / 2 if year == now.year else first + timedelta(days=182), "year"
    )


def _date(match: re.Match[str], now: datetime) -> Moment | None:
    """A calendar date, resolved by dateparser, month first, the past preferred."""
    at = _calendar(re.sub(r"\bof\s+|\.", "", match["date"].lower()), now.year, now.month, now.day)
    moment = None if at is None else spans.before(match, now, at.replace(hour=min(now.hour, 12)), "day")
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
    return spans.before(match, now, at, "day") if at.month == first.month else None


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


_READERS: dict[str, Reader] = {
    "blocked": _blocked,
    "clock": _clock,
    "date": _date,
    "day_of_month": _day_of_month,
    "holiday": named_moments.holiday,
    "just_now": _just_now,
    "last_unit": named_moments.last_unit,
    "meal": named_moments.meal,
    "month": _month,
    "month_of_year": _month_of_year,
    "oclock": _oclock,
    "ordinal": _ordinal,
    "other_day": named_moments.other_day,
    "relative_day": _relative_day,
    "season": named_moments.season,
    "spanish_day": named_moments.spanish_day,
    "spanish_span": named_moments.spanish_span,
    "this_week": named_moments.this_week,
    "unit_before_last": named_moments.unit_before_last,
    "weekday": named_moments.weekday,
    "weekday_last_week": named_moments.weekday_last_week,
    "weekdays_ago": named_moments.weekdays_ago,
    "weekend": named_moments.weekend,
    "woke": named_moments.woke,
    "year": _year,
}
