"""SQLite's locks belong to the process: what closes the file in any way would drop them, and lose what comes after."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import func, select

from bot.records import audit
from bot.records.database import Database
from bot.records.models import Audit
from bot.records.sealing import Sealer, new_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
OPEN_AND_CLOSE = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM audit'); c.close()"


def test_a_second_database_on_the_same_file_drops_no_locks(tmp_path: Path) -> None:
    file, sealer = tmp_path / "records.sqlite3", Sealer([new_key()])
    first = Database(f"sqlite:///{file}", sealer)
    first.migrate()
    with first.write() as session:
        audit.add(session, audit.SYSTEM, "before", NOW)
    Database(f"sqlite:///{file}", sealer).close()
    log = file.with_name(f"{file.name}-wal")
    was = log.stat().st_ino
    # another process that comes and goes: were it the last with a lock, it would take the log with it
    subprocess.run([sys.executable, "-c", OPEN_AND_CLOSE, str(file)], check=True, timeout=120)
    assert log.stat().st_ino == was
    with first.write() as session:
        audit.add(session, audit.SYSTEM, "after", NOW)
    first.close()
    again = Database(f"sqlite:///{file}", sealer)
    with again.read() as session:
        assert session.scalar(select(func.count()).select_from(Audit)) == 2
    again.close()
