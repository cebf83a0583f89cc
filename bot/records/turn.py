"""Whose turn it is to write into a SQLite file."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path


class Turn:
    """One writer after the other, of this process and of all others, in about the order they came.

    SQLite itself lets who finds it busy sleep and try again: of two busy processes one then waits for seconds. The
    kernel's lock of a file beside it wakes the next at once, and ends with its process. Use it with `with`.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-turn")
        self._threads = threading.Lock()
        self._file: int | None = None

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_: object) -> None:
        assert self._file is not None
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def close(self) -> None:
        """Give the file back; it is opened again at need."""
        with self._threads:
            if self._file is not None:
                os.close(self._file)
                self._file = None
