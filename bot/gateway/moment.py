"""When something is worked on, by the clock it was given, and how long that took."""

from __future__ import annotations

import time
from datetime import datetime, timedelta


class Moment:
    """`at` is aware. An evaluation's messages are received in the past: durations never come from the wall clock."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._started = time.perf_counter()

    def ms(self, since: datetime | None = None) -> int:
        """Whole milliseconds since work began, or since the aware time `since`."""
        before = (self.at - since).total_seconds() if since else 0.0
        return round(1000 * (before + time.perf_counter() - self._started))

    def now(self) -> datetime:
        """The time it is now by the clock it was given."""
        return self.at + timedelta(seconds=time.perf_counter() - self._started)
