"""Secrets that nobody can guess, and what is derived from the deployment's key."""

from __future__ import annotations

import hashlib
import hmac
import secrets

BYTES = 32


def new_token() -> str:
    """One that nobody can guess, safe in a cookie and an address."""
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """What is stored of it: who reads the database cannot sign in with it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def keyed(key: bytes, purpose: str, value: str) -> str:
    """A hash of `value` that only this deployment can compute, another for each purpose."""
    return hmac.new(key, f"{purpose}:{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Whether they are equal, in a time that tells nothing."""
    return hmac.compare_digest(left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass"))
