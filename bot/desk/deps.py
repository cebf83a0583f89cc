"""Who asks, from where, and whether they may."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request

from bot.desk import sessions
from bot.desk.desk import Desk
from bot.desk.tokens import keyed, same
from bot.records import audit
from bot.records.models import Role

FIELD, HEADER = "csrf", "x-csrf-token"
"""Where a form and a script carry the token of the session."""
CHANGES_NOTHING = ("GET", "HEAD", "OPTIONS")


def desk_of(request: Request) -> Desk:
    """The desk of the running app."""
    desk: Desk = request.app.state.desk
    return desk


Inside = Annotated[Desk, Depends(desk_of)]


@dataclass(frozen=True)
class Signed:
    """Somebody of the staff in a session of theirs. `session` is the id of its row, not the cookie."""

    id: uuid.UUID
    name: str
    display_name: str
    role: Role
    csrf: str
    session: str


def session_of(request: Request, desk: Inside) -> sessions.Found | None:
    """The session of the cookie, also one whose second factor is not done."""
    return sessions.find(desk, request.cookies.get(sessions.COOKIE, ""))


Session = Annotated[sessions.Found | None, Depends(session_of)]


def signed_in(request: Request, found: Session) -> Signed:
    """Somebody who is signed in whole. 401 otherwise; a page then becomes the one to sign in."""
    if found is None or not found.session.second_factor_done:
        raise HTTPException(401, "signed_out")
    staff, session = found.staff, found.session
    person = Signed(staff.id, staff.name, staff.display_name, staff.role, session.csrf, session.id)
    request.state.person = person
    return person


Person = Annotated[Signed, Depends(signed_in)]


class Needs:
    """A dependency: 403 and a line in the audit for whoever has none of these roles."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    def __call__(self, request: Request, desk: Inside, person: Person) -> None:
        """See FastAPI."""
        if person.role in self.roles:
            return
        with desk.database.write() as session:
            data = {"role": person.role, "method": request.method, "route": request.scope["route"].path}
            audit.add(session, actor=person.name, action="refused", at=desk.now(), data=data)
        raise HTTPException(403, "wrong_role")


async def genuine(request: Request, desk: Inside, found: Session) -> None:
    """403 unless what changes something comes from a page of ours in this very session."""
    if request.method in CHANGES_NOTHING:
        return
    if not _own(request, desk):
        raise HTTPException(403, "foreign_origin")
    given = request.headers.get(HEADER) or (await request.form()).get(FIELD)
    expected = token_of(request, desk, found)
    if not expected or not isinstance(given, str) or not same(given, expected):
        raise HTTPException(403, "stale_form")


def token_of(request: Request, desk: Desk, found: sessions.Found | None) -> str:
    """What a form must carry: the token of the session; before there is one, of the visit. Empty without either."""
    if found is not None:
        return found.session.csrf
    visit = getattr(request.state, "visit", None) or request.cookies.get(sessions.VISIT, "")
    return keyed(desk.key, "desk form", visit) if visit else ""


def _own(request: Request, desk: Desk) -> bool:
    """By host, not by scheme: behind a proxy that ends TLS this process sees http."""
    origin = request.headers.get("origin", "")
    host = urlsplit(origin).netloc
    return host != "" and host in (request.headers.get("host"), urlsplit(desk.public_url).netloc)
