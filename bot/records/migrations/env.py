"""Alembic's entry: on the connection it is given, else on DATABASE_URL, opened with ENCRYPTION_KEY."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import Connection

from bot.records.database import Database
from bot.records.models import Base
from bot.records.sealing import Sealer


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        user_module_prefix="models.",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    sealer = Sealer(os.environ["ENCRYPTION_KEY"].split(","))
    with Database(os.environ["DATABASE_URL"], sealer).engine.begin() as opened:
        _run(opened)
