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
            logger.info("no alerts are set up: cases are shown at the desk only")

    def tick(self) -> int:
        """One look at all that is open; begins to send and waits for nothing. Gives the number of new steps."""
        if not self._clinic.alerts.targets:
            return 0
        with self._database.read() as session:
            waiting = notifications.alarms(session)
            stale = notifications.stale(session)
        steps = 0
        for alarm in waiting:
            now = self._now()
            if self._due(alarm, now) is not None or self._why_unreached(alarm, now) is not None:
                steps += self._step(alarm.case_id)
        if stale:
            with self._database.write() as session:
                notifications.cancel_stale(session)
        self._sender.start()
        return steps

    def close(self) -> None:
        """Send nothing more that was not begun."""
        self._sender.close()

    def _step(self, case_id: uuid.UUID) -> int:
        """Anew under lock: another process may have been first, or somebody has acknowledged."""
        with self._database.write() as session:
            alarm, now = notifications.lock(session, case_id), self._now()
            if alarm is None:
                return 0
            due, why = self._due(alarm, now), self._why_unreached(alarm, now)
            if due is not None:
                notifications.add(session, alarm, due.step, due.targets, now)
            told = False
            if why is not None:
                notifications.patient_told(session, alarm, now, why)
                logger.warning("nobody reached", extra={"tier": alarm.level, "code": why})
                if alarm.conversation_id is not None:
                    told = self._tell_patient(session, alarm.conversation_id, alarm.level, now)
        if told and alarm.conversation_id is not None:
            self._said(alarm.conversation_id)
        return int(due is not None)

    def _due(self, alarm: Alarm, now: datetime) -> plan.Due | None:
        alerts = self._clinic.alerts
        is_open = self._clinic.is_open(now)
        return plan.due(alerts.ladders[alarm.level], alerts.targets, is_open, alarm.since, _told(alarm), now)

    def _why_unreached(self, alarm: Alarm, now: datetime) -> str | None:
        if alarm.patient_told:
            return None
        return plan.unreached(self._clinic.alerts.ladders[alarm.level], alarm.level, alarm.due_at, _told(alarm), now)


def _told(alarm: Alarm) -> list[Told]:
    return [Told(row.step, row.target, row.state, row.attempts, row.created_at) for row in alarm.notifications]
