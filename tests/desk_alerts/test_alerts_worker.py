"""The alarm in the worker: the patient hears the real sentence, on the web and by text; and `make check` before it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from alerts_fakes import House, Receiver, clinic, example, until, written
from gateway_fakes import make_house

from bot import checks
from bot.clinic import Clinic
from bot.desk.alerts import sender
from bot.desk.alerts.alerts import Alerts
from bot.gateway import tasks
from bot.gateway.alarm import create_alerts
from bot.gateway.services import Services
from bot.gateway.speech import Speech
from bot.records import conversations, texts
from bot.records.models import Contact, Conversation
from bot.reply.render import Renderer
from bot.reply.sms import join


@dataclass
class Worker:
    """Its services, what it was to deliver, its alarm, and patients who raise flags."""

    services: Services
    delivered: list[uuid.UUID]
    alerts: Alerts
    patients: House

    def said(self, conversation: uuid.UUID) -> list[str]:
        with self.services.database.read() as session:
            found = conversations.after(session, conversation, 0)
            return [message.text for message in found if message.direction == "assistant"]

    def run(self, done: Callable[[], bool]) -> None:
        """Look, as the task does, until something is so."""

        def looked() -> bool:
            tasks.alarm_now()
            return done()

        until(looked)


@pytest.fixture
def worker(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    real = sender.backoff
    monkeypatch.setattr(sender, "backoff", lambda attempts: real(attempts) / 100)
    made = make_house(tmp_path, "http://127.0.0.1:9")
    known = clinic({"Team": ("always", receiver.url("team"))})
    speech = Speech(Renderer(known), join, made.services.now())
    services = replace(made.services, clinic=known, speech=speech)
    alerts = create_alerts(services)
    monkeypatch.setattr(tasks, "_alerts", lambda: alerts)
    patients = House(services.database, known, services.now)  # type: ignore[arg-type]
    yield Worker(services, made.delivered, alerts, patients)
    alerts.close()
    patients.alerts.close()
    services.database.close()


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_nobody_is_reached_and_the_patient_hears_whom_to_call(worker: Worker, receiver: Receiver, channel) -> None:
    receiver.stop()
    conversation, _ = worker.patients.flag("emergency", channel=channel)
    if channel == "sms":
        with worker.services.database.write() as session:
            session.add(Contact(conversation_id=conversation, address_hash="h", address="+15550100001"))
    worker.run(lambda: bool(worker.said(conversation)))
    worker.run(lambda: True)
    [line] = worker.said(conversation)
    assert "I could not reach our team yet" in line
    assert worker.services.clinic.oncall_phone in line
    assert worker.services.clinic.emergency_number in line
    assert worker.delivered == [conversation]
    with worker.services.database.read() as session:
        assert len(texts.unsent(session, conversation)) == (1 if channel == "sms" else 0)


@pytest.mark.parametrize("state", ["taken_over", "opted_out"])
def test_not_to_somebody_a_person_is_with_or_who_wants_no_texts(worker: Worker, receiver: Receiver, state: str) -> None:
    receiver.stop()
    conversation, case = worker.patients.flag("emergency", channel="sms")
    with worker.services.database.write() as session:
        row = session.get_one(Conversation, conversation)
        row.taken_over, row.opted_out_at = (
            state == "taken_over",
            worker.services.now() if state != "taken_over" else None,
        )
    worker.run(lambda: worker.patients.trail(case)[-1].action == "nobody_reached")
    assert worker.patients.trail(case)[-1].data["told"] is False
    assert worker.said(conversation) == []
    assert worker.delivered == []


def test_a_look_that_breaks_does_not_end_the_watch(worker: Worker, receiver: Receiver, monkeypatch, caplog) -> None:
    tick = worker.alerts.tick
    monkeypatch.setattr(worker.alerts, "tick", lambda: 1 / 0)
    worker.patients.flag("emergency")
    tasks.alarm_now()
    assert "cannot alert" in caplog.text
    monkeypatch.setattr(worker.alerts, "tick", tick)
    worker.run(lambda: receiver.names() == ["team"])


def test_the_minutes_plan_has_one_alarm(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_services", lambda: worker.services)
    tasks.huey.storage.flush_all()
    tasks.plan.call_local()
    assert [task.name for task in tasks.huey.pending()].count("alarm") == 1
    tasks.huey.storage.flush_all()


@pytest.mark.parametrize(
    ("front_desk", "said"),
    [
        (None, "alerts.targets.0.url_env: ALERT_FRONT_DESK is not set"),
        ("hello", "what ALERT_FRONT_DESK holds is no address that Apprise knows"),
        ("mailto://h?from=a@b.org&to=s3cret@d.org,e@f.org", "ALERT_FRONT_DESK reaches several addresses"),
        ("json://user:s3cret@127.0.0.1/desk", None),
    ],
)
def test_make_check_names_a_wrong_address_without_showing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, front_desk: str | None, said: str | None
) -> None:
    monkeypatch.setenv("CLINIC_FILE", str(written(tmp_path, example())))
    for name in ("ALERT_ON_CALL", "ALERT_MANAGER"):
        monkeypatch.setenv(name, "json://127.0.0.1/")
    if front_desk is not None:
        monkeypatch.setenv("ALERT_FRONT_DESK", front_desk)
    monkeypatch.setattr(checks, "CHECKS", (checks.check_alerts,))
    found = list(checks.problems())
    assert len(found) == (said is not None)
    if said is not None:
        assert said in found[0]
        assert "clinic.yml:" in found[0]
        assert "s3cret" not in found[0]


def test_the_shipped_clinic_needs_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLINIC_FILE", raising=False)
    assert checks.check_alerts in checks.CHECKS
    assert Clinic.load().alerts.targets == {}
    checks.check_alerts()
