"""All that is known of one patient: found, given out as one file. Deleting it is `conversations.erase`."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from bot.records import texts
from bot.records.models import Base, Conversation

HIDDEN = {"token_hash", "address_hash"}
"""What proves something to this server and says nothing to a reader."""
ORDER = ("seq", "at", "created_at", "opened_at")
SHORTEST = 8
"""Digits of a conversation's id that may stand for it."""


def find(session: Session, patient: str, hashed: Callable[[str], str | None]) -> Sequence[uuid.UUID]:
    """The conversations somebody means by a telephone number, a conversation's id, or the first eight digits of one.

    `hashed` gives the keyed hash of what may be a number, None for what is none.
    """
    number = hashed(patient)
    found = texts.conversation_of(session, number) if number else None
    if found is not None:
        return [found.id]
    digits = patient.strip().lower().replace("-", "")
    if len(digits) < SHORTEST:
        return []
    return [each for each in session.scalars(select(Conversation.id)) if each.hex.startswith(digits)]


def gather(session: Session, conversation_id: uuid.UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that belongs to a conversation, as JSON can write it. Empty if there is none."""
    if session.get(Conversation, conversation_id) is None:
        return {}
    found = {}
    for table in Base.metadata.sorted_tables:
        link = table.c.get("id" if table.name == Conversation.__tablename__ else "conversation_id")
        if link is not None:
            found[table.name] = _rows(session, table, link == conversation_id)
    return found


def export(session: Session, conversation_id: uuid.UUID, photo: Callable[[str], bytes]) -> bytes:
    """A zip file: `records.json` with everything, `talk.txt` to read, and the photos as JPEG. Empty if there is none.

    `photo` opens a stored photo by its file name; one that is missing (OSError) is left out.
    """
    records = gather(session, conversation_id)
    if not records:
        return b""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("records.json", json.dumps(records, ensure_ascii=False, indent=2))
        archive.writestr("talk.txt", "\n\n".join(map(_line, records["messages"])) + "\n")
        for row in records["photos"]:
            if row["file"]:
                try:
                    archive.writestr(f"photos/{row['id']}.jpg", photo(row["file"]))
                except OSError:
                    continue
    return out.getvalue()


def _rows(session: Session, table: Table, belongs: ColumnElement[bool]) -> list[dict[str, Any]]:
    shown = [column for column in table.columns if column.name not in HIDDEN]
    order = [table.c[name] for name in ORDER if name in table.c]
    query = select(*shown).where(belongs).order_by(*order)
    return [{key: _plain(value) for key, value in row.items()} for row in session.execute(query).mappings()]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _line(message: dict[str, Any]) -> str:
    who = f"{message['direction']} ({message['author']})" if message["author"] else message["direction"]
    return f"{message['received_at']}  {who}:\n{message['text']}"
