"""The deployment's secret key: from the environment, else made once and kept in a private file."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from pathlib import Path

from bot.gateway.settings import Settings

logger = logging.getLogger(__name__)

BYTES = 32


def secret_key(settings: Settings) -> bytes:
    """SECRET_KEY if it is set, else the key in SECRET_FILE, which is made the first time. Raises OSError."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    file = Path(settings.secret_file)
    if not file.exists():
        _make(file)
        logger.warning("a secret key was made and kept in a file: set SECRET_KEY before this faces the internet")
    return file.read_bytes()


def derived(key: bytes, purpose: str) -> str:
    """A secret for one purpose, that tells nothing of the key."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()


def _make(file: Path) -> None:
    """Written whole before it has its name; of two processes that start together one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(secrets.token_hex(BYTES).encode())
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
