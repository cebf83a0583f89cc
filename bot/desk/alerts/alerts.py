"""The alarm: plans the next step of every case that nobody acknowledged, has it sent, and is honest to the patient."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.clinic import Clinic
from bot.desk.alerts import plan
from bot.desk.alerts.links import Links
from bot.desk.alerts.plan import Told
from bot.desk.alerts.sender import Sender
from bot.desk.alerts.texts import Texts
from bot.records import notifications
from bot.records.database import Database
from bot.records.models import Level
from bot.records.notifications import Alarm

logger = logging.getLogger(__name__)

TellPatient = Callable[[Session, uuid.UUID, Level, datetime], bool]
"""Says in a conversation, in the given transaction, that nobody was reached and whom to call. False: nothing to say."""


class Alerts:
    """One per process; all it knows stands in the database. Methods block: call them in a thread."""

    def __init__(
        self,
        database: Database,
        clinic: Clinic,
        links: Links,
        tell_patient: TellPatient,
        said: Callable[[uuid.UUID], None],
        now: Callable[[], datetime],
    ) -> None:
        """`said` is told of a conversation in which the patient was told something. Raises ContentError."""
        self._database, self._clinic, self._now = database, clinic, now
        self._tell_patient, self._said = tell_patient, said
        self._sender = Sender(database, clinic.alerts, links, Texts(clinic), now)
        if not clinic.alerts.targets:
            logger.warning("no alerts are set up: only somebody who looks at the desk sees a case")

    def tick(self) -> int:
        """One look at all that is open; begins to send and waits for nothing. Gives the number of new steps."""
        if not self._clinic.alerts.targets:
            return 0
        with self._database.read() as session:
            waiting = notifications.alarms(session)
            stale = notifications.stale(session)
        steps = 0
        for alarm in waiting:
            try:
                steps += self._look(alarm)
            except Exception as error:  # one case that breaks must not keep the others
                logger.error("alarm broken", extra={"tier": alarm.level, "code": type(error).__name__})
        if stale:
            with self._database.write() as session:
                notifications.cancel_stale(session)
        self._sender.start()
        return steps

    def close(self) -> None:
        """Send nothing more that was not begun."""
        self._sender.close()

    def _look(self, alarm: Alarm) -> int:
        """Each of the two in its own transaction: what keeps the one from being done must not keep the other."""
        now = self._now()
        steps = int(self._due(alarm, now) is not None and self._step(alarm.case_id))
        if self._why_unreached(alarm, now) is not None:
            self._be_honest(alarm.case_id)
        return steps

    def _step(self, case_id: uuid.UUID) -> bool:
        """Anew under lock, here and below: another process may have been first, or somebody has acknowledged."""
        with self._database.write() as session:
            alarm, now = notifications.lock(session, case_id), self._now()
            due = self._due(alarm, now) if alarm else None
            if alarm is not None and due is not None:
                notifications.add(session, alarm, due.step, due.targets, now)
            return due is not None

    def _be_honest(self, case_id: uuid.UUID) -> None:
        with self._database.write() as session:
            alarm, now = notifications.lock(session, case_id), self._now()
            why = self._why_unreached(alarm, now) if alarm else None
            if alarm is None or why is None:
                return
            conversation = alarm.conversation_id
            told = conversation is not None and self._tell_patient(session, conversation, alarm.level, now)
            notifications.nobody_reached(session, alarm, now, why, told)
        logger.warning("nobody reached", extra={"tier": alarm.level, "code": why})
        if told and conversation is not None:
            self._said(conversation)

    def _due(self, alarm: Alarm, now: datetime) -> plan.Due | None:
        alerts = self._clinic.alerts
        is_open = self._clinic.is_open(now)
        return plan.due(alerts.ladders[alarm.level], alerts.targets, is_open, alarm.since, _told(alarm), now)

    def _why_unreached(self, alarm: Alarm, now: datetime) -> str | None:
        if alarm.unreached:
            return None
        ladder, promised = self._clinic.alerts.ladders[alarm.level], max(alarm.due_at, alarm.since)
        return plan.unreached(ladder, alarm.level, promised, _told(alarm), now)


def _told(alarm: Alarm) -> list[Told]:
    return [Told(row.step, row.target, row.state, row.attempts, row.created_at) for row in alarm.notifications]
