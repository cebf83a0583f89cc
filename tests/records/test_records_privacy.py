"""One patient's data: found, given out whole, deleted whole; and what is kept too long goes by itself."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.records import audit, cases, conversations, privacy, retention
from bot.records.cases import Reason
from bot.records.conversations import Draft
from bot.records.database import Database
from bot.records.models import Audit, Base, Case, Contact, Conversation, Message, Note, Photo, Staff, StaffSession

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)
WORDS, NUMBER, FILE = "my lip is numb", "+15550100777", f"{'a' * 32}.jpg"


@dataclass(frozen=True)
class Kept:
    conversations: timedelta = 365 * DAY
    photos: timedelta = 180 * DAY
    cases: timedelta = 2190 * DAY
    audit: timedelta = 2196 * DAY


def patient(session: Session, name: str, at: datetime = NOW, resolved: bool = False) -> uuid.UUID:
    """A conversation with a case, a photo, a note and a number, all of this moment."""
    conversation = conversations.create(session, name, "sms", "en", at)
    session.add(Contact(conversation_id=conversation.id, address_hash=f"hash of {name}", address=NUMBER))
    message, _ = conversations.store(session, conversation.id, WORDS, None, at)
    case = cases.raise_case(session, conversation.id, message.id, [Reason("R7", "hour", at, (WORDS,), "a source")], at)
    assert case is not None
    conversations.reply(session, conversation.id, [Draft("call us")], at, message.id, by="staff", author="Ana")
    photo = {"state": "stored", "file": f"{conversation.id.hex}.jpg", "next_at": at, "created_at": at}
    session.add(Photo(conversation_id=conversation.id, message_id=message.id, **photo))
    session.add(Note(conversation_id=conversation.id, case_id=case.id, text=f"called about {WORDS}", at=at))
    if resolved:
        cases.resolve(session, case.id, None, "ana", at, "booked")
    return conversation.id


def test_a_patient_is_found_by_number_id_or_its_first_digits(database: Database) -> None:
    with database.write() as session:
        one, two = patient(session, "one"), patient(session, "two")

    def hashed(text: str) -> str | None:
        return f"hash of {text}" if text in ("one", "two") else None

    with database.read() as session:
        for said, meant in (
            ("one", [one]),
            (str(two), [two]),
            (f" {two.hex[:8].upper()} ", [two]),
            (two.hex[:7], []),
            (str(uuid.uuid4()), []),
            ("", []),
            ("%", []),
        ):
            assert list(privacy.find(session, said, hashed)) == meant, said


def test_an_export_holds_everything_of_one_patient_and_nothing_of_another(database: Database) -> None:
    with database.write() as session:
        mine, other = patient(session, "mine"), patient(session, "other")
        packed = privacy.export(session, mine, lambda name: f"photo {name}".encode())
        assert privacy.export(session, uuid.uuid4(), lambda _: b"") == b""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        records, talk = json.loads(archive.read("records.json")), archive.read("talk.txt").decode()
        (photo,) = [name for name in archive.namelist() if name.startswith("photos/")]
        assert archive.read(photo) == f"photo {mine.hex}.jpg".encode()
    assert [message["text"] for message in records["messages"]] == [WORDS, "call us"]
    assert records["contacts"][0]["address"] == NUMBER
    assert records["cases"][0]["rules"][0]["evidence"] == [WORDS]
    assert records["notes"][0]["text"] == f"called about {WORDS}"
    assert [line["action"] for line in records["audit"]] == ["opened"]
    assert f"patient:\n{WORDS}" in talk
    assert "staff (Ana):\ncall us" in talk
    linked = {table.name for table in Base.metadata.sorted_tables if "conversation_id" in table.columns}
    assert set(records) == linked | {"conversations"}
    whole = json.dumps(records)
    assert str(other) not in whole
    assert "hash" not in whole


def test_a_photo_that_is_gone_does_not_spoil_an_export(database: Database) -> None:
    def gone(name: str) -> bytes:
        raise FileNotFoundError(name)

    with database.write() as session:
        packed = privacy.export(session, patient(session, "mine"), gone)
    assert zipfile.ZipFile(io.BytesIO(packed)).namelist() == ["records.json", "talk.txt"]


def count(database: Database, table: type[Base]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    ("age", "resolved", "left"),
    [
        (179 * DAY, True, (1, 1, 1)),
        (181 * DAY, True, (1, 1, 0)),
        (366 * DAY, True, (0, 1, 0)),
        (2191 * DAY, True, (0, 0, 0)),
        (2191 * DAY, False, (1, 1, 1)),  # a person must still act
    ],
)
def test_what_is_kept_too_long_goes(database: Database, age: timedelta, resolved: bool, left: tuple[int, ...]) -> None:
    removed: list[str] = []
    with database.write() as session:
        old = patient(session, "old", NOW - age, resolved)
        new = patient(session, "new", NOW, resolved)
    counts = retention.purge(database, Kept(), NOW, removed.extend)
    with database.read() as session:
        files = set(session.scalars(select(Photo.file))) - {None}
        assert (session.get(Conversation, old) is not None) == bool(left[0])
        assert session.get(Conversation, new) is not None
        assert files == {f"{each.hex}.jpg" for each, kept in ((old, left[2]), (new, 1)) if kept}
        lines = session.scalars(select(Audit).where(Audit.action == "purged")).all()
        assert [line.data for line in lines] == ([dict(counts)] if any(counts.values()) else [])
    assert count(database, Case) == 1 + left[1]
    assert removed == ([] if left[2] else [f"{old.hex}.jpg"])
    assert retention.purge(database, Kept(), NOW, removed.extend).items() == dict.fromkeys(counts, 0).items()


def test_a_conversation_a_person_has_is_kept(database: Database) -> None:
    with database.write() as session:
        old = patient(session, "old", NOW - 400 * DAY, resolved=True)
        session.get_one(Conversation, old).taken_over = True
    assert retention.purge(database, Kept(), NOW, lambda _: None)["conversations"] == 0


def test_many_go_in_batches(database: Database) -> None:
    many, removed = 2 * retention.BATCH + 1, list[str]()
    with database.write() as session:
        for number in range(many):
            patient(session, str(number), NOW - 400 * DAY, resolved=True)
    assert retention.purge(database, Kept(), NOW, removed.extend)["conversations"] == many
    assert (count(database, Conversation), count(database, Message), len(set(removed))) == (0, 0, many)
    assert count(database, Case) == many


def test_old_lines_and_ended_sessions_go(database: Database) -> None:
    with database.write() as session:
        audit.add(session, "ana", "signed_in", NOW - 7 * 366 * DAY)
        audit.add(session, "ana", "signed_in", NOW - DAY)
        ana = Staff(name="ana", display_name="Ana", role="admin", password_hash="", created_at=NOW)
        session.add(ana)
        session.flush()
        for name, end in (("over", NOW - DAY), ("going", NOW + DAY)):
            times = {"created_at": NOW, "last_seen_at": NOW, "expires_at": end}
            session.add(StaffSession(id=name, staff_id=ana.id, csrf="x", **times))
    assert retention.purge(database, Kept(), NOW, lambda _: None)["audit"] == 1
    with database.read() as session:
        assert session.scalars(select(StaffSession.id)).all() == ["going"]
        assert [line.action for line in session.scalars(select(Audit).order_by(Audit.id))] == ["signed_in", "purged"]
