"""Who may try to sign in, and when again: by account and by address."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

FREE = 3
"""Failures that cost nothing but themselves: anybody mistypes."""
LOCKED = 10
"""Failures in a row after which an account is locked."""
LOCK = timedelta(hours=1)
"""For how long. Not for ever: else whoever knows the names could keep the whole clinic out."""
STRANGERS = 10_000
"""Names that nobody has and whose failures are remembered."""


def pause(failures: int) -> timedelta:
    """How long an account waits after that many failures in a row: 0, then 2, 4, 8 … seconds, then an hour."""
    if failures >= LOCKED:
        return LOCK
    return timedelta(seconds=2 ** (failures - FREE)) if failures > FREE else timedelta(0)


class Attempts:
    """Failures of addresses, and of names that nobody has. Each process counts for itself, in memory.

    `limit` is written as for the `limits` library; `household` makes one of addresses that belong together.
    Names and addresses are kept only as hashes with a key that dies with the process.
    """

    def __init__(self, limit: str, household: Callable[[str], str]) -> None:
        self._limits = parse_many(limit)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._household = household
        self._strangers: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._turn = threading.Lock()
        self._key = secrets.token_bytes(32)

    def may_try(self, address: str) -> bool:
        """Whether an address has failures left."""
        return all(self._limiter.test(item, self._hashed(self._household(address))) for item in self._limits)

    def failed(self, address: str) -> None:
        """Count a failure of an address."""
        for item in self._limits:
            self._limiter.hit(item, self._hashed(self._household(address)))

    def stranger(self, name: str, now: datetime) -> datetime | None:
        """Until when a name that nobody has is locked, as if it were an account; else the failure counts, None."""
        key = self._hashed(name)
        with self._turn:
            failures, until = self._strangers.pop(key, (0, now))
            locked = until > now
            if not locked:
                failures, until = failures + 1, now + pause(failures + 1)
            self._strangers[key] = failures, until
            while len(self._strangers) > STRANGERS:
                self._strangers.popitem(last=False)
        return until if locked else None

    def _hashed(self, value: str) -> str:
        return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).hexdigest()
