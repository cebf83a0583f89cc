"""The link in an alert: a signature over the notification's id, so that a forged one is told without the database."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

PATH = "/desk/ack"
LASTS = timedelta(hours=24)
"""From when it was sent."""


class Links:
    """`key` is the deployment's secret key. A notification has the same link at each try."""

    def __init__(self, key: bytes, public_url: str) -> None:
        self._signer = Signer(key, salt="alert link", key_derivation="hmac", digest_method=hashlib.sha256)
        self._base = f"{public_url.rstrip('/')}{PATH}/"

    def link(self, notification_id: uuid.UUID) -> str:
        """The whole address."""
        return self._base + self._signer.sign(base64_encode(notification_id.bytes)).decode()

    def read(self, token: str) -> uuid.UUID | None:
        """The notification of a token. None for one that we did not sign."""
        try:
            return uuid.UUID(bytes=base64_decode(self._signer.unsign(token.encode("utf-8", "replace"))))
        except (BadSignature, ValueError):
            return None
