"""Accounts of the staff, for admins. Nobody types a password for somebody else: they get a link."""

from __future__ import annotations

import uuid
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.desk import links, second_factor
from bot.desk.deps import Inside, Needs, Person
from bot.desk.desk import Desk
from bot.desk.headers import PREFIX
from bot.desk.names import shown, usable
from bot.desk.pages import back_to, show
from bot.records import audit
from bot.records import staff as records
from bot.records.models import Role, Staff

PAGE = f"{PREFIX}/staff"
Text = Annotated[str, Form(max_length=200)]

inside = APIRouter(prefix="/staff", dependencies=[Depends(Needs("admin"))])


@inside.get("")
def page(request: Request, desk: Inside) -> Response:
    """Everybody, and the form for one more."""
    return _page(request, desk)


@inside.post("")
def add(
    request: Request,
    desk: Inside,
    person: Person,
    role: Annotated[Role, Form()],
    name: Text = "",
    display_name: Text = "",
) -> Response:
    """A new account; its link is shown this once."""
    name, read_as = records.normal(name), shown(display_name.strip() or name)
    if not usable(name) or read_as is None:
        return _page(request, desk, 400, problem="name")
    try:
        with desk.database.write() as session:
            staff = records.add(session, name, read_as, role, desk.now())
            audit.add(session, person.name, "staff_added", desk.now(), data={"staff": name, "role": role})
    except IntegrityError:
        return _page(request, desk, 409, problem="taken")
    return _page(request, desk, link_for=staff)


@inside.post("/{staff_id}/link")
def link(request: Request, desk: Inside, person: Person, staff_id: uuid.UUID) -> Response:
    """A link to set a new password. The old one works until it is used."""
    with desk.database.write() as session:
        staff = _found(session, staff_id)
        audit.add(session, person.name, "password_link_made", desk.now(), data={"staff": staff.name})
    return _page(request, desk, link_for=staff)


@inside.post("/{staff_id}/role")
def set_role(
    request: Request, desk: Inside, person: Person, staff_id: uuid.UUID, role: Annotated[Role, Form()]
) -> Response:
    """Another role; they must sign in again."""
    if staff_id == person.id:
        return _page(request, desk, 409, problem="yourself")
    with desk.database.write() as session:
        staff = _found(session, staff_id)
        data = {"staff": staff.name, "from": staff.role, "to": role}
        staff.role = role
        records.end_sessions(session, staff_id)
        audit.add(session, person.name, "staff_role", desk.now(), data=data)
    return back_to(f"{PAGE}?done=staff_changed")


@inside.post("/{staff_id}/active")
def set_active(
    request: Request, desk: Inside, person: Person, staff_id: uuid.UUID, active: Annotated[bool, Form()]
) -> Response:
    """Whether they may sign in. What they did stays under their name."""
    if staff_id == person.id:
        return _page(request, desk, 409, problem="yourself")
    with desk.database.write() as session:
        staff = _found(session, staff_id)
        staff.active = active
        records.end_sessions(session, staff_id)
        action = "staff_activated" if active else "staff_deactivated"
        audit.add(session, person.name, action, desk.now(), data={"staff": staff.name})
    return back_to(f"{PAGE}?done=staff_changed")


@inside.post("/{staff_id}/unlock")
def unlock(desk: Inside, person: Person, staff_id: uuid.UUID) -> Response:
    """After too many wrong passwords."""
    with desk.database.write() as session:
        staff = _found(session, staff_id)
        records.forget_failures(staff)
        audit.add(session, person.name, "staff_unlocked", desk.now(), data={"staff": staff.name})
    return back_to(f"{PAGE}?done=staff_unlocked")


@inside.post("/{staff_id}/second-step/off")
def reset_second_step(desk: Inside, person: Person, staff_id: uuid.UUID) -> Response:
    """For a lost telephone. One's own is turned off with one's password, on the account page."""
    if staff_id == person.id:
        raise HTTPException(403, "own_second_step")
    with desk.database.write() as session:
        staff = _found(session, staff_id)
        second_factor.forget(staff)
        records.end_sessions(session, staff_id)
        audit.add(session, person.name, "second_step_reset", desk.now(), data={"staff": staff.name})
    return back_to(f"{PAGE}?done=second_step_reset")


def _found(session: Session, staff_id: uuid.UUID) -> Staff:
    staff = records.locked(session, staff_id)
    if staff is None:
        raise HTTPException(404)
    return staff


def _page(
    request: Request, desk: Desk, status: int = 200, problem: str | None = None, link_for: Staff | None = None
) -> Response:
    with desk.database.read() as session:
        everybody = records.everybody(session)
    link = links.password_link(desk.public_url, desk.key, link_for) if link_for else None
    values = {"everybody": everybody, "roles": get_args(Role), "problem": problem, "link": link, "link_for": link_for}
    return show(request, "staff.html", status, **values)
