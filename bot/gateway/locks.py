"""What the processes of one house on this machine agree on: locks, which end with the process that has them."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

from bot.gateway.settings import Settings


class Lock:
    """The lock of a file beside the queue's, named after the records: another house has others.

    The kernel takes it back however the process ends, so nothing is left to tidy. Not for several threads at once.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        house = hashlib.blake2b(settings.database_url.encode(), digest_size=4).hexdigest()
        self._path = Path(settings.queue_file).with_name(f"{name}-{house}.lock")
        self._file: int | None = None

    def take(self) -> bool:
        """Whether this process has it now, alone. Waits for nobody."""
        try:
            fcntl.flock(self._opened(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    def wait(self) -> None:
        """Have it alone, once nobody else has it."""
        fcntl.flock(self._opened(), fcntl.LOCK_EX)

    def share(self) -> None:
        """Have it with others who share it, once nobody has it alone."""
        fcntl.flock(self._opened(), fcntl.LOCK_SH)

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _opened(self) -> int:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        return self._file
