"""The clinic's own facts: names, numbers and opening hours, from clinic.yml."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import alerting, content
from bot.alerting import Alerting

FILE = content.ROOT / "bot" / "clinic.yml"
SCHEMA = content.ROOT / "bot" / "clinic.schema.json"
NUMBERS = ("phone", "oncall_phone", "emergency_number", "crisis_line", "poison_line")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Theme:
    """How the chat looks: `colour` is #rrggbb, `logo` a picture's file."""

    colour: str = "#0b6e6e"
    logo: Path | None = None


@dataclass(frozen=True)
class Texting:
    """Text messages: our `number` as E.164, the `country` of numbers without a code, from when to when to be quiet."""

    number: str
    country: str
    quiet: tuple[time, time]


@dataclass(frozen=True)
class Retention:
    """How long records are kept: after a conversation's last message, a photo's coming, a case's end, an audit line."""

    conversations: timedelta
    photos: timedelta
    cases: timedelta
    audit: timedelta


@dataclass(frozen=True)
class Clinic:
    """One clinic. `hours` maps a weekday (0 is Monday) to its opening and closing time; a closed day is left out.

    `website_origins` are the websites that may show the chat, as a browser names them; the first language is the usual.
    `sms` is None for a clinic without text messages. `alerts` tells who is told of a case, beside the desk.
    `retention` is None where everything is kept for ever.
    """

    name: str
    phone: str
    oncall_phone: str
    emergency_number: str
    crisis_line: str
    poison_line: str
    timezone: ZoneInfo
    languages: tuple[str, ...]
    hours: Mapping[int, tuple[time, time]]
    theme: Theme
    website_origins: tuple[str, ...]
    sms: Texting | None
    alerts: Alerting
    retention: Retention | None

    @classmethod
    def load(cls, path: Path | None = None) -> Clinic:
        """Read `path`, else `clinic_file()`. Raises ContentError with the line."""
        path = path or clinic_file()
        data = content.load(path, SCHEMA)
        try:
            timezone = ZoneInfo(data["timezone"])
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise content.error_at(path, ["timezone"], f"unknown time zone {data['timezone']!r}") from error
        hours: dict[int, tuple[time, time]] = {}
        for day, span in data["hours"].items():
            opens, closes = (time.fromisoformat(part) for part in span.split("-"))
            if opens >= closes:
                raise content.error_at(path, ["hours", day], f"closes at {closes:%H:%M}, before it opens")
            hours[DAYS.index(day)] = (opens, closes)
        numbers = {key: data[key] for key in NUMBERS}
        return cls(
            name=data["name"],
            timezone=timezone,
            languages=tuple(data["languages"]),
            hours=hours,
            theme=_theme(path, data.get("theme", {})),
            website_origins=tuple(data.get("website_origins", ())),
            sms=_texting(data["sms"]) if "sms" in data else None,
            alerts=alerting.parse(path, data["alerts"]) if "alerts" in data else Alerting(),
            retention=_retention(data["retention"]) if "retention" in data else None,
            **numbers,
        )

    def is_open(self, now: datetime) -> bool:
        """Whether the front desk is open at the aware time `now`."""
        local = now.astimezone(self.timezone)
        span = self.hours.get(local.weekday())
        return span is not None and span[0] <= local.time().replace(tzinfo=None) < span[1]

    def next_open(self, now: datetime) -> datetime:
        """When the front desk can next be reached: `now` itself if it is open."""
        local = now.astimezone(self.timezone)
        return local if self.is_open(now) else next(start for start, _ in self._days(local) if start > local)

    def closing(self, now: datetime) -> datetime:
        """Closing time of today if the clinic is open, else of the next day it opens."""
        local = now.astimezone(self.timezone)
        return next(end for _, end in self._days(local) if end > local)

    def in_quiet_hours(self, now: datetime) -> bool:
        """Whether texts that are not urgent wait at the aware time `now`."""
        if self.sms is None:
            return False
        clock, (start, end) = now.astimezone(self.timezone).time().replace(tzinfo=None), self.sms.quiet
        return start <= clock < end if start < end else clock >= start or clock < end

    def facts(self, now: datetime) -> dict[str, str]:
        """The values of the placeholders a response may contain, at the aware time `now`."""
        return {
            "clinic_name": self.name,
            "clinic_phone": self.phone,
            "oncall_phone": self.oncall_phone,
            "emergency_number": self.emergency_number,
            "crisis_line": self.crisis_line,
            "poison_line": self.poison_line,
            "opening_hours": self._opening_hours(),
            "next_open": self._next_open_words(now),
        }

    def _days(self, local: datetime) -> list[tuple[datetime, datetime]]:
        """Opening and closing of today and the seven days after, closed days left out."""
        days = [local.date() + timedelta(days=ahead) for ahead in range(8)]
        return [
            (datetime.combine(day, opens, self.timezone), datetime.combine(day, closes, self.timezone))
            for day in days
            for opens, closes in [self.hours.get(day.weekday(), (None, None))]
            if opens is not None and closes is not None
        ]

    def _next_open_words(self, now: datetime) -> str:
        """Fits after "can help you": "now, until 5 pm", "tomorrow at 8 am", "Monday at 8 am"."""
        local, start = now.astimezone(self.timezone), self.next_open(now)
        if start == local:
            return f"now, until {_clock(self.closing(now).time())}"
        ahead = (start.date() - local.date()).days
        day = {0: "today", 1: "tomorrow"}.get(ahead, DAYS[start.weekday()].capitalize())
        return f"{day} at {_clock(start.time())}"

    def _opening_hours(self) -> str:
        """Days with the same hours in a row are joined: "Monday to Thursday 8 am to 5 pm (New York time)"."""
        runs: list[list[int]] = []
        for day in sorted(self.hours):
            if runs and runs[-1][-1] == day - 1 and self.hours[runs[-1][-1]] == self.hours[day]:
                runs[-1].append(day)
            else:
                runs.append([day])
        days = ", ".join(
            f"{_days_words(run)} {_clock(self.hours[run[0]][0])} to {_clock(self.hours[run[0]][1])}" for run in runs
        )
        return f"{days} ({self.timezone.key.rpartition('/')[2].replace('_', ' ')} time)"


def clinic_file() -> Path:
    """The file named by CLINIC_FILE, else bot/clinic.yml."""
    return Path(os.environ.get("CLINIC_FILE") or FILE)


def _texting(sms: Mapping[str, str]) -> Texting:
    start, end = (time.fromisoformat(part) for part in sms["quiet_hours"].split("-"))
    return Texting(sms["number"], sms["country"], (start, end))


def _retention(kept: Mapping[str, int]) -> Retention:
    days = {name: timedelta(days=kept[f"{name}_days"]) for name in ("conversations", "photos", "cases")}
    return Retention(**days, audit=timedelta(days=366 * kept["audit_years"]))  # never a day less than the years


def _theme(path: Path, theme: Mapping[str, str]) -> Theme:
    """Its logo is a file beside clinic.yml, or in a folder there."""
    values: dict[str, Any] = dict(theme)
    if "logo" in theme:
        values["logo"] = path.parent / theme["logo"]
        if not values["logo"].is_file():
            raise content.error_at(path, ["theme", "logo"], f"there is no file {theme['logo']}")
    return Theme(**values)


def _days_words(run: list[int]) -> str:
    first, last = DAYS[run[0]].capitalize(), DAYS[run[-1]].capitalize()
    return first if first == last else f"{first} to {last}"


def _clock(moment: time) -> str:
    """Own words instead of %p, which is empty in some locales."""
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {'am' if moment.hour < 12 else 'pm'}"
