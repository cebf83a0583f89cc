"""A PostgreSQL server of our own, in a temporary folder on a free loopback port: for tests against the real thing."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.exc import OperationalError

from bot.evaluation.processes import free_port
from bot.records.database import Database
from bot.records.sealing import Sealer, new_key

OWNER = "postgres"
"""The system's user of Debian's packages: the server refuses to run as root."""


class Cluster:
    """Begin with `start`, end with `stop`. All databases are sealed with `key`."""

    def __init__(self, programs: Path) -> None:
        self._programs, self.key = programs, new_key()
        self._names = (f"test_{number}" for number in itertools.count())
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._port = free_port()

    def start(self) -> None:
        """Make and start the server, and a database with our tables from which the others are copied."""
        if os.geteuid() == 0:
            shutil.chown(self._folder, OWNER)
        made = self._program(
            "initdb", "--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--locale=C", "--no-sync"
        )
        assert made.wait(180) == 0, self._said()
        options = f"listen_addresses=127.0.0.1 port={self._port} unix_socket_directories= fsync=off".split()
        self._server = self._program("postgres", *(part for option in options for part in ("-c", option)))
        try:
            self._until_ready()
            self._ask("CREATE DATABASE template")
            template = Database(self._url("template"), Sealer([self.key]))
            template.migrate()
            template.close()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server and delete its folder."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(180)
        shutil.rmtree(self._folder)

    def empty(self) -> str:
        """The URL of a new database without tables."""
        name = next(self._names)
        self._ask(f"CREATE DATABASE {name}")
        return self._url(name)

    def migrated(self) -> str:
        """The URL of a new database with our tables."""
        name = next(self._names)
        self._ask(f"CREATE DATABASE {name} TEMPLATE template")
        return self._url(name)

    def _url(self, name: str) -> str:
        url = URL.create("postgresql+psycopg", OWNER, host="127.0.0.1", port=self._port, database=name)
        return url.render_as_string(hide_password=False)

    def _ask(self, statement: str) -> None:
        engine = create_engine(self._url(OWNER), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def _until_ready(self) -> None:
        end = time.monotonic() + 180
        while True:
            try:
                return self._ask("SELECT 1")
            except OperationalError:
                assert self._server.poll() is None, self._said()
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def _program(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        # it ends with this process, however that ends
        command = ["setpriv", "--pdeathsig", "QUIT"]
        if os.geteuid() == 0:
            command += ["--reuid", OWNER, "--regid", OWNER, "--init-groups"]
        command += [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        with (self._folder / "log").open("a") as log:
            return subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=subprocess.STDOUT)

    def _said(self) -> str:
        return (self._folder / "log").read_text()


def settings_of(request: pytest.FixtureRequest) -> dict[str, object]:
    """Of a fixture whose parameter is `sqlite` or `postgresql`: settings of a new database, none for the usual file."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return {}
    cluster: Cluster = request.getfixturevalue("postgres")
    return {"database_url": cluster.migrated(), "encryption_key": cluster.key}


def programs() -> Path | None:
    """Where the newest server of this machine is, as Debian installs it. None if there is none."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda path: int(path.parent.name), default=None)
