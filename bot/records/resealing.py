"""Changing the key: everything that is sealed is sealed anew with the first key."""

from __future__ import annotations

from sqlalchemy import Table, Text, column, select, table, update

from bot.records.database import Database
from bot.records.models import Base, Seal
from bot.records.sealing import Sealed, SealedJson, sealer_of

ROWS = 200
"""In one transaction: patients' messages are stored between two."""


def reseal(database: Database) -> int:
    """Seal all rows anew, while others read and write. Gives how many. Safe to repeat; raises SealError."""
    last = Base.metadata.tables[Seal.__tablename__]  # it proves a key only once all else is sealed with it
    tables = [each for each in Base.metadata.sorted_tables if each is not last]
    return sum(_reseal(database, each) for each in [*tables, last])


def _reseal(database: Database, of: Table) -> int:
    names = [each.name for each in of.columns if isinstance(each.type, Sealed | SealedJson)]
    if not names:
        return 0
    (key,) = of.primary_key.columns
    raw = table(of.name, column(key.name, key.type), *(column(name, Text()) for name in names))
    sealer = sealer_of(database.engine.dialect)
    with database.read() as session:
        ids = list(session.scalars(select(raw.c[key.name])))
    for start in range(0, len(ids), ROWS):
        with database.write() as session:
            some = select(raw).where(raw.c[key.name].in_(ids[start : start + ROWS]))
            for row in session.execute(some.with_for_update()).mappings().all():
                sealed = {name: sealer.renew(row[name].encode()).decode() for name in names if row[name] is not None}
                if sealed:
                    session.execute(update(raw).where(raw.c[key.name] == row[key.name]).values(sealed))
    return len(ids)
