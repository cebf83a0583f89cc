"""Readers of days that are told by a name: weekdays, weekends, holidays, seasons, meals, "the other day", Spanish."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.understanding import named_days, spans
from bot.understanding.spans import DAY, Moment

TODAY_HOURS = 6.0
"""What "today" and "this morning" mean when no clock time is told: a quarter of a day."""

_AT_CLOCK = re.compile(r"\b(?P<h>1[0-2]|0?[1-9])(?::(?P<m>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b", re.IGNORECASE)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekday(match: re.Match[str], now: datetime) -> Moment:
    days = (now.weekday() - WEEKDAYS.index(match["day"].lower()[:3])) % 7 or 7
    if days == 1 and match.group().lower().startswith("last"):
        days = 8  # who means yesterday says yesterday
    if match.groupdict().get("before"):
        days += 7
    if clock := _AT_CLOCK.search(match.group()):
        hour = int(clock["h"]) % 12 + (12 if clock["half"].lower() == "p" else 0)
        at = (now - timedelta(days=days)).replace(hour=hour, minute=int(clock["m"] or 0), second=0, microsecond=0)
        return spans.before(match, now, at, "hour")
    return Moment(days * DAY, "day", "at", match.start(), match.end())


def weekdays_ago(match: re.Match[str], now: datetime) -> Moment:
    """ "Two Sundays ago"."""
    count = {"two": 2, "three": 3, "four": 4}.get(match["n"].lower()) or int(match["n"])
    named = "sat" if match["day"].lower() == "weekend" else match["day"].lower()[:3]
    days = (now.weekday() - WEEKDAYS.index(named)) % 7 or 7
    return Moment((days + 7 * (count - 1)) * DAY, "day", "ago", match.start(), match.end())


def weekday_last_week(match: re.Match[str], now: datetime) -> Moment:
    days = now.weekday() - WEEKDAYS.index(match["day"].lower()[:3]) + 7
    return Moment(days * DAY, "day", "at", match.start(), match.end())


def weekend(match: re.Match[str], now: datetime) -> Moment | None:
    if match["lead"].lower() == "this" and now.weekday() in (2, 3, 4):  # then it is the coming one
        return None
    days = ((now.weekday() - 5) % 7 or 7) + (7 if match["before"] else 0)
    return Moment(days * DAY, "day", "at", match.start(), match.end())


def last_unit(match: re.Match[str], _now: datetime) -> Moment:
    hours, precision = spans.unit(match["u"])
    return Moment(hours, precision, "at", match.start(), match.end(), uncertain=True)


def unit_before_last(match: re.Match[str], _now: datetime) -> Moment:
    hours, precision = spans.unit("week" if match["u"].lower() == "weekend" else match["u"])
    return Moment(2 * hours, precision, "at", match.start(), match.end(), uncertain=True)


def other_day(match: re.Match[str], _now: datetime) -> Moment:
    return Moment(2.5 * DAY, "day", "at", match.start(), match.end(), uncertain=True)


def this_week(match: re.Match[str], now: datetime) -> Moment:
    return Moment(max(now.weekday() / 2, 1) * DAY, "day", "at", match.start(), match.end(), uncertain=True)


def woke(match: re.Match[str], _now: datetime) -> Moment:
    return Moment(TODAY_HOURS, "day", "at", match.start(), match.end())


def holiday(match: re.Match[str], now: datetime) -> Moment:
    return spans.before(match, now, min(named_days.holiday(match["holiday"], now), now), "day")


def season(match: re.Match[str], now: datetime) -> Moment | None:
    at = named_days.season(match["season"], now, match["lead"].lower() == "last")
    if match["year"]:
        at = min(at.replace(year=int(match["year"])), now)
    moment = spans.before(match, now, at, "month")
    if moment.hours < 10 * DAY:  # the season has only begun: "over the summer" in June tells nothing
        return None
    return Moment(moment.hours, "month", "at", match.start(), match.end(), uncertain=True)


def meal(match: re.Match[str], now: datetime) -> Moment:
    if match["on"]:
        hours = TODAY_HOURS if match["on"].lower() == "today" else DAY
        return Moment(hours, "day", "at", match.start(), match.end())
    moment = spans.before(match, now, named_days.meal(match["meal"], now), "hour")
    return Moment(moment.hours, "hour", "meal", match.start(), match.end(), uncertain=True)


_SPANISH = ("", "un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez")


_SPANISH_UNITS = (
    ("minuto", "minute"),
    ("hora", "hour"),
    ("d", "day"),
    ("semana", "week"),
    ("mes", "month"),
    ("a", "year"),
)


def spanish_span(match: re.Match[str], _now: datetime) -> Moment:
    said, word = match["es"].lower(), match["unidad"].lower()
    count = int(said) if said.isdigit() else _SPANISH.index("un" if said == "una" else said)
    hours, precision = spans.unit(next(english for spanish, english in _SPANISH_UNITS if word.startswith(spanish)))
    return Moment(count * hours, precision, "ago", match.start(), match.end())


def spanish_day(match: re.Match[str], _now: datetime) -> Moment:
    said = match["dia"].lower()
    hours = DAY if said in ("ayer", "anoche") else TODAY_HOURS if said == "hoy" or said.startswith("esta") else 2 * DAY
    return Moment(hours, "day", "at", match.start(), match.end())
