"""The deployment's keys: from the environment, else made once and kept in private files."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.gateway.settings import Settings
from bot.records.database import Database
from bot.records.sealing import Sealer, new_key

logger = logging.getLogger(__name__)

BYTES = 32


def secret_key(settings: Settings) -> bytes:
    """SECRET_KEY if it is set, else the key in SECRET_FILE, which is made the first time. Raises OSError."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    warning = "a secret key was made and kept in a file: set SECRET_KEY before this faces the internet"
    return _kept(Path(settings.secret_file), lambda: secrets.token_hex(BYTES), warning)


def sealer(settings: Settings) -> Sealer:
    """Seals with the first key of ENCRYPTION_KEY; without it with that of ENCRYPTION_FILE, made the first time.

    Raises SealError for what is no key, OSError.
    """
    if settings.encryption_key is not None:
        return Sealer(settings.encryption_key.get_secret_value().split(","))
    warning = (
        "an encryption key was made and kept in a file: without it the records cannot be read, and whoever copies both"
        " can read them. Keep a copy elsewhere, and set ENCRYPTION_KEY before this faces real patients"
    )
    return Sealer([_kept(Path(settings.encryption_file), new_key, warning).decode()])


def prove(settings: Settings) -> None:
    """Raise SealError unless the records can be opened: at once, before anything that takes long."""
    with closing(Database(settings.database_url, sealer(settings))) as database:
        database.prove()


def derived(key: bytes, purpose: str) -> str:
    """A secret for one purpose, that tells nothing of the key."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()


def _kept(file: Path, make: Callable[[], str], warning: str) -> bytes:
    if not file.exists():
        _write(file, make())
        logger.warning(warning)
    return file.read_bytes()


def _write(file: Path, key: str) -> None:
    """Written whole before it has its name; of two processes that start together one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(key.encode())
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
