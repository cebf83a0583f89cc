"""What the provider posts to us: its signature checked over the raw body, then read into one of two shapes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

MAX_FIELDS = 200
PHOTOS = 10
"""The most pictures one message can carry."""

Form = ImmutableMultiDict[str, str]


class Unreadable(Exception):
    """A signed request without what every one of its kind has; the message names the field, never its value."""


@dataclass(frozen=True)
class Incoming:
    """A patient's text message. `sender` is their number as the provider wrote it; `media` are addresses."""

    sid: str
    sender: str
    text: str
    media: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What became of one of our texts: `status` and `code` in the provider's words."""

    message_id: uuid.UUID
    sid: str
    status: str
    code: str | None


class Signature:
    """Checks that a request to `public_url` comes from who holds `token`."""

    def __init__(self, token: str, public_url: str) -> None:
        self._validator, self._base = RequestValidator(token), public_url.rstrip("/")

    def form(self, path: str, query: str, body: bytes, signature: str | None) -> Form | None:
        """The fields of the body, blank ones too. None if the signature is missing or wrong.

        The address is the public one: what reaches us through a proxy names another scheme, host or port.
        """
        if not signature:
            return None
        try:
            fields = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
        except ValueError:
            return None
        form = ImmutableMultiDict(fields)
        url = f"{self._base}{path}{'?' if query else ''}{query}"
        return form if self._validator.validate(url, form, signature) else None


def incoming(form: Form) -> Incoming:
    """A message webhook. Raises Unreadable."""
    count = form.get("NumMedia", "0")
    media = [form.get(f"MediaUrl{n}", "") for n in range(min(int(count), PHOTOS) if count.isdecimal() else 0)]
    return Incoming(
        sid=_needed(form, "MessageSid"),
        sender=_needed(form, "From"),
        text=form.get("Body", ""),
        media=tuple(url for url in media if url),
    )


def report(form: Form, query: str) -> Report:
    """A status webhook; the address names our message. Raises Unreadable."""
    try:
        message_id = uuid.UUID(parse_qs(query).get("message", [""])[0])
    except ValueError:
        raise Unreadable("message") from None
    status = _needed(form, "MessageStatus")
    return Report(message_id, _needed(form, "MessageSid"), status, form.get("ErrorCode") or None)


def _needed(form: Form, field: str) -> str:
    value = form.get(field, "")
    if not value or len(value) > 64:
        raise Unreadable(field)
    return value
