"""Days that are told by a name: holidays, seasons, meals, "the other day". American holidays, English names."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dateutil.easter import easter  # type: ignore[import-untyped]

_FIXED = {
    "christmas eve": (12, 24), "xmas eve": (12, 24), "christmas": (12, 25), "xmas": (12, 25), "boxing day": (12, 26),
    "new year's eve": (12, 31), "new years eve": (12, 31), "new year's": (1, 1), "new years": (1, 1),
    "new year": (1, 1),
    "valentine's": (2, 14), "valentines": (2, 14), "st patrick's": (3, 17), "st patricks": (3, 17),
    "cinco de mayo": (5, 5),
    "juneteenth": (6, 19), "independence day": (7, 4), "fourth of july": (7, 4), "4th of july": (7, 4),
    "halloween": (10, 31), "veterans day": (11, 11),
}  # fmt: skip
_FLOATING = {  # month, weekday (Monday 0), which one of the month (-1: the last)
    "thanksgiving": (11, 3, 4), "black friday": (11, 4, 4), "memorial day": (5, 0, -1), "labor day": (9, 0, 1),
    "labour day": (9, 0, 1),
    "mother's day": (5, 6, 2), "mothers day": (5, 6, 2), "father's day": (6, 6, 3), "fathers day": (6, 6, 3),
    "mlk day": (1, 0, 3), "presidents day": (2, 0, 3), "columbus day": (10, 0, 2),
}  # fmt: skip
_FROM_EASTER = {"good friday": -2, "easter monday": 1, "easter sunday": 0, "easter": 0}
_SEASONS = {"winter": 1, "spring": 4, "summer": 7, "autumn": 10, "fall": 10}
_MEALS = {"breakfast": 8.0, "lunch": 12.5, "dinner": 18.5, "supper": 18.5}

HOLIDAY = "(?:" + "|".join(sorted((*_FIXED, *_FLOATING, *_FROM_EASTER), key=len, reverse=True)) + r")(?:'s)?\b"
SEASON = r"(?:winter|spring|summer|autumn|fall)\b"
MEAL = r"(?:breakfast|lunch|dinner|supper)(?:[\s-]?time)?\b"


def holiday(name: str, now: datetime) -> datetime:
    """Noon of the last such day that has begun before `now`. Raises KeyError for a name `HOLIDAY` does not match."""
    key = re.sub(r"\s+", " ", name.lower())
    key = key if key in _FIXED or key in _FLOATING or key in _FROM_EASTER else key.removesuffix("'s")
    day = _in_year(key, now.year)
    return day if day.date() <= now.date() else _in_year(key, now.year - 1)


def season(name: str, now: datetime, last: bool) -> datetime:
    """The middle of the season; with `last`, of the one before when `now` lies in it."""
    month = _SEASONS[name.lower()]
    at = now.replace(month=month, day=15, hour=12)
    inside = abs((now - at).days) <= 45
    if (at > now and not (inside and not last)) or (inside and last):
        at = at.replace(year=now.year - 1)
    return min(at, now)


def meal(name: str, now: datetime) -> datetime:
    """The last such meal before `now`."""
    hours = next(hours for meal, hours in _MEALS.items() if name.lower().startswith(meal))
    at = now.replace(hour=int(hours), minute=int(hours % 1 * 60), second=0, microsecond=0)
    if at <= now + timedelta(hours=1.5):  # who writes at half past seven has had an early breakfast
        return min(at, now)
    return at - timedelta(days=1)


def _in_year(key: str, year: int) -> datetime:
    if key in _FIXED:
        month, day = _FIXED[key]
        return datetime(year, month, day, 12)
    if key in _FROM_EASTER:
        return datetime.combine(easter(year), datetime.min.time()) + timedelta(days=_FROM_EASTER[key], hours=12)
    month, weekday, which = _FLOATING[key]
    first = datetime(year, month, 1, 12)
    days = [first + timedelta(days=n) for n in range(31)]
    matching = [day for day in days if day.month == month and day.weekday() == weekday]
    return matching[which - 1 if which > 0 else which]
