"""The course of an alarm: it widens and repeats until somebody acknowledges, and then nothing is sent any more."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from alerts_fakes import MONDAY_NOON, House, Receiver, clinic, steps, until

from bot.clinic import Clinic
from bot.records import cases, conversations, notifications

EMERGENCY = steps((0, ("oncall", "desk")), (3, ("oncall", "desk", "manager")), again=5)
HOUR = steps((0, ("desk", "oncall")), (15, ("manager",)), again=15)
DAY = steps((0, ("desk",)), (120, ("manager",)), again=60)


@pytest.fixture
def shipped(receiver: Receiver) -> Clinic:
    """Three targets, as in the example of clinic.yml."""
    targets = {
        "desk": ("open", receiver.url("desk")),
        "oncall": ("always", receiver.url("oncall")),
        "manager": ("always", receiver.url("manager")),
    }
    return clinic(targets, emergency=EMERGENCY, hour=HOUR, day=DAY)  # type: ignore[arg-type]


def told(receiver: Receiver) -> list[str]:
    """Who was told since the last call."""
    names = sorted(receiver.names())
    receiver.taken.clear()
    return names


def test_it_widens_and_repeats_until_somebody_acknowledges(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    _, case = house.flag("emergency")
    course = []
    for minutes in (0, 2, 2, 2, 2, 2, 2):
        house.now.forward(minutes=minutes)
        house.run()
        course.append(told(receiver))
    everybody, first = ["desk", "manager", "oncall"], ["desk", "oncall"]
    assert course == [first, [], everybody, [], [], everybody, []]
    house.acknowledge(case)
    house.now.forward(hours=2)
    house.run()
    assert told(receiver) == []
    assert house.told.level == ["emergency"]  # after five minutes


def test_repetitions_say_that_nobody_took_it(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    house.flag("emergency")
    house.run()
    assert not any("Nobody took this" in post["message"] for _, post in receiver.taken)
    told(receiver)
    house.now.forward(minutes=3)
    house.run()
    assert all(
        post["message"].startswith("Nobody took this yet. A patient needs you NOW") for _, post in receiver.taken
    )


def test_what_is_queued_is_not_sent_after_acknowledgement(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    receiver.stop()
    _, case = house.flag("emergency")
    house.run()
    assert {row.state for row in house.rows(case)} == {"queued"}
    house.acknowledge(case)
    receiver.start()
    house.persist(3)
    assert told(receiver) == []
    assert {row.state for row in house.rows(case)} == {"cancelled"}


def test_what_is_sent_while_somebody_acknowledges_is_recorded(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    receiver.plan = [2.0, 2.0]
    _, case = house.flag("emergency")
    house.alerts.tick()
    until(lambda: receiver.asked == 2)
    house.acknowledge(case)
    house.alerts.tick()
    house.run()
    assert {row.state for row in house.rows(case)} == {"sent"}
    house.now.forward(hours=1)
    house.run()
    assert told(receiver) == ["desk", "oncall"]


def test_a_resolved_case_is_over(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    _, case = house.flag("emergency")
    house.run()
    told(receiver)
    with house.database.write() as session:
        assert cases.resolve(session, case, None, "anna", house.now(), "reached_advised").done
    house.now.forward(hours=1)
    house.run()
    assert told(receiver) == []


def test_an_assignment_alone_does_not(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    _, case = house.flag("emergency")
    with house.database.write() as session:
        cases.assign(session, case, None, "anna", house.now(), None)
    house.run()
    assert told(receiver) == ["desk", "oncall"]


def test_it_goes_on_after_a_restart_where_it_was(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    house.flag("emergency")
    house.run()
    told(receiver)
    house.restart()
    house.run()
    assert told(receiver) == []
    house.now.forward(minutes=3)
    house.restart()
    house.run()
    assert told(receiver) == ["desk", "manager", "oncall"]


def test_after_a_long_night_without_a_worker_each_is_told_once(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    house.flag("emergency")
    house.run()
    told(receiver)
    house.now.forward(minutes=100)
    house.restart()
    house.run()
    house.run()
    assert told(receiver) == ["desk", "manager", "oncall"]


def test_a_failing_step_is_followed_by_the_next_at_once(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    receiver.plan = [500] * 6
    house.flag("hour")
    house.persist(4)
    assert "manager" in told(receiver)
    assert house.told.level == []


@pytest.mark.parametrize(
    ("level", "first", "later"),
    [("emergency", ["oncall"], ["manager", "oncall"]), ("hour", ["oncall"], ["manager"]), ("day", [], [])],
)
def test_at_night_who_is_on_duty_is_told(build, shipped: Clinic, receiver: Receiver, level, first, later) -> None:
    house: House = build(shipped, datetime(2026, 3, 3, 23, 0, tzinfo=shipped.timezone))
    house.flag(level)
    house.run()
    assert told(receiver) == first
    house.now.forward(minutes=15)
    house.run()
    assert told(receiver) == later


def test_a_case_of_the_night_that_has_time_is_told_in_the_morning(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped, datetime(2026, 3, 6, 22, 0, tzinfo=shipped.timezone))  # a Friday
    house.flag("day")
    for day in (7, 8):
        house.now.at = datetime(2026, 3, day, 12, 0, tzinfo=shipped.timezone)
        house.run()
    assert told(receiver) == []
    house.now.at = datetime(2026, 3, 9, 8, 0, 1, tzinfo=shipped.timezone)
    house.run()
    assert told(receiver) == ["desk"]
    house.now.forward(minutes=120)
    house.run()
    assert told(receiver) == ["manager"]


def test_a_higher_level_starts_anew_at_that_level(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    conversation, case = house.flag("day", "R16")
    house.run()
    assert told(receiver) == ["desk"]
    receiver.stop()
    house.now.forward(minutes=120)
    house.run()
    assert [row.state for row in house.rows(case)] == ["sent", "queued"]
    receiver.start()
    house.now.forward(seconds=1)
    assert house.flag("emergency", "R1", conversation)[1] == case
    house.run()
    assert told(receiver) == ["desk", "oncall"]
    assert [row.state for row in house.rows(case)] == ["sent", "cancelled", "sent", "sent"]
    house.acknowledge(case)
    house.run()


def test_an_acknowledged_case_that_is_raised_alarms_again(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    conversation, case = house.flag("hour", "R7")
    house.run()
    house.acknowledge(case)
    told(receiver)
    house.flag("emergency", "R1", conversation)
    house.run()
    assert told(receiver) == ["desk", "oncall"]
    house.acknowledge(case)
    house.now.forward(minutes=1)
    house.flag("emergency", "R3", conversation)  # the same level, but news
    house.run()
    assert told(receiver) == ["desk", "oncall"]


def test_news_before_anybody_looked_do_not_double_it(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    conversation, case = house.flag("emergency", "R1")
    house.run()
    told(receiver)
    house.now.forward(minutes=1)
    assert house.flag("emergency", "R3", conversation)[1] == case
    house.run()
    assert told(receiver) == []
    house.now.forward(minutes=2)
    house.run()
    assert told(receiver) == ["desk", "manager", "oncall"]


def test_a_reopened_case_alarms_from_the_first_step(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    _, case = house.flag("hour")
    house.run()
    house.acknowledge(case)
    told(receiver)
    house.now.forward(minutes=40)
    with house.database.write() as session:
        assert cases.reopen(session, case, None, "patient", house.now(), why="not_reached").done
    house.run()
    assert told(receiver) == ["desk", "oncall"]
    house.now.forward(minutes=15)
    house.run()
    assert told(receiver) == ["manager"]


def test_after_an_old_promise_a_new_alarm_has_its_time(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    _, case = house.flag("hour")
    house.run()
    house.acknowledge(case)
    house.now.forward(hours=3)
    with house.database.write() as session:
        assert cases.reopen(session, case, None, "patient", house.now(), why="not_reached").done
    house.run()
    house.now.forward(minutes=4)
    house.run()
    assert house.told.level == []
    house.now.forward(minutes=1)
    house.run()
    assert house.told.level == ["hour"]


def test_the_gravest_goes_first(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    house.run()
    receiver.stop()
    for level in ("day", "day", "hour", "emergency"):
        house.flag(level)
    house.run()
    receiver.start()
    house.now.forward(seconds=10)
    house.run()
    to_desk = [post["type"] for name, post in receiver.taken if name == "desk"]
    assert to_desk == ["failure", "warning", "info", "info"]


def test_a_patient_who_deletes_everything_ends_nothing(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    conversation, case = house.flag("hour")
    house.run()
    told(receiver)
    with house.database.write() as session:
        conversations.erase(session, conversation, "patient", house.now())
    house.now.forward(minutes=15)
    house.run()
    assert told(receiver) == ["manager"]
    house.now.forward(minutes=60)
    house.run()
    assert house.told.level == []
    assert "nobody_reached" in [line.action for line in house.trail(case)]


# What the patient hears


def test_all_failed_the_patient_hears_it_once(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    receiver.stop()
    conversation, case = house.flag("emergency")
    house.persist(7)
    assert house.now() - MONDAY_NOON < timedelta(minutes=2)
    assert (house.told.level, house.told.said) == (["emergency"], [conversation])
    assert {row.step for row in house.rows(case)} == {0, 1}
    [line] = [line for line in house.trail(case) if line.action == "nobody_reached"]
    assert (line.actor, line.data) == ("system", {"level": "emergency", "why": "failed", "told": True})
    with house.database.read() as session:
        found = notifications.trouble(session, house.now())
    assert (set(found.targets), found.unreached) == ({"desk", "oncall", "manager"}, [case])
    house.restart()
    for _ in range(3):
        house.now.forward(minutes=6)
        house.run()
    assert house.told.level == ["emergency"]
    receiver.start()
    house.persist(1)
    house.now.forward(minutes=1)
    house.run()
    assert {"desk", "oncall", "manager"} <= set(told(receiver))
    house.acknowledge(case)
    with house.database.read() as session:
        assert notifications.trouble(session, house.now()).unreached == []


def test_at_a_higher_level_the_patient_hears_it_again(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    receiver.stop()
    conversation, _ = house.flag("hour", "R7")
    house.persist(8)
    assert house.told.level == []
    house.now.forward(minutes=4)
    house.run()
    assert house.told.level == ["hour"]
    house.flag("emergency", "R1", conversation)
    house.persist(7)
    assert house.told.level == ["hour", "emergency"]


@pytest.mark.parametrize(("level", "minutes"), [("emergency", 5), ("hour", 65), ("day", 365)])
def test_nobody_answers_the_patient_hears_it(build, shipped: Clinic, receiver: Receiver, level, minutes: int) -> None:
    house: House = build(shipped)
    _, case = house.flag(level)
    house.run()
    house.now.forward(minutes=minutes, seconds=-10)
    house.run()
    assert house.told.level == []
    house.now.forward(seconds=11)
    house.run()
    house.run()
    assert house.told.level == [level]
    assert [line.data["why"] for line in house.trail(case) if line.action == "nobody_reached"] == ["silence"]


def test_somebody_answers_the_patient_hears_nothing(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    _, case = house.flag("emergency")
    house.run()
    house.acknowledge(case)
    house.now.forward(hours=8)
    house.run()
    assert house.told.level == []


def test_without_targets_nothing_happens(build, receiver: Receiver) -> None:
    house: House = build(Clinic.load())
    _, case = house.flag("emergency")
    house.now.forward(hours=1)
    assert house.alerts.tick() == 0
    assert house.rows(case) == []
    assert house.told.level == []


def test_the_first_alert_is_out_in_two_seconds(build, shipped: Clinic, receiver: Receiver) -> None:
    house: House = build(shipped)
    house.run()
    took = []
    for _ in range(3):  # the best of them: the machine may be busy
        before = time.monotonic()
        house.flag("emergency")
        house.run()
        took.append(time.monotonic() - before)
        assert told(receiver) == ["desk", "oncall"]
    assert min(took) < 2


def test_a_case_that_breaks_keeps_neither_its_alerts_nor_other_cases(
    build, shipped: Clinic, receiver: Receiver, caplog
) -> None:
    house: House = build(shipped)

    def broken(*_: object) -> bool:
        raise RuntimeError("no such sentence")

    house.alerts._tell_patient = broken
    receiver.stop()
    first, second = house.flag("emergency")[1], house.flag("emergency")[1]
    house.persist(8)
    assert "alarm broken" in caplog.text
    assert "no such sentence" not in caplog.text
    for case in (first, second):
        assert {row.step for row in house.rows(case)} == {0, 1}
        assert "nobody_reached" not in [line.action for line in house.trail(case)]
