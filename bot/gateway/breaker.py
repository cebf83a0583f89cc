"""A circuit breaker: while the engine hangs, nobody waits for it but one message every few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` in a row; then lets one through every `seconds` until one succeeds."""

    def __init__(self, failures: int = 2, seconds: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._seconds, self._clock = failures, seconds, clock
        self._failures, self._until = 0, 0.0

    def allows(self) -> bool:
        """Whether to try now. A True while it is open is the one trial of this pause."""
        if self._failures < self._limit:
            return True
        if self._clock() < self._until:
            return False
        self._until = self._clock() + self._seconds
        return True

    def succeeded(self) -> None:
        """It works: closed again."""
        self._failures = 0

    def failed(self) -> None:
        """It took too long once more."""
        self._failures += 1
        if self._failures >= self._limit:
            self._until = self._clock() + self._seconds
