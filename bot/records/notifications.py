"""Alerts to people outside the desk: what is to be sent, to which target of clinic.yml, and what became of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, exists, select, update
from sqlalchemy import case as sql_case
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from bot.records import audit
from bot.records.models import LEVELS, Audit, Case, Conversation, Level, Notification

UNREACHED = "nobody_reached"
"""The line of the trail that says so, once for each level of a case: it is in its `data`."""
STARTS = ("opened", "raised", "reopened", "alarm_again", "extended")
"""Lines after which a case that is open needs somebody anew; `extended` only if it `was` not open before."""
RECENT = timedelta(hours=24)
_STALE = (
    Notification.state == "queued",
    ~exists().where(Case.id == Notification.case_id, Case.state == "open", Case.level == Notification.level),
)


@dataclass(frozen=True)
class Alarm:
    """A case nobody acknowledged, `since` when, and the notifications of this alarm at the case's level."""

    case_id: uuid.UUID
    conversation_id: uuid.UUID | None
    level: Level
    since: datetime
    due_at: datetime
    notifications: Sequence[Notification]
    unreached: bool
    """Whether the trail says, at this level, that nobody could be reached."""


@dataclass(frozen=True)
class Claim:
    """A notification that this process, and no other, may send now: its `attempts`-th try."""

    id: uuid.UUID
    level: Level
    step: int
    attempts: int
    since: datetime
    due_at: datetime


@dataclass(frozen=True)
class Trouble:
    """What staff must know of the alerts: targets that cannot be told, with an error code, and cases nobody took."""

    targets: Mapping[str, str]
    unreached: Sequence[uuid.UUID]


def alarms(session: Session, case_id: uuid.UUID | None = None) -> list[Alarm]:
    """Every case that nobody acknowledged, or only this one if it is so."""
    query = select(Case.id, Case.conversation_id, Case.level, Case.opened_at, Case.due_at).where(Case.state == "open")
    cases = session.execute(query if case_id is None else query.where(Case.id == case_id)).all()
    if not cases:
        return []
    ids = [row.id for row in cases]
    since: dict[uuid.UUID | None, datetime] = {}
    unreached: set[tuple[uuid.UUID | None, str]] = set()
    lines = select(Audit).where(Audit.case_id.in_(ids), Audit.action.in_((*STARTS, UNREACHED))).order_by(Audit.id)
    for line in session.scalars(lines):
        if line.action == UNREACHED:
            unreached.add((line.case_id, line.data["level"]))
        elif line.action != "extended" or "was" in line.data:
            since[line.case_id] = line.at
    rows: dict[tuple[uuid.UUID, Level], list[Notification]] = defaultdict(list)
    for row in session.scalars(select(Notification).where(Notification.case_id.in_(ids))):
        rows[row.case_id, row.level].append(row)
    return [
        Alarm(
            case.id,
            case.conversation_id,
            case.level,
            begun,
            case.due_at,
            [row for row in rows[case.id, case.level] if row.created_at >= begun],
            (case.id, case.level) in unreached,
        )
        for case in cases
        for begun in [since.get(case.id, case.opened_at)]
    ]


def lock(session: Session, case_id: uuid.UUID) -> Alarm | None:
    """The alarm of a case, held until the end of the transaction. None if somebody has acknowledged it."""
    conversation_id = session.scalar(select(Case.conversation_id).where(Case.id == case_id))
    # in the order of all who write cases: who waits for whom is then no circle
    session.execute(select(Conversation.id).where(Conversation.id == conversation_id).with_for_update())
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    return next(iter(alarms(session, case_id)), None)


def add(session: Session, alarm: Alarm, step: int, targets: Sequence[str], at: datetime) -> None:
    """The next step of an alarm, to be sent at once. It takes the place of what its targets were not sent yet."""
    unsent = update(Notification).where(
        Notification.case_id == alarm.case_id, Notification.target.in_(targets), Notification.state == "queued"
    )
    _change(session, unsent, state="cancelled")
    session.add_all(
        Notification(case_id=alarm.case_id, level=alarm.level, step=step, target=target, next_at=at, created_at=at)
        for target in targets
    )
    session.flush()


def stale(session: Session) -> bool:
    """Whether something is queued for a case that somebody has acknowledged, or at a level that it left."""
    return session.scalar(select(exists().where(*_STALE))) is True


def cancel_stale(session: Session) -> int:
    """Cancel it. Gives the number."""
    return _change(session, update(Notification).where(*_STALE), state="cancelled")


def waiting(session: Session, now: datetime) -> set[str]:
    """The targets with something to send at `now`."""
    query = select(Notification.target).where(Notification.state == "queued", Notification.next_at <= now)
    return set(session.scalars(query.distinct()))


def claim(session: Session, target: str, now: datetime, lease: timedelta) -> Claim | None:
    """The gravest notification for a target, the oldest of equals, if its case still waits for somebody.

    Nobody else gets it for the time of the `lease`; whoever gets it after that does not know if it was sent.
    """
    rank = sql_case({level: number for number, level in enumerate(LEVELS)}, value=Notification.level)
    query = (
        select(Notification)
        .join(Case, Case.id == Notification.case_id)
        .where(
            Notification.target == target,
            Notification.state == "queued",
            Notification.next_at <= now,
            Notification.level == Case.level,
            Case.state == "open",
        )
        .order_by(rank.desc(), Notification.created_at)
        .limit(1)
    )
    row = session.scalar(query)
    alarm = lock(session, row.case_id) if row else None
    if row is None or alarm is None or alarm.level != row.level:
        return None
    taken = update(Notification).where(
        Notification.id == row.id, Notification.state == "queued", Notification.attempts == row.attempts
    )
    if not _change(session, taken, attempts=row.attempts + 1, next_at=now + lease):
        return None
    return Claim(row.id, row.level, row.step, row.attempts + 1, alarm.since, alarm.due_at)


def sent(session: Session, claim: Claim, at: datetime) -> None:
    """The provider has it: also if somebody acknowledged, or took over, while it was on its way."""
    query = update(Notification).where(Notification.id == claim.id)
    _change(session, query, state="sent", sent_at=at, error_code=None)


def again(session: Session, claim: Claim, code: str, next_at: datetime) -> None:
    """It is tried again at `next_at`. `code` is a word of ours, without anything of an address."""
    _change(session, _mine(claim), next_at=next_at, error_code=code)


def give_up(session: Session, claim: Claim, code: str) -> None:
    """No further try can help."""
    _change(session, _mine(claim), state="failed", error_code=code)


def of_case(session: Session, case_id: uuid.UUID) -> list[Notification]:
    """Everything sent, or to be sent, for a case, oldest first."""
    query = select(Notification).where(Notification.case_id == case_id)
    return list(session.scalars(query.order_by(Notification.created_at, Notification.target)))


def trouble(session: Session, now: datetime) -> Trouble:
    """As of `now`: targets whose last try of a day failed, and open cases for which nobody was reached."""
    query = select(Notification).where(Notification.created_at > now - RECENT, Notification.attempts > 0)
    last: dict[str, Notification] = {}
    for row in session.scalars(query.order_by(Notification.created_at, Notification.attempts)):
        last[row.target] = row
    failing = {name: row.error_code for name, row in last.items() if row.state != "sent"}
    return Trouble(
        {name: code for name, code in failing.items() if code},
        [alarm.case_id for alarm in alarms(session) if alarm.unreached],
    )


def nobody_reached(session: Session, alarm: Alarm, at: datetime, why: str, told: bool) -> None:
    """A line in the trail, and why, in a word. `told`: the patient heard it, and is not one who wants no texts."""
    data = {"level": alarm.level, "why": why, "told": told}
    audit.add(session, audit.SYSTEM, UNREACHED, at, alarm.case_id, alarm.conversation_id, data)


def _mine(claim: Claim) -> Update:
    """The notification, unless it was cancelled or a later try of whoever took over knows better."""
    return update(Notification).where(
        Notification.id == claim.id, Notification.attempts == claim.attempts, Notification.state == "queued"
    )


def _change(session: Session, query: Update, **values: object) -> int:
    result = session.execute(query.values(**values), execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount
