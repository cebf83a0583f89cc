"""Who may try to sign in, and when again: by account and by address."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

FREE = 3
"""Failures that cost nothing but themselves: anybody mistypes."""
LOCKED = 10
"""Failures in a row after which an account is locked."""
LOCK = timedelta(hours=1)
"""For how long. Not for ever: else whoever knows the names could keep the whole clinic out."""


def pause(failures: int) -> timedelta:
    """How long an account waits after that many failures in a row: 0, then 2, 4, 8 … seconds, then an hour."""
    if failures >= LOCKED:
        return LOCK
    return timedelta(seconds=2 ** (failures - FREE)) if failures > FREE else timedelta(0)


class Attempts:
    """Failures of addresses. Each process counts for itself, in memory; those of names are in the records, for all.

    `limit` is written as for the `limits` library; `household` makes one of addresses that belong together.
    Addresses are kept only as hashes with a key that dies with the process.
    """

    def __init__(self, limit: str, household: Callable[[str], str]) -> None:
        self._limits = parse_many(limit)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._household = household
        self._key = secrets.token_bytes(32)

    def may_try(self, address: str) -> bool:
        """Whether an address has failures left."""
        return all(self._limiter.test(item, self._hashed(self._household(address))) for item in self._limits)

    def failed(self, address: str) -> None:
        """Count a failure of an address."""
        for item in self._limits:
            self._limiter.hit(item, self._hashed(self._household(address)))

    def _hashed(self, value: str) -> str:
        return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).hexdigest()
