"""Proving who one is: every try is counted before it is checked, so that many at once gain nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from bot.desk.attempts import LOCKED, pause
from bot.desk.desk import Desk
from bot.desk.tokens import keyed
from bot.records import audit, strangers
from bot.records import staff as records
from bot.records.models import Staff


@dataclass(frozen=True)
class Refused:
    """Why somebody is not let in, in one word; `until` when they may try again, if they must wait."""

    why: Literal["wrong", "locked", "address"]
    until: datetime | None = None


def enter(desk: Desk, name: str, password: str, address: str) -> Staff | Refused:
    """The first step of signing in: name and password. What a second factor is for is still to come."""
    if not desk.attempts.may_try(address):
        return Refused("address")
    with desk.database.read() as session:
        staff = records.by_name(session, name)
    refused: Refused | None
    if staff is None or not staff.active:
        refused = _stranger(desk, name, password, address)
    else:
        refused = prove(desk, staff.id, password, address, whole=staff.totp_secret is None)
    if refused is None:
        assert staff is not None
        return staff
    if refused.why == "wrong":
        desk.attempts.failed(address)
    return refused


def prove(desk: Desk, staff_id: uuid.UUID, password: str, address: str, whole: bool = True) -> Refused | None:
    """Whether it is their password: None if it is. `whole` when nothing else is needed: former failures are forgotten.

    Also for somebody who is signed in and changes what protects the account: an open browser is not the person.
    """
    staff = reserve(desk, staff_id)
    if isinstance(staff, Refused):
        return staff
    right = desk.passwords.fits(password, staff.password_hash)
    fresh = desk.passwords.hashed(password) if right and desk.passwords.outdated(staff.password_hash) else None
    with desk.database.write() as session:
        row = records.locked(session, staff_id)
        if row is None or row.password_hash != staff.password_hash:  # changed meanwhile, perhaps to shut this one out
            return Refused("wrong")
        settle(session, row, right, whole, desk.now(), {"step": "password", "address": address})
        if fresh:
            row.password_hash = fresh
    return None if right else Refused("wrong")


def reserve(desk: Desk, staff_id: uuid.UUID) -> Staff | Refused:
    """Count a try as failed until it is settled. The account as it is, or why it must wait."""
    now = desk.now()
    with desk.database.write() as session:
        staff = records.locked(session, staff_id)
        if staff is None or not staff.active:
            return Refused("wrong")
        if staff.locked_until is not None and staff.locked_until > now:
            return Refused("locked", staff.locked_until)
        staff.failures += 1
        wait = pause(staff.failures)
        staff.locked_until = now + wait if wait else None
    return staff


def settle(session: Session, staff: Staff, right: bool, whole: bool, now: datetime, data: Mapping[str, Any]) -> None:
    """What became of a reserved try."""
    if not right:
        action = "account_locked" if staff.failures >= LOCKED else "sign_in_failed"
        audit.add(session, staff.name, action, now, data={**data, "failures": staff.failures})
    elif whole:
        records.forget_failures(staff)
    else:  # only this try is taken back: those at the second step still count
        staff.failures, staff.locked_until = max(0, staff.failures - 1), None


def _stranger(desk: Desk, name: str, password: str, address: str) -> Refused:
    """A name nobody has behaves like one that somebody has. Only a hash is kept: it may be a password."""
    now = desk.now()
    digest = keyed(desk.key, "stranger", records.normal(name))
    with desk.database.write() as session:
        until = strangers.failed(session, digest, now, pause)
    if until is not None:
        return Refused("locked", until)
    desk.passwords.fits(password, None)
    with desk.database.write() as session:
        audit.add(session, audit.SYSTEM, "sign_in_failed", now, data={"step": "name", "address": address})
    return Refused("wrong")
