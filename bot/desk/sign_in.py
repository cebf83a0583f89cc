"""Signing in and out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response

from bot.desk import door, second_factor, sessions
from bot.desk.deps import Inside, Person, Session
from bot.desk.errors import SIGN_IN
from bot.desk.headers import PREFIX
from bot.desk.pages import back_to, safe_next, show
from bot.records import audit
from bot.records import staff as records

SECOND = f"{PREFIX}/second-step"
Text = Annotated[str, Form(max_length=1_000)]

router = APIRouter()
"""For everybody."""
inside = APIRouter()
"""For who is signed in."""


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


@router.get("/sign-in")
def ask(request: Request, desk: Inside, found: Session, next: str = "") -> Response:
    """The form; before the first account is made, how to make it."""
    if found is not None and found.session.second_factor_done:
        return back_to(safe_next(next))
    with desk.database.read() as session:
        anybody = records.anybody(session)
    if not anybody:
        return show(request, "no_staff.html")
    return show(request, "sign_in.html", next=next, name="", refused=None)


@router.post("/sign-in")
def enter(
    request: Request, desk: Inside, found: Session, name: Text = "", password: Text = "", next: Text = ""
) -> Response:
    """Name and password. Always a new session: no token from before the sign-in is worth anything after it."""
    staff = door.enter(desk, name, password, address_of(request))
    if isinstance(staff, door.Refused):
        status = 401 if staff.why == "wrong" else 429
        return show(request, "sign_in.html", status, next=next, name=name, refused=staff)
    now, whole = desk.now(), staff.totp_secret is None
    with desk.database.write() as session:
        if found is not None:
            records.end_session(session, found.session.id)
        token = sessions.begin(desk, session, staff.id, whole, now)
        if whole:
            audit.add(session, staff.name, "signed_in", now, data={"address": address_of(request)})
    return _with(desk, token, back_to(safe_next(next) if whole else f"{SECOND}?{urlencode({'next': safe_next(next)})}"))


@router.get("/second-step")
def ask_second(request: Request, found: Session, next: str = "") -> Response:
    """The form for the code."""
    if found is None:
        return back_to(SIGN_IN)
    if found.session.second_factor_done:
        return back_to(safe_next(next))
    return show(request, "second_step.html", next=next, refused=None)


@router.post("/second-step")
def enter_second(request: Request, desk: Inside, found: Session, code: Text = "", next: Text = "") -> Response:
    """The code of the telephone, or one that was written down. Right: the whole session, with a new token."""
    if found is None:
        return back_to(SIGN_IN)
    if found.session.second_factor_done:
        return back_to(safe_next(next))
    address = address_of(request)
    refused = second_factor.prove(desk, found.staff.id, code, address)
    if refused is not None:
        return show(request, "second_step.html", 401 if refused.why == "wrong" else 429, next=next, refused=refused)
    now = desk.now()
    with desk.database.write() as session:
        records.end_session(session, found.session.id)
        token = sessions.begin(desk, session, found.staff.id, True, now)
        audit.add(session, found.staff.name, "signed_in", now, data={"address": address, "second_step": True})
    return _with(desk, token, back_to(safe_next(next)))


@inside.post("/sign-out")
def leave(desk: Inside, person: Person) -> Response:
    """Sign this browser out."""
    with desk.database.write() as session:
        records.end_session(session, person.session)
        audit.add(session, person.name, "signed_out", desk.now())
    response = back_to(f"{SIGN_IN}?done=signed_out")
    sessions.clear_cookie(response, desk, sessions.COOKIE)
    return response


def _with(desk: Inside, token: str, response: Response) -> Response:
    sessions.set_cookie(response, desk, sessions.COOKIE, token)
    sessions.clear_cookie(response, desk, sessions.VISIT)
    return response
