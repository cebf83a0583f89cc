"""What is sent, to whom and how often, with services that fail in every way they do."""

from __future__ import annotations

import json
import logging
import re

import pytest
from alerts_fakes import PUBLIC, WORDS, House, Mailbox, Receiver, clinic

from bot.desk.alerts import provider, sender
from bot.gateway.log import JsonLines
from bot.records import notifications


def test_an_emergency_is_mailed_and_posted_at_once(build, receiver: Receiver, mailbox: Mailbox) -> None:
    house: House = build(clinic({"On call": ("always", mailbox.url()), "Team": ("always", receiver.url("team"))}))
    _, case = house.flag("emergency")
    house.run()
    house.run()
    [(recipients, mail)] = mailbox.mails
    assert recipients == ["oncall@clinic.example"]
    assert "Riverside Implant Clinic: a patient needs you" in mail
    assert "A patient needs you NOW (emergency, since 12:00)" in mail
    [(_, post)] = receiver.taken
    assert post["type"] == "failure"
    assert {row.state for row in house.rows(case)} == {"sent"}


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("hour", "A patient needs a call by 13:00 (urgent, since 12:00)."),
        ("day", "A patient needs a call by 18:00 (since 12:00)."),
    ],
)
def test_other_levels_say_by_when(build, receiver: Receiver, level, said: str) -> None:
    house: House = build(clinic({"Team": ("always", receiver.url("team"))}))
    house.flag(level)
    house.run()
    [(_, post)] = receiver.taken
    assert post["message"].startswith(said)


def test_no_word_of_the_patient_is_in_any_alert(build, receiver: Receiver, mailbox: Mailbox) -> None:
    house: House = build(clinic({"On call": ("always", mailbox.url()), "Team": ("always", receiver.url("team"))}))
    for level in ("day", "hour", "emergency"):
        conversation, case = house.flag(level)
    house.run()
    sent = json.dumps(receiver.taken) + json.dumps(mailbox.mails)
    assert len(receiver.taken) == len(mailbox.mails) == 3
    links = re.findall(re.escape(PUBLIC) + r"/desk/ack/[\w.-]+", sent)
    assert len(set(links)) == 6
    rest = re.sub(r"https://\S+", "", sent)
    for word in ("numb", "chin", "pus", "R1", str(conversation), str(case)):
        assert word not in rest


def test_an_outage_and_its_end_nothing_lost_nothing_twice(build, receiver: Receiver, mailbox: Mailbox) -> None:
    house: House = build(clinic({"On call": ("always", mailbox.url()), "Team": ("always", receiver.url("team"))}))
    receiver.stop()
    mailbox.stop()
    made = [house.flag(level)[1] for level in ("emergency", "hour", "day")]
    house.persist(2)
    for case in made:
        states = {(row.state, row.error_code, row.attempts) for row in house.rows(case)}
        assert states == {("queued", "unreachable", 2)}
    receiver.start()
    mailbox.start()
    house.persist(3)
    assert len(receiver.taken) == len(mailbox.mails) == 3
    assert {row.state for case in made for row in house.rows(case)} == {"sent"}
    assert "NOW" in receiver.taken[0][1]["message"]


@pytest.mark.parametrize(
    ("status", "code"), [(500, "http_500"), (429, "http_429"), (302, "http_302"), (403, "http_403")]
)
def test_a_service_that_rejects_is_tried_again(build, receiver: Receiver, status: int, code: str) -> None:
    house: House = build(clinic({"Team": ("always", receiver.url("team"))}))
    receiver.plan = [status]
    _, case = house.flag("hour")
    house.run()
    [row] = house.rows(case)
    assert (row.state, row.error_code, row.attempts) == ("queued", code, 1)
    house.now.forward(seconds=3)
    house.run()
    [row] = house.rows(case)
    assert (row.state, row.error_code, row.attempts) == ("sent", None, 2)
    assert len(receiver.taken) == 1


def test_a_mail_that_is_refused_is_tried_again(build, mailbox: Mailbox) -> None:
    house: House = build(clinic({"On call": ("always", mailbox.url())}))
    mailbox.refuse = "550 no such user"
    _, case = house.flag("hour")
    house.run()
    assert [row.error_code for row in house.rows(case)] == ["rejected"]
    mailbox.refuse = ""
    house.now.forward(seconds=3)
    house.run()
    assert len(mailbox.mails) == 1


def test_a_slow_service_keeps_only_its_own_alerts(build, receiver: Receiver, mailbox: Mailbox, monkeypatch) -> None:
    monkeypatch.setattr(provider, "LIMIT_SECONDS", 1.5)
    house: House = build(clinic({"Team": ("always", receiver.url("team")), "On call": ("always", mailbox.url())}))
    receiver.plan = [5.0]
    _, case = house.flag("emergency")
    assert house.alerts.tick() == 1
    house.run()
    assert len(mailbox.mails) == 1
    by_target = {row.target: row for row in house.rows(case)}
    assert (by_target["Team"].state, by_target["Team"].error_code) == ("queued", "timeout")
    house.now.forward(seconds=3)
    house.run()
    assert [row.state for row in house.rows(case)] == ["sent", "sent"]
    assert receiver.asked == 2  # the fate of the first was unknown


def test_a_tick_waits_for_no_service(build, receiver: Receiver) -> None:
    house: House = build(clinic({"Team": ("always", receiver.url("team"))}))
    house.run()
    receiver.plan = [5.0]
    house.flag("emergency")
    house.alerts.tick()
    assert receiver.taken == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "no_address"),
        ("nonsense", "wrong_address"),
        ("mailto://h?from=a@b.org&to=c@d.org,e@f.org", "several_addresses"),
    ],
)
def test_an_address_that_cannot_work_is_given_up(build, url: str, code: str) -> None:
    house: House = build(clinic({"Team": ("always", url)}))
    _, case = house.flag("emergency")
    house.run()
    assert [(row.state, row.error_code) for row in house.rows(case)] == [("failed", code)]


def test_the_address_is_read_from_the_environment(build, receiver: Receiver, monkeypatch) -> None:
    known = clinic({"Team": ("always", "unused")})
    target = known.alerts.targets["Team"]
    object.__setattr__(target, "url", None)
    object.__setattr__(target, "url_env", "ALERT_TEST_TEAM")
    house: House = build(known)
    monkeypatch.setenv("ALERT_TEST_TEAM", receiver.url("from the environment"))
    house.flag("emergency")
    house.run()
    assert len(receiver.taken) == 1


def test_a_process_that_dies_while_it_sends_leaves_it_to_the_next(build, receiver: Receiver, monkeypatch) -> None:
    house: House = build(clinic({"Team": ("always", receiver.url("team"))}))
    _, case = house.flag("emergency")
    monkeypatch.setattr(provider, "send", lambda *_: (_ for _ in ()).throw(SystemError("killed")))
    house.run()
    assert [(row.state, row.attempts) for row in house.rows(case)] == [("queued", 1)]
    monkeypatch.undo()
    house.restart()
    house.run()
    assert receiver.taken == []  # the other may yet be sending it
    house.now.forward(seconds=sender.LEASE.total_seconds() + 1)
    house.run()
    assert len(receiver.taken) == 1
    assert [(row.state, row.attempts) for row in house.rows(case)] == [("sent", 2)]


def test_two_processes_send_each_alert_once(build, receiver: Receiver) -> None:
    first: House = build(clinic({"Team": ("always", receiver.url("team")), "Other": ("always", receiver.url("other"))}))
    second: House = build(first.clinic)
    for _ in range(5):
        first.flag("emergency")
    for _ in range(20):
        first.alerts.tick()
        second.alerts.tick()
    first.run()
    second.run()
    assert sorted(receiver.names()) == ["other"] * 5 + ["team"] * 5


def test_logs_and_table_hold_no_secret(build, receiver: Receiver, mailbox: Mailbox, caplog) -> None:
    house: House = build(clinic({"Team": ("always", receiver.url("team")), "On call": ("always", mailbox.url())}))
    receiver.plan, mailbox.refuse = [500, 429], "550 no"
    _, case = house.flag("emergency")
    with caplog.at_level(logging.DEBUG):
        house.persist(2)
    lines = [JsonLines().format(record) for record in caplog.records]
    written = "\n".join(lines) + " ".join(f"{row.target} {row.error_code}" for row in house.rows(case))
    assert "http_500" in written
    for secret in ("s3cret", "oncall@", "127.0.0.1", str(receiver.port), PUBLIC, "/desk/ack", WORDS):
        assert secret not in written, secret


def test_trouble_names_the_targets_that_fail_until_they_work(build, receiver: Receiver, mailbox: Mailbox) -> None:
    house: House = build(clinic({"Team": ("always", receiver.url("team")), "On call": ("always", mailbox.url())}))

    def failing() -> dict[str, str]:
        with house.database.read() as session:
            return dict(notifications.trouble(session, house.now()).targets)

    receiver.plan = [500]
    house.flag("day")
    house.run()
    assert failing() == {"Team": "http_500"}
    house.now.forward(seconds=3)
    house.run()
    assert failing() == {}
    receiver.stop()
    _, case = house.flag("day")
    house.run()
    house.acknowledge(case)
    house.run()
    assert failing() == {"Team": "unreachable"}
    house.now.forward(hours=25)
    assert failing() == {}


def test_alerts_that_failed_together_do_not_come_together() -> None:
    waits = [sender.backoff(attempts).total_seconds() for attempts in (1, 2, 3, 4, 5, 6, 7, 50)]
    for wait, plain in zip(waits, (2, 4, 8, 16, 32, 60, 60, 60)):
        assert 0.8 * plain <= wait <= 1.2 * plain
    assert len({sender.backoff(1) for _ in range(20)}) > 1
