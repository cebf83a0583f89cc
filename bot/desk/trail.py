"""The audit, for admins: who did what, and when."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from bot.desk.deps import Inside, Needs
from bot.desk.desk import Desk
from bot.desk.headers import PREFIX
from bot.desk.pages import show
from bot.records import trail as records

PAGE = f"{PREFIX}/audit"
Value = TypeVar("Value")
LINES = 50
"""On a page."""

inside = APIRouter(dependencies=[Depends(Needs("admin"))])


@inside.get("/audit")
def page(
    request: Request,
    desk: Inside,
    actor: str = "",
    action: str = "",
    about: str = "",
    since: str = "",
    until: str = "",
    before: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Response:
    """The newest first; days are the clinic's, both of them included. An empty filter means any."""
    wanted = records.Wanted(
        actor or None,
        action or None,
        _read(uuid.UUID, about.strip()),
        _start(desk, since),
        _start(desk, until, timedelta(days=1)),
    )
    with desk.database.read() as session:
        lines = records.page(session, wanted, before, LINES + 1)
        actors, actions = records.choices(session)
    asked = {"actor": actor, "action": action, "about": about.strip(), "since": since, "until": until}
    filters = {name: value for name, value in asked.items() if value}
    older = f"{PAGE}?{urlencode(filters | {'before': lines[LINES - 1].id})}" if len(lines) > LINES else None
    values: dict[str, Any] = {
        "lines": lines[:LINES],
        "actors": actors,
        "actions": actions,
        "asked": asked,
        "older": older,
    }
    return show(request, "audit.html", newest=f"{PAGE}?{urlencode(filters)}" if before else None, **values)


def _start(desk: Desk, day: str, later: timedelta = timedelta(0)) -> datetime | None:
    return _read(lambda text: datetime.combine(date.fromisoformat(text) + later, time(), desk.clinic.timezone), day)


def _read(parse: Callable[[str], Value], text: str) -> Value | None:
    try:
        return parse(text) if text else None
    except (ValueError, OverflowError) as error:
        raise HTTPException(400, "unreadable_filter") from error
