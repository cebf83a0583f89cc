"""The second step: a code that changes every half minute, or one of ten that were written down."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import TYPE_CHECKING

import pyotp
import segno
from markupsafe import Markup

from bot.desk import door
from bot.desk.tokens import keyed, same
from bot.records import audit
from bot.records import staff as records

if TYPE_CHECKING:
    from bot.desk.desk import Desk
    from bot.records.models import Staff

STEP_SECONDS = 30
SLACK = 1
"""Steps that a telephone's clock may be off, either way."""
CODES = 10
"""Recovery codes of one person."""
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that look like another."""


def new_secret() -> str:
    """What the telephone and we share, in base 32."""
    return pyotp.random_base32()


def address(secret: str, name: str, clinic: str) -> str:
    """The otpauth address that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=clinic)


def picture(address: str) -> Markup:
    """It as a QR code: an SVG to stand in the page."""
    svg = segno.make_qr(address, error="m").svg_inline(scale=4, border=2, omitsize=True, svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704  made of squares only


def step_of(secret: str, code: str, now: datetime, after: int | None) -> int | None:
    """The half minute since 1970 that a code belongs to; None if it is wrong, or not `after` the last one used."""
    totp, current = pyotp.TOTP(secret, interval=STEP_SECONDS), int(now.timestamp()) // STEP_SECONDS
    digits = "".join(code.split())
    fitting = [step for step in range(current - SLACK, current + SLACK + 1) if same(totp.generate_otp(step), digits)]
    return next((step for step in fitting if after is None or step > after), None)


def new_codes() -> list[str]:
    """Ten recovery codes, 49 bits each, to be shown once."""
    return ["-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(CODES)]


def kept(key: bytes, codes: list[str]) -> list[str]:
    """What is stored of them."""
    return [_hashed(key, code) for code in codes]


def prove(desk: Desk, staff_id: uuid.UUID, code: str, address: str) -> door.Refused | None:
    """Whether it is a code of theirs: None if it is, and it is used up."""
    staff = door.reserve(desk, staff_id)
    if isinstance(staff, door.Refused):
        return staff
    now = desk.now()
    with desk.database.write() as session:
        row = records.locked(session, staff_id)
        if row is None:
            return door.Refused("wrong")
        used = _used(desk.key, row, code, now)
        door.settle(session, row, used is not None, True, now, {"step": "second", "address": address})
        if used == "recovery":
            audit.add(session, row.name, "recovery_code_used", now, data={"left": len(row.recovery_codes)})
    return door.Refused("wrong") if used is None else None


def forget(staff: Staff) -> None:
    """No second step any more."""
    staff.totp_secret, staff.totp_step, staff.recovery_codes = None, None, []


def _used(key: bytes, staff: Staff, code: str, now: datetime) -> str | None:
    """Use up a code; which kind it was."""
    if staff.totp_secret is None:
        return None
    step = step_of(staff.totp_secret, code, now, staff.totp_step)
    if step is not None:
        staff.totp_step = step
        return "totp"
    hashed = _hashed(key, code)
    if not any(same(hashed, each) for each in staff.recovery_codes):
        return None
    staff.recovery_codes = [each for each in staff.recovery_codes if not same(hashed, each)]
    return "recovery"


def _hashed(key: bytes, code: str) -> str:
    return keyed(key, "recovery code", "".join(code.upper().replace("-", " ").split()))
