"""What the desk's pages need from the house they are in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clinic import Clinic
from bot.desk.attempts import Attempts
from bot.desk.passwords import Passwords
from bot.desk.tools import Tools
from bot.records.database import Database


@dataclass(frozen=True)
class Desk:
    """One per process, at `app.state.desk`. Its callables may be called in any thread.

    `key` is the deployment's secret key, `public_url` how the internet reaches the gateway, without a slash at the end.
    A session ends after `idle` without a request or an open page, and `longest` after the sign-in in any case.
    `said` is told of a conversation in which something was said: its streams are woken and its texts sent.
    `photo` gives the bytes of a stored photo by its file name; OSError if there is none. `remove_photos` deletes files.
    """

    database: Database
    clinic: Clinic
    public_url: str
    key: bytes
    idle: timedelta
    longest: timedelta
    attempts: Attempts
    said: Callable[[uuid.UUID], None]
    photo: Callable[[str], bytes]
    remove_photos: Callable[[Iterable[str]], None]
    tools: Tools
    passwords: Passwords = field(default_factory=Passwords)

    def now(self) -> datetime:
        """The server's clock in the clinic's zone."""
        return datetime.now(self.clinic.timezone)

    @property
    def secure(self) -> bool:
        """Whether cookies may only travel over TLS: always, but for somebody who tries it on this machine."""
        return self.public_url.startswith("https://")
