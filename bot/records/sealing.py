"""Encryption at rest: what may say something of a patient is sealed before it leaves Python, and opened after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic_core import from_json, to_json
from sqlalchemy import Dialect, Text, TypeDecorator

WRONG_KEY = (
    "The records are sealed with another key than the one given. Put the right ENCRYPTION_KEY back"
    " (or the file that held it, var/encryption.key if none was set). Nothing was changed."
)


class SealError(Exception):
    """A key cannot be used, or does not open what it should. The message is for whoever runs this."""


class Sealer:
    """AES-128-CBC with HMAC-SHA-256 (Fernet). The first key seals, every key opens: so keys can be changed."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` are 32 bytes each in URL-safe base64. Raises SealError if there is none, or one is no such key."""
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys])
        except ValueError:
            raise SealError("ENCRYPTION_KEY holds something that is no key: make one with `make key`.") from None

    def seal(self, data: bytes) -> bytes:
        """ASCII, a third longer than `data`, another at each call."""
        return self._fernet.encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises SealError, also for what somebody changed."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise SealError(WRONG_KEY) from None

    def renew(self, sealed: bytes) -> bytes:
        """The same, sealed with the first key. Raises SealError."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise SealError(WRONG_KEY) from None


def new_key() -> str:
    """A random key."""
    return Fernet.generate_key().decode("ascii")


class _Keyed(Protocol):
    sealer: Sealer


def sealer_of(dialect: Any) -> Sealer:
    """The sealer of an engine, which Database puts on its dialect: two databases of a process may have two keys."""
    keyed: _Keyed = dialect
    return keyed.sealer


class Sealed(TypeDecorator[str]):
    """A text column that holds only sealed text; NULL stays NULL. The database cannot compare or search it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        return None if value is None else sealer_of(dialect).seal(value.encode()).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open. Raises SealError."""
        return None if value is None else sealer_of(dialect).open(value.encode("ascii")).decode()


class SealedJson(TypeDecorator[Any]):
    """The same for what `json.dumps` can write."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write and seal."""
        if value is None:
            return None
        return sealer_of(dialect).seal(to_json(value)).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Open and read. Raises SealError."""
        return None if value is None else from_json(sealer_of(dialect).open(value.encode("ascii")))
