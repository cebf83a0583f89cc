"""One database: opening it, its migrations, and short transactions that read or write."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.orm import Session

from bot.records.models import Seal
from bot.records.sealing import Sealer
from bot.records.turn import Turn

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10
MIGRATING = 742_001
"""What processes that start together wait for, by agreement."""


class Database:
    """A SQLAlchemy URL made usable. SQLite runs in WAL mode with full sync: what was committed survives a power cut.

    What is written with `durable=False` survives the end of every process, and a power cut once anything durable was
    committed after it: the log is one.
    """

    def __init__(self, url: str, sealer: Sealer) -> None:
        """Opens lazily; makes the folder of a SQLite file, readable by its owner only.

        Sealed columns are sealed and opened with `sealer`.
        """
        parsed = make_url(url)
        sqlite = parsed.get_backend_name() == "sqlite"
        if sqlite and parsed.database:
            _private_file(Path(parsed.database))
        self.engine: Engine = _engine(parsed, sealer, "FULL")
        # SQLite's way of syncing is the connection's, and cannot change within a transaction
        self._lazy = _engine(parsed, sealer, "NORMAL") if sqlite else self.engine
        self._turn = Turn(Path(parsed.database)) if sqlite and parsed.database else None
        self._reader = self._lazy.execution_options(reads_only=True)

    @contextmanager
    def write(self, durable: bool = True) -> Iterator[Session]:
        """A transaction that may write: committed at the end, rolled back on any exception.

        Not `durable`: nobody waits for the disk. For what would be found undone, and done again, after a power cut.
        """
        engine = self.engine if durable else self._lazy
        with self._turn or nullcontext(), Session(engine, expire_on_commit=False) as session, session.begin():
            if not durable and engine.dialect.name == "postgresql":
                session.execute(text("SET LOCAL synchronous_commit = off"))
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view. Never waits for a writer. Objects stay readable after it."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    def migrate(self) -> None:
        """Bring the tables to the newest form; processes that start together wait for each other.

        Raises SealError, and changes nothing, if the sealer does not open what is there.
        """
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.engine.connect() as connection:
            config.attributes["connection"] = connection
            with _unguarded(connection), connection.begin():
                if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE does the same
                    connection.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": MIGRATING})
                _prove(connection)
                command.upgrade(config, "head")

    def prove(self) -> None:
        """Raise SealError unless the sealer opens what is there. A new database has nothing to open."""
        with self._reader.connect() as connection:
            _prove(connection)

    def ready(self) -> None:
        """Raise sqlalchemy.exc.SQLAlchemyError when the database cannot be asked."""
        with self.read() as session:
            session.execute(text("SELECT 1 FROM conversations LIMIT 1"))

    def close(self) -> None:
        """Give all connections back."""
        self._lazy.dispose()
        self.engine.dispose()
        if self._turn is not None:
            self._turn.close()


def _prove(connection: Connection) -> None:
    if inspect(connection).has_table(Seal.__tablename__):
        connection.scalars(select(Seal.word)).all()


def _engine(url: URL, sealer: Sealer, sync: str) -> Engine:
    """`sync` is for SQLite: FULL waits for the disk at each commit, NORMAL does not."""
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(
        url,
        hide_parameters=True,  # a failing statement must not print a patient's words
        connect_args={"timeout": BUSY_SECONDS} if sqlite else {},
    )
    cast(Any, engine.dialect).sealer = sealer
    if sqlite:
        event.listen(engine, "connect", partial(_on_connect, sync))
        event.listen(engine, "begin", _on_begin)
    return engine


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: were foreign keys on, what refers to it would go."""
    raw = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    if raw is None:
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was plain before must not stay in the log


def _private_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # only a new one: to close a file drops all locks this process has on it, and another would take SQLite's log away
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _on_connect(sync: str, connection: Any, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    _write_ahead(connection)
    for pragma in (f"synchronous={sync}", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Switch to WAL. For this alone SQLite fails at once, instead of waiting, when another does it too."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _on_begin(connection: Connection) -> None:
    # a writer takes its lock at once: reading first and writing later would fail instead of wait
    reads_only = connection.get_execution_options().get("reads_only")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
