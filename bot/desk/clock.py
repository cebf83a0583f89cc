"""Times as staff read them: the clock's, and how long ago or ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True)
class Moment:
    """A time in the clinic's zone: `exact` with its day unless that is today, `relative` to now, `iso` for programs."""

    iso: str
    exact: str
    relative: str
    full: str


@dataclass(frozen=True)
class Clock:
    """What time it is at the desk: `now` is aware and in the clinic's zone."""

    now: datetime

    def moment(self, at: datetime) -> Moment:
        """`at` in words."""
        local = at.astimezone(self.now.tzinfo)
        return Moment(
            iso=local.isoformat(timespec="seconds"),
            exact=self.exact(local),
            relative=relative((at - self.now).total_seconds()),
            full=f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M:%S}",
        )

    def exact(self, at: datetime) -> str:
        """14:02; Fri 14:02 within six days; 3 Nov 14:02 otherwise, with the year if it is another."""
        local = at.astimezone(self.now.tzinfo)
        if local.date() == self.now.date():
            return f"{local:%H:%M}"
        if abs((local.date() - self.now.date()).days) < 7:
            return f"{local:%a %H:%M}"
        year = f" {local.year}" if local.year != self.now.year else ""
        return f"{local.day} {local:%b}{year} {local:%H:%M}"


def relative(seconds: float) -> str:
    """ "now", "5 min ago", "in 2 h", "3 days ago": rounded down. The desk's script counts on in the same words."""
    amount = abs(seconds)
    if amount < MINUTE:
        return "now"
    if amount < HOUR:
        words = f"{int(amount // MINUTE)} min"
    elif amount < DAY:
        words = f"{int(amount // HOUR)} h"
    else:
        days = int(amount // DAY)
        words = f"{days} day{'s' if days > 1 else ''}"
    return f"in {words}" if seconds > 0 else f"{words} ago"
