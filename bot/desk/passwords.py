"""Passwords: argon2id, the same cost for a name that nobody has, and what a new one must be."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
"""Characters of a password."""
FEWEST_DIFFERENT = 5
"""Different characters of a password: 'aaaaaaaaaaaa' is long, too."""
AT_ONCE = 2
"""Hashes computed at the same time: each takes 64 MiB and both cores."""

LEAST_OF_ITS_OWN = 8
"""Characters of a password beside one's name."""

Weakness = Literal["short", "long", "name", "monotonous"]


def weakness(password: str, names: tuple[str, ...]) -> Weakness | None:
    """What is wrong with a new password of somebody who is called `names`; None if it will do."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if len(set(password)) < FEWEST_DIFFERENT:
        return "monotonous"
    rest = password.casefold()
    parts = {part.casefold() for name in names for part in (name, *name.split()) if len(part) > 2}
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "")
    return "name" if len(rest) < LEAST_OF_ITS_OWN else None


class Passwords:
    """Blocks for some ten milliseconds: call it in a thread."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()  # argon2id with the parameters of RFC 9106
        self._turn = threading.BoundedSemaphore(AT_ONCE)

    def hashed(self, password: str) -> str:
        """To be stored; holds its own salt and parameters."""
        with self._turn:
            return self._hasher.hash(password)

    def fits(self, password: str, stored: str | None) -> bool:
        """Whether it is the password of `stored`. Without one the answer is no and costs the same time."""
        with self._turn:
            try:
                return self._hasher.verify(stored or self._nobodys, password[:LONGEST]) and bool(stored)
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password")
