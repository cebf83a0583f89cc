"""Links that let somebody set a password of their own: nobody else ever knows it."""

from __future__ import annotations

import uuid
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from bot.desk.headers import PREFIX
from bot.desk.tokens import keyed, same
from bot.records import staff as records
from bot.records.models import Staff

GOOD_FOR = timedelta(hours=48)


def password_link(public_url: str, key: bytes, staff: Staff) -> str:
    """The address at which `staff` sets a password, once, within two days."""
    token = _serializer(key).dumps([staff.id.hex, _mark(key, staff)])
    return f"{public_url.rstrip('/')}{PREFIX}/set-password/{token}"


def whose(session: Session, key: bytes, token: str, lock: bool = False) -> Staff | None:
    """Who may set a password with it; None if it is forged, too old, was used, or they may no longer sign in."""
    try:
        identity, mark = _serializer(key).loads(token, max_age=int(GOOD_FOR.total_seconds()))
        staff_id = uuid.UUID(hex=identity)
    except (BadData, ValueError, TypeError, AttributeError):
        return None
    staff = records.locked(session, staff_id) if lock else records.get(session, staff_id)
    return staff if staff is not None and staff.active and same(mark, _mark(key, staff)) else None


def _mark(key: bytes, staff: Staff) -> str:
    """Another one as soon as a password is set: so a link works once."""
    return keyed(key, "password link", f"{staff.id.hex}:{staff.password_hash}")[:32]


def _serializer(key: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="desk set password")
