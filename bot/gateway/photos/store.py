"""Where patients' photos are kept: cleaned, sealed, under names nobody can guess, in a folder no address leads to."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import secrets
import time
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.gateway.photos.cleaning import SECONDS, PhotoRefused, clean
from bot.records.photos import Outcome
from bot.records.sealing import Sealer

logger = logging.getLogger(__name__)

AT_ONCE = 2
"""Photos that are cleaned at the same time."""
STRAY_SECONDS = 3_600
"""Age of a file without a row after which nobody will come back for it."""
_NAME = re.compile(r"^[0-9a-f]{32}\.jpg$")
_JPEG = b"\xff\xd8"
"""How a file begins that was kept before files were sealed."""
_MADE = re.compile(r"^[0-9a-f]{32}\.(jpg|part)$")


class PhotoStore:
    """One folder of sealed files. `largest` is the most bytes of a photo as it comes.

    All but `taken` block: call them in a thread.
    """

    def __init__(self, folder: Path, largest: int, sealer: Sealer, seconds: float = SECONDS) -> None:
        self._folder, self._largest, self._sealer, self._seconds = folder, largest, sealer, seconds
        # threads of its own: many photos at once must not keep everybody else from the database
        self._hands = ThreadPoolExecutor(AT_ONCE, "photo")

    async def taken(self, data: bytes) -> Outcome:
        """`take`, without blocking."""
        return await asyncio.get_running_loop().run_in_executor(self._hands, self.take, data)

    def take(self, data: bytes) -> Outcome:
        """Clean and keep a photo. Its file is on disk; a row must name it soon, or `sweep` removes it again.

        Takes seconds: not within a transaction. Raises OSError if the disk fails.
        """
        try:
            if len(data) > self._largest:
                raise PhotoRefused("too_large")
            made = clean(data, self._seconds)
        except PhotoRefused as refused:
            logger.info("photo refused", extra={"code": refused.reason})
            return Outcome("refused", reason=refused.reason)
        name = self._write(f"{secrets.token_hex(16)}.jpg", self._sealer.seal(made.jpeg))
        return Outcome("stored", name, made.width, made.height, len(made.jpeg))

    def open(self, name: str) -> bytes:
        """The photo, a JPEG, for staff. Raises FileNotFoundError, also for a name that is none of ours, SealError."""
        if not _NAME.match(name):
            raise FileNotFoundError(name)
        kept = (self._folder / name).read_bytes()
        return kept if kept.startswith(_JPEG) else self._sealer.open(kept)

    def reseal(self) -> int:
        """Seal every file with the first key, also one from before there was a key. How many there were."""
        names = [file.name for file in self._folder.glob("*.jpg") if _NAME.match(file.name)]
        for name in names:
            kept = (self._folder / name).read_bytes()
            self._write(name, self._sealer.seal(kept) if kept.startswith(_JPEG) else self._sealer.renew(kept))
        return len(names)

    def remove(self, names: Iterable[str]) -> None:
        """Delete files for good. One that is not there, or no name of ours, is passed over."""
        for name in names:
            if _NAME.match(name):
                (self._folder / name).unlink(missing_ok=True)

    def sweep(self, known: Collection[str], now: float | None = None) -> int:
        """Delete what a crash left between file and row: old files that are not `known`. How many there were."""
        if not self._folder.is_dir():
            return 0
        before = (time.time() if now is None else now) - STRAY_SECONDS
        strays = [
            file
            for file in self._folder.iterdir()
            if _MADE.match(file.name) and file.name not in known and file.stat().st_mtime < before
        ]
        for file in strays:
            file.unlink(missing_ok=True)
        return len(strays)

    def _write(self, name: str, sealed: bytes) -> str:
        """Whole or not at all, also if the power fails."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        part = self._folder / f"{secrets.token_hex(16)}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self._folder / name)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name
