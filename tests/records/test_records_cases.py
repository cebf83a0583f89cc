"""A case is opened once, raised, extended, never doubled, never lowered; what happened stays written."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.records import cases, conversations
from bot.records.cases import Reason
from bot.records.database import Database
from bot.records.models import Case, Level

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
DUE = {"day": timedelta(hours=8), "hour": timedelta(hours=1), "emergency": timedelta(0)}


def reason(rule: str, level: Level, *words: str, at: datetime = NOW) -> Reason:
    return Reason(rule, level, at + DUE[level], words, "a source", f"utter_flag_{rule}_{level}")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/records.sqlite3")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def ids(database: Database) -> tuple[uuid.UUID, uuid.UUID]:
    with database.write() as session:
        conversation = conversations.create(session, "token", "web", "en", NOW)
        message, _ = conversations.store(session, conversation.id, "my words", None, NOW)
        return conversation.id, message.id


def raised(database: Database, ids: tuple[uuid.UUID, uuid.UUID], *reasons: Reason, at: datetime = NOW) -> Case:
    with database.write() as session:
        case = cases.raise_case(session, *ids, reasons, at)
    assert case is not None
    return case


def test_a_case_has_the_highest_level_the_earliest_time_and_the_words(database, ids) -> None:
    case = raised(database, ids, reason("R7", "hour", "lip is numb"), reason("R1", "emergency", "cant breathe"))
    assert (case.level, case.due_at) == ("emergency", NOW)
    assert [(rule["rule"], rule["evidence"]) for rule in case.rules] == [
        ("R7", ["lip is numb"]),
        ("R1", ["cant breathe"]),
    ]


def test_a_later_flag_raises_the_same_case(database, ids) -> None:
    first = raised(database, ids, reason("R16", "day", "pus"))
    later = NOW + timedelta(minutes=30)
    second = raised(database, ids, reason("R1", "emergency", "cant breathe", at=later), at=later)
    assert second.id == first.id
    assert (second.level, second.due_at) == ("emergency", later)
    with database.read() as session:
        assert [event.kind for event in cases.events(session, first.id)] == ["opened", "raised"]


def test_a_lower_flag_never_lowers_it_nor_moves_its_time(database, ids) -> None:
    raised(database, ids, reason("R7", "hour", "lip is numb"))
    later = NOW + timedelta(hours=3)
    case = raised(database, ids, reason("R16", "day", "pus", at=later), at=later)
    assert (case.level, case.due_at) == ("hour", NOW + timedelta(hours=1))
    assert [rule["rule"] for rule in case.rules] == ["R7", "R16"]


def test_the_same_flag_again_changes_nothing_but_new_words_are_kept(database, ids) -> None:
    raised(database, ids, reason("R7", "hour", "lip is numb"))
    raised(database, ids, reason("R7", "hour", "lip is numb"), at=NOW + timedelta(hours=2))
    case = raised(database, ids, reason("R7", "hour", "chin too"), at=NOW + timedelta(hours=3))
    assert case.rules[0]["evidence"] == ["lip is numb", "chin too"]
    assert case.due_at == NOW + timedelta(hours=1)
    with database.read() as session:
        assert [event.kind for event in cases.events(session, case.id)] == ["opened", "extended"]


def test_the_same_rule_at_a_higher_level_raises_it(database, ids) -> None:
    raised(database, ids, reason("R5", "hour", "still bleeding"))
    case = raised(database, ids, reason("R5", "emergency", "pouring out"))
    assert (case.level, case.rules[0]["level"], case.due_at) == ("emergency", "emergency", NOW)


def test_no_reason_no_case(database, ids) -> None:
    with database.write() as session:
        assert cases.raise_case(session, *ids, [], NOW) is None
        assert cases.open_case(session, ids[0]) is None


def test_a_closed_case_is_left_alone(database, ids) -> None:
    first = raised(database, ids, reason("R16", "day", "pus"))
    with database.write() as session:
        session.get_one(Case, first.id).state = "closed"
    assert raised(database, ids, reason("R7", "hour", "numb")).id != first.id


def test_the_database_itself_refuses_a_second_open_case(database, ids) -> None:
    raised(database, ids, reason("R16", "day", "pus"))
    twin = Case(conversation_id=ids[0], message_id=ids[1], level="day", rules=[], opened_at=NOW, due_at=NOW)
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(twin)


def test_many_writers_at_once_make_one_case_with_every_rule(database, ids) -> None:
    threads = [
        threading.Thread(target=raised, args=(database, ids, reason(f"R{n}", "day", f"words {n}"))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        case = cases.open_case(session, ids[0])
    assert case is not None
    assert {rule["rule"] for rule in case.rules} == {f"R{n}" for n in range(8)}
