"""The outbox on SQLite and on PostgreSQL: who may send what, and what becomes of it, whoever else writes meanwhile."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.records import audit, cases, conversations, notifications
from bot.records.cases import Reason
from bot.records.database import Database
from bot.records.models import Level, Notification
from bot.records.sealing import Sealer, new_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
LEASE = timedelta(seconds=30)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/records.sqlite3", Sealer([new_key()]))
        database.migrate()
    else:
        cluster = request.getfixturevalue("postgres")
        database = Database(cluster.migrated(), Sealer([cluster.key]))
    yield database
    database.close()


def flag(
    database: Database, level: Level, rule: str = "R1", at: datetime = NOW, conversation: uuid.UUID | None = None
) -> uuid.UUID:
    """A case."""
    with database.write() as session:
        known = conversation or conversations.create(session, str(uuid.uuid4()), "web", "en", at).id
        message, _ = conversations.store(session, known, "words", None, at)
        case = cases.raise_case(session, known, message.id, [Reason(rule, level, at, ("words",), "source")], at)
    assert case is not None
    return case.id


def begin(database: Database, case: uuid.UUID, *targets: str, step: int = 0, at: datetime = NOW) -> None:
    with database.write() as session:
        alarm = notifications.lock(session, case)
        assert alarm is not None
        notifications.add(session, alarm, step, targets, at)


def claim(database: Database, target: str = "a", at: datetime = NOW) -> notifications.Claim | None:
    with database.write() as session:
        return notifications.claim(session, target, at, LEASE)


def states(database: Database, case: uuid.UUID) -> list[tuple[int, str, str]]:
    with database.read() as session:
        return [(row.step, row.target, row.state) for row in notifications.of_case(session, case)]


def test_an_alarm_knows_since_when_and_what_was_told(database: Database) -> None:
    case = flag(database, "day")
    begin(database, case, "a")
    with database.read() as session:
        [alarm] = notifications.alarms(session)
        conversation = alarm.conversation_id
    assert (alarm.case_id, alarm.level, alarm.since, len(alarm.notifications)) == (case, "day", NOW, 1)
    later = NOW + timedelta(minutes=9)
    flag(database, "emergency", "R2", later, conversation)
    with database.read() as session:
        [alarm] = notifications.alarms(session, case)
    assert (alarm.level, alarm.since, list(alarm.notifications)) == ("emergency", later, [])


@pytest.mark.parametrize(
    ("action", "data", "anew"),
    [
        ("reopened", {}, True),
        ("alarm_again", {"why": "not_reached"}, True),
        ("extended", {"was": "acknowledged"}, True),
        ("extended", {}, False),
        ("assigned", {}, False),
    ],
)
def test_from_what_an_alarm_begins_anew(database: Database, action: str, data: dict[str, str], anew: bool) -> None:
    case = flag(database, "hour")
    begin(database, case, "a")
    later = NOW + timedelta(minutes=9)
    with database.write() as session:
        audit.add(session, "patient", action, later, case, None, data)
    with database.read() as session:
        [alarm] = notifications.alarms(session)
    assert (alarm.since, len(alarm.notifications)) == ((later, 0) if anew else (NOW, 1))


def test_what_was_told_to_the_patient_counts_for_its_level(database: Database) -> None:
    case = flag(database, "hour")
    with database.write() as session:
        alarm = notifications.lock(session, case)
        assert alarm is not None
        notifications.nobody_reached(session, alarm, NOW, "failed", told=True)
    with database.read() as session:
        [alarm] = notifications.alarms(session)
        assert alarm.unreached
        assert notifications.trouble(session, NOW).unreached == [case]
    flag(database, "emergency", "R2", NOW + timedelta(minutes=1), alarm.conversation_id)
    with database.read() as session:
        assert not notifications.alarms(session)[0].unreached


def test_a_new_step_takes_the_place_of_what_was_not_sent(database: Database) -> None:
    case = flag(database, "hour")
    begin(database, case, "a", "b")
    sent = claim(database, "b")
    assert sent is not None
    with database.write() as session:
        notifications.sent(session, sent, NOW)
    begin(database, case, "a", "b", step=1, at=NOW + timedelta(minutes=1))
    assert states(database, case) == [
        (0, "a", "cancelled"),
        (0, "b", "sent"),
        (1, "a", "queued"),
        (1, "b", "queued"),
    ]


def test_one_of_many_gets_it(database: Database) -> None:
    for _ in range(3):
        begin(database, flag(database, "hour"), "a")
    got: list[notifications.Claim | None] = []
    threads = [threading.Thread(target=lambda: got.append(claim(database))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [each.id for each in got if each is not None]
    while (more := claim(database)) is not None:  # on PostgreSQL several may look at the same one, and one gets it
        ids.append(more.id)
    assert len(ids) == len(set(ids)) == 3


def test_a_lease_ends_and_a_late_failure_says_nothing(database: Database) -> None:
    case = flag(database, "hour")
    begin(database, case, "a")
    first = claim(database)
    assert first is not None
    assert claim(database, at=NOW + LEASE - timedelta(seconds=1)) is None
    second = claim(database, at=NOW + LEASE)
    assert second is not None
    assert (first.id, first.attempts, second.id, second.attempts) == (second.id, 1, first.id, 2)
    with database.write() as session:
        notifications.again(session, first, "timeout", NOW)
        notifications.give_up(session, first, "no_address")
    assert states(database, case) == [(0, "a", "queued")]
    with database.write() as session:
        notifications.sent(session, first, NOW)  # late, but it has arrived
        notifications.again(session, second, "http_500", NOW)
    assert states(database, case) == [(0, "a", "sent")]


@pytest.mark.parametrize("end", ["acknowledged", "raised"])
def test_what_nobody_needs_any_more_is_neither_sent_nor_left(database: Database, end: str) -> None:
    case = flag(database, "hour")
    other = flag(database, "hour")
    begin(database, case, "a")
    begin(database, other, "b")
    with database.read() as session:
        assert not notifications.stale(session)
        conversation = notifications.alarms(session, case)[0].conversation_id
    if end == "acknowledged":
        with database.write() as session:
            assert cases.acknowledge(session, case, None, "anna", NOW).done
    else:
        flag(database, "emergency", "R2", NOW, conversation)
    assert claim(database) is None
    with database.write() as session:
        assert notifications.stale(session)
        assert notifications.cancel_stale(session) == 1
    assert states(database, case) == [(0, "a", "cancelled")]
    assert states(database, other) == [(0, "b", "queued")]


def test_the_gravest_is_claimed_first(database: Database) -> None:
    for minute, level in enumerate(("day", "hour", "emergency", "hour")):
        begin(database, flag(database, level), "a", at=NOW + timedelta(minutes=minute))  # type: ignore[arg-type]
    got = [claim(database, at=NOW + timedelta(hours=1)) for _ in range(4)]
    assert [each.level for each in got if each] == ["emergency", "hour", "hour", "day"]


def test_acknowledging_and_claiming_at_once_both_come_to_an_end(database: Database) -> None:
    made = [flag(database, "hour") for _ in range(8)]
    for case in made:
        begin(database, case, "a")
    failed: list[Exception] = []

    def run(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except Exception as error:
            failed.append(error)

    def acknowledge() -> None:
        for case in made:
            with database.write() as session:
                cases.acknowledge(session, case, None, "anna", NOW)

    def send() -> None:
        for _ in made:
            claim(database)

    threads = [threading.Thread(target=run, args=(work,)) for work in (acknowledge, send, send)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    with database.write() as session:
        notifications.cancel_stale(session)
        assert set(session.scalars(select(Notification.state))) == {"cancelled"}
