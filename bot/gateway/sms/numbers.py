"""Telephone numbers: one form for each, and the keyed hash by which a conversation is found."""

from __future__ import annotations

import hashlib
import hmac

import phonenumbers


def normalised(raw: str, country: str) -> str | None:
    """A number as E.164, `country` (ISO 3166, two letters) filled in where it has none. None if it is no number."""
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def number_hash(number: str, key: bytes) -> str:
    """What a conversation is found by: without the deployment's key nobody can try all numbers against it."""
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()
