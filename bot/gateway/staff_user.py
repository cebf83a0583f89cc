"""`python -m bot.gateway.staff_user`: an account for the desk, what `make staff-user` runs.

Makes it, or lets somebody in again who has one: unlocked, turned on, with a new password. Works on the records whether
the assistant runs or not.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timezone
from typing import get_args

from bot.content import ContentError
from bot.desk import links, second_factor
from bot.desk.names import usable
from bot.desk.passwords import SHORTEST, Passwords, weakness
from bot.gateway.secret import sealer, secret_key
from bot.gateway.settings import Settings
from bot.records import audit
from bot.records import staff as records
from bot.records.database import Database
from bot.records.models import Role, Staff
from bot.records.sealing import SealError

WEAK = {
    "short": f"A password has at least {SHORTEST} characters.",
    "long": "That is too long.",
    "name": "That is little more than the name.",
    "monotonous": "That repeats too few characters.",
}


def main(arguments: Sequence[str] | None = None, ask: Callable[[str], str] | None = None) -> str:
    """What was done. `ask` reads a line without showing it; None if nobody can type. Raises SystemExit, SealError."""
    parser = argparse.ArgumentParser(prog="make staff-user")
    parser.add_argument("name", help="to sign in with; NAME= of make")
    parser.add_argument("--role", choices=get_args(Role), help="needed for a new account; ROLE= of make")
    parser.add_argument("--second-step", choices=["off"], help="for a lost telephone")
    parser.add_argument("--link", action="store_true", help="a link to set the password instead of asking for it")
    given = parser.parse_args(arguments)
    name, settings = records.normal(given.name), Settings()
    if not usable(name):
        parser.error(
            "NAME has two to 64 letters, digits, dots, hyphens or blanks, and is not a word of the audit's own"
        )
    with closing(Database(settings.database_url, sealer(settings))) as database:
        database.migrate()
        with database.read() as session:
            known = records.by_name(session, name)
        if known is None and given.role is None:
            parser.error(f"there is no {name} yet: give a role, ROLE={'|'.join(get_args(Role))}")
        hashed = None if given.link or ask is None else _password(ask, name, known)
        staff = _keep(database, " ".join(given.name.split()), given.role, hashed, given.second_step == "off")
    done = f"{staff.name} ({staff.role}) {'may sign in' if known is None else 'may sign in again'}"
    if hashed:
        return f"{done} at {settings.public_url.rstrip('/')}/desk"
    link = links.password_link(settings.public_url, secret_key(settings), staff)
    return f"{done} after setting a password here, once, within two days:\n{link}"


def _password(ask: Callable[[str], str], name: str, known: Staff | None) -> str | None:
    """The hash of what is typed twice; None for a link instead."""
    while first := ask("Password (nothing for a link to set it): "):
        names = (name, known.display_name) if known else (name,)
        if problem := weakness(first, names):
            sys.stderr.write(f"{WEAK[problem]}\n")
        elif ask("Again: ") != first:
            sys.stderr.write("That was not the same.\n")
        else:
            return Passwords().hashed(first)
    return None


def _keep(database: Database, name: str, role: Role | None, hashed: str | None, no_second_step: bool) -> Staff:
    now = datetime.now(timezone.utc)
    with database.write() as session:
        staff = records.by_name(session, name, lock=True)
        action = "staff_let_in" if staff else "staff_added"
        if staff is None:
            assert role is not None
            staff = records.add(session, name, name, role, now)
        staff.role, staff.active = role or staff.role, True
        staff.password_hash = hashed or staff.password_hash
        records.forget_failures(staff)
        if no_second_step:
            second_factor.forget(staff)
        records.end_sessions(session, staff.id)
        data = {"staff": staff.name, "role": staff.role, "second_step": "off" if no_second_step else "as it was"}
        audit.add(session, audit.SYSTEM, action, now, data=data)
    return staff


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{main(ask=getpass.getpass if sys.stdin.isatty() else None)}\n")
    except (ContentError, SealError) as error:
        sys.exit(str(error))
