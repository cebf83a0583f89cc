"""A case is opened once, raised, extended, never doubled, never lowered; what happened stays written."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError

from bot.records import audit, cases, conversations
from bot.records.cases import Reason
from bot.records.database import Database
from bot.records.models import Case, Level, Staff

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
DUE = {"day": timedelta(hours=8), "hour": timedelta(hours=1), "emergency": timedelta(0)}


def reason(rule: str, level: Level, *words: str, at: datetime = NOW) -> Reason:
    return Reason(rule, level, at + DUE[level], words, "a source", f"utter_flag_{rule}_{level}")


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
        assert [line.action for line in audit.of_case(session, first.id)] == ["opened", "raised"]


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
        assert [line.action for line in audit.of_case(session, case.id)] == ["opened", "extended"]


def test_the_same_rule_at_a_higher_level_raises_it(database, ids) -> None:
    raised(database, ids, reason("R5", "hour", "still bleeding"))
    case = raised(database, ids, reason("R5", "emergency", "pouring out"))
    assert (case.level, case.rules[0]["level"], case.due_at) == ("emergency", "emergency", NOW)


def test_no_reason_no_case(database, ids) -> None:
    with database.write() as session:
        assert cases.raise_case(session, *ids, [], NOW) is None
        assert cases.open_case(session, ids[0]) is None


def test_a_resolved_case_is_left_alone(database, ids) -> None:
    first = raised(database, ids, reason("R16", "day", "pus"))
    with database.write() as session:
        session.get_one(Case, first.id).state = "resolved"
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


@pytest.fixture
def ana(database: Database) -> uuid.UUID:
    with database.write() as session:
        ana = Staff(name="ana", display_name="Ana", role="clinician", password_hash="", created_at=NOW)
        session.add(ana)
        session.flush()
        return ana.id


def test_the_second_of_two_sees_who_was_first(database, ids, ana) -> None:
    case = raised(database, ids, reason("R7", "hour", "numb"))
    with database.write() as session:
        first = cases.take_in_hand(session, case.id, case.version, "ana", NOW, ana)
    with database.write() as session:
        second = cases.resolve(session, case.id, case.version, "ben", NOW, "booked")
    assert (first.done, second.done) == (True, False)
    assert second.first is not None
    assert (second.first.actor, second.first.action) == ("ana", "in_hand")
    with database.read() as session:
        now = session.get_one(Case, case.id)
        assert (now.state, now.assignee_id, now.acknowledged_by, now.outcome) == ("in_hand", ana, "ana", None)
        assert [line.action for line in audit.of_case(session, case.id)] == ["opened", "in_hand"]


def test_the_way_of_a_case(database, ids, ana) -> None:
    case = raised(database, ids, reason("R7", "hour", "numb"))
    steps = (
        (cases.acknowledge, {}, "acknowledged"),
        (cases.assign, {"assignee": ana}, "acknowledged"),
        (cases.take_in_hand, {"assignee": ana}, "in_hand"),
        (cases.resolve, {"outcome": "booked"}, "resolved"),
        (cases.reopen, {"due_at": NOW + timedelta(hours=3), "why": "call did not come"}, "open"),
    )
    for version, (step, given, state) in enumerate(steps):
        with database.write() as session:
            acted = step(session, case.id, version, "ana", NOW, **given)
        assert acted.case is not None
        assert (acted.done, acted.case.state, acted.case.version) == (True, state, version + 1)
    assert (acted.case.outcome, acted.case.resolved_at, acted.case.acknowledged_at) == (None, None, None)
    assert acted.case.due_at == NOW + timedelta(hours=3)


@pytest.mark.parametrize(
    ("before", "act"),
    [
        ([], lambda s, case: cases.reopen(s, case, None, "ana", NOW)),
        ([cases.acknowledge], lambda s, case: cases.acknowledge(s, case, None, "ben", NOW)),
    ],
)
def test_what_is_done_is_not_done_again(database, ids, before, act) -> None:
    case = raised(database, ids, reason("R7", "hour", "numb"))
    with database.write() as session:
        for step in before:
            step(session, case.id, None, "ana", NOW)
        assert not act(session, case.id).done
        assert not act(session, uuid.uuid4()).done


def test_a_resolved_case_is_not_reopened_beside_another(database, ids) -> None:
    first = raised(database, ids, reason("R16", "day", "pus"))
    with database.write() as session:
        assert cases.resolve(session, first.id, None, "ana", NOW, "booked").done
    raised(database, ids, reason("R7", "hour", "numb"))
    with database.write() as session:
        assert not cases.reopen(session, first.id, None, "ana", NOW).done


@pytest.mark.parametrize(
    ("news", "state", "version"),
    [
        (("R7", "hour", "the chin too"), "acknowledged", 1),  # the same again
        (("R16", "day", "pus"), "acknowledged", 2),  # can wait like what is known
        (("R5", "hour", "bleeds"), "open", 2),
        (("R1", "emergency", "cannot breathe"), "open", 2),
        (("R7", "emergency", "and cannot speak"), "open", 2),
    ],
)
def test_graver_news_make_an_acknowledged_case_open_again(database, ids, news, state, version) -> None:
    case = raised(database, ids, reason("R7", "hour", "numb"))
    with database.write() as session:
        cases.acknowledge(session, case.id, 0, "ana", NOW)
    now = raised(database, ids, reason(*news))
    assert (now.id, now.state, now.version) == (case.id, state, version)


def test_one_of_many_who_act_at_once_wins(database, ids) -> None:
    case, won = raised(database, ids, reason("R7", "hour", "numb")), []

    def act(name: str) -> None:
        with database.write() as session:
            if cases.acknowledge(session, case.id, 0, name, NOW).done:
                won.append(name)

    threads = [threading.Thread(target=act, args=(f"staff {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert [session.get_one(Case, case.id).acknowledged_by] == won
