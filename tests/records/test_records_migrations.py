"""Migrations give the tables of the models, keep what was there, seal it, and may be run by many at once."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
import uuid
from datetime import datetime, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, select, text
from sqlalchemy.exc import IntegrityError

from bot.records import conversations
from bot.records.database import MIGRATIONS, Database
from bot.records.database import _unguarded as unguarded
from bot.records.models import Audit, Base, Case, Contact, Conversation, Message, Photo
from bot.records.sealing import Sealer, new_key

A, B, C = (uuid.UUID(letter * 32) for letter in "abc")
DAY = "2026-01-01 00:00:00"
WORDS = "my secret words"
RULES = [{"rule": "R7", "level": "day", "evidence": [WORDS]}]


def migrate_to(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection, unguarded(connection), connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def insert(database: Database, table: str, **values: object) -> None:
    """A row as the tables are at that moment, whatever the models say."""
    if database.engine.dialect.name == "sqlite":
        values = {key: value.hex if isinstance(value, uuid.UUID) else value for key, value in values.items()}
    marks = ", ".join(f":{name}" for name in values)
    with database.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"), values)


def fill(database: Database) -> None:
    """What the first form of the tables could hold, in plain words."""
    insert(
        database, "conversations", id=A, token_hash="x", channel="sms", language="en",
        history=json.dumps({"said": [WORDS]}), version=0, last_seq=1, taken_over=False, created_at=DAY, updated_at=DAY,
    )  # fmt: skip
    insert(
        database, "messages", id=B, conversation_id=A, seq=1, direction="patient", text=WORDS, buttons="[]",
        received_at=DAY, attempts=0, understanding=json.dumps([{"text": WORDS}]),
    )  # fmt: skip
    insert(
        database, "cases", id=C, conversation_id=A, message_id=B, level="day", rules=json.dumps(RULES), state="closed",
        opened_at=DAY, due_at=DAY,
    )  # fmt: skip
    insert(database, "case_events", case_id=C, at=DAY, actor="assistant", kind="opened", data="{}")


def test_migrations_and_models_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_what_was_stored_in_the_first_form_is_all_there_and_sealed(empty: tuple[str, str]) -> None:
    url, key = empty
    database = Database(url, Sealer([key]))
    migrate_to(database, "0001")
    fill(database)
    migrate_to(database, "0002")
    insert(database, "contacts", conversation_id=A, address_hash="h", address="+15550100777")
    insert(
        database, "photos", id=B, conversation_id=A, message_id=B, state="wanted", attempts=0, next_at=DAY,
        created_at=DAY, source_url=f"https://example.test/{WORDS}",
    )  # fmt: skip
    database.migrate()
    with database.read() as session:
        conversation, message = session.scalars(select(Conversation)).one(), session.scalars(select(Message)).one()
        case, (line,) = session.scalars(select(Case)).one(), session.scalars(select(Audit)).all()
        assert (conversation.history, conversation.seen_seq) == ({"said": [WORDS]}, 0)
        assert (message.text, message.buttons, message.understanding) == (WORDS, [], [{"text": WORDS}])
        assert message.assessment is None
        assert (case.state, case.rules, case.version, case.follow_up_state) == ("resolved", RULES, 0, "none")
        assert (line.action, line.case_id, line.conversation_id) == ("opened", C, A)
        assert session.scalars(select(Contact.address)).one() == "+15550100777"
        assert session.scalars(select(Photo.source_url)).one() == f"https://example.test/{WORDS}"
    with pytest.raises(IntegrityError), database.write() as session:
        session.scalars(select(Case)).one().level = "never"  # type: ignore[assignment]
    assert not readable(database, WORDS)
    assert not readable(database, "5550100777")
    database.close()


def readable(database: Database, words: str) -> list[str]:
    """Where the database itself, without the key, says these words."""
    found = []
    with database.engine.connect() as connection:
        raw = MetaData()
        raw.reflect(connection)
        for table in raw.sorted_tables:
            found += [table.name for row in connection.execute(select(table)) if words in str(row)]
    if database.engine.dialect.name == "sqlite":
        folder = Path(str(database.engine.url.database)).parent
        found += [file.name for file in folder.iterdir() if words.encode() in file.read_bytes()]
    return found


def test_several_processes_may_migrate_at_once(empty: tuple[str, str]) -> None:
    url, key = empty
    code = (
        "from bot.records.database import Database; from bot.records.sealing import Sealer;"
        f" d = Database({url!r}, Sealer([{key!r}])); d.migrate(); d.ready(); d.prove()"
    )
    many = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait(180) for process in many] == [0, 0, 0]


@pytest.fixture
def on_disk(tmp_path: Path) -> Path:
    """The folder of an SQLite database with a conversation."""
    database = Database(f"sqlite:///{tmp_path}/var/records.sqlite3", Sealer([new_key()]))
    database.migrate()
    with database.write() as session:
        conversations.create(session, "secret-token", "web", "en", datetime.now(timezone.utc))
    database.close()
    return tmp_path / "var"


def test_the_file_is_private_and_in_wal_mode(on_disk: Path) -> None:
    file = on_disk / "records.sqlite3"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sqlite3.connect(file).execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_token_is_not_in_the_file(on_disk: Path) -> None:
    kept = b"".join(file.read_bytes() for file in on_disk.iterdir())
    assert conversations.token_hash("secret-token").encode() in kept
    assert b"secret-token" not in kept
