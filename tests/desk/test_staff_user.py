"""`make staff-user`: the first admin, and everybody who is locked out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from desk_browser import PASSWORD
from gateway_fakes import CLINIC

from bot.desk.passwords import Passwords
from bot.gateway import staff_user
from bot.gateway.secret import sealer, secret_key
from bot.gateway.settings import Settings
from bot.records import staff
from bot.records.database import Database
from bot.records.models import Staff


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    values = {"DATABASE_URL": f"sqlite:///{tmp_path}/records.sqlite3", "CLINIC_FILE": str(CLINIC)}
    files = {"SECRET_FILE": tmp_path / "secret.key", "ENCRYPTION_FILE": tmp_path / "encryption.key"}
    for name, value in {**values, **files, "PUBLIC_URL": "https://clinic.example/"}.items():
        monkeypatch.setenv(name, str(value))
    database = Database(values["DATABASE_URL"], sealer(Settings()))
    yield database
    database.close()


def _found(database: Database, name: str) -> Staff | None:
    with database.read() as session:
        return staff.by_name(session, name)


def _typing(*lines: str) -> Callable[[str], str]:
    left = list(lines)
    return lambda _: left.pop(0)


def test_the_first_admin(database: Database) -> None:
    said = staff_user.main(["Anna", "--role", "admin"], _typing("short", PASSWORD, "other", PASSWORD, PASSWORD))
    assert said == "anna (admin) may sign in at https://clinic.example/desk"
    anna = _found(database, "anna")
    assert anna is not None
    assert (anna.role, anna.display_name) == ("admin", "Anna")
    assert Passwords().fits(PASSWORD, anna.password_hash)
    assert PASSWORD not in said


@pytest.mark.parametrize(("arguments", "ask"), [([], None), (["--link"], _typing()), ([], _typing(""))])
def test_a_link_instead(database: Database, arguments: list[str], ask: Callable[[str], str] | None) -> None:
    from bot.desk import links

    said = staff_user.main(["anna", "--role", "admin", *arguments], ask)
    address = said.splitlines()[1]
    assert address.startswith("https://clinic.example/desk/set-password/")
    with database.read() as session:
        found = links.whose(session, secret_key(Settings()), address.rpartition("/")[2])
    assert found is not None
    assert (found.name, found.password_hash) == ("anna", "")


@pytest.mark.parametrize("arguments", [["x", "--role", "admin"], ["system", "--role", "admin"], ["anna"], [""]])
def test_what_it_refuses(database: Database, arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        staff_user.main(arguments)
    database.migrate()
    assert _found(database, "anna") is None


def test_somebody_is_let_in_again(database: Database) -> None:
    staff_user.main(["anna", "--role", "admin"], _typing(PASSWORD, PASSWORD))
    now = datetime.now(timezone.utc)
    with database.write() as session:
        anna = staff.by_name(session, "anna")
        assert anna is not None
        anna.failures, anna.locked_until, anna.active = 10, now + timedelta(hours=1), False
        anna.totp_secret, anna.recovery_codes = "SECRET", ["code"]
        staff.begin_session(session, anna.id, "digest", "csrf", True, now, now + timedelta(hours=1))
    before = anna.password_hash
    assert staff_user.main(["anna", "--second-step", "off"]).startswith("anna (admin) may sign in again after setting")
    again = _found(database, "anna")
    assert again is not None
    assert (again.failures, again.locked_until, again.active, again.totp_secret) == (0, None, True, None)
    assert again.password_hash == before, "the old password holds until the link is used"
    with database.read() as session:
        assert staff.sessions_of(session, anna.id, now, timedelta(hours=1)) == []
