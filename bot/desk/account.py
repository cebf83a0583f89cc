"""Everybody's own account: password, browsers, second step; and setting a password by a link."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from bot.desk import door, links, second_factor, sessions
from bot.desk.deps import Inside, Person, Signed
from bot.desk.desk import Desk
from bot.desk.errors import SIGN_IN
from bot.desk.headers import PREFIX
from bot.desk.names import shown
from bot.desk.pages import back_to, show
from bot.desk.passwords import SHORTEST, weakness
from bot.desk.sign_in import Text, address_of
from bot.records import audit
from bot.records import staff as records

PAGE = f"{PREFIX}/account"
SETUP_SECONDS = 900
"""How long the QR code of a second step may wait for its first code."""

inside = APIRouter()
router = APIRouter()
"""For who comes with a link."""


@inside.get("/account")
def page(request: Request, desk: Inside, person: Person) -> Response:
    """What protects the account, and where it is signed in."""
    return _page(request, desk, person)


@inside.post("/account/password")
def change_password(
    request: Request, desk: Inside, person: Person, password: Text = "", new: Text = "", again: Text = ""
) -> Response:
    """A new password; every other browser is signed out, and this one gets a new session."""
    weak = "unequal" if new != again else weakness(new, (person.name, person.display_name))
    if weak:
        return _page(request, desk, person, 400, weak=weak)
    if refused := door.prove(desk, person.id, password, address_of(request)):
        return _page(request, desk, person, 403, refused=refused)
    hashed, now = desk.passwords.hashed(new), desk.now()
    with desk.database.write() as session:
        staff = records.locked(session, person.id)
        if staff is None:
            raise HTTPException(404)
        staff.password_hash = hashed
        records.end_sessions(session, person.id)
        token = sessions.begin(desk, session, person.id, True, now)
        audit.add(session, person.name, "password_changed", now)
    response = back_to(f"{PAGE}?done=password_changed")
    sessions.set_cookie(response, desk, sessions.COOKIE, token)
    return response


@inside.post("/account/name")
def rename(desk: Inside, person: Person, display_name: Text = "") -> Response:
    """What patients and colleagues read."""
    name = shown(display_name)
    if name is None:
        raise HTTPException(400, "unusable_name")
    with desk.database.write() as session:
        if staff := records.locked(session, person.id):
            staff.display_name = name
        audit.add(session, person.name, "display_name_changed", desk.now(), data={"to": name})
    return back_to(f"{PAGE}?done=name_changed")


@inside.post("/account/sign-out-elsewhere")
def sign_out_elsewhere(desk: Inside, person: Person) -> Response:
    """Sign all other browsers out."""
    with desk.database.write() as session:
        records.end_sessions(session, person.id, but=[person.session])
        audit.add(session, person.name, "signed_out_elsewhere", desk.now())
    return back_to(f"{PAGE}?done=signed_out_elsewhere")


@inside.get("/account/second-step")
def set_up(request: Request, desk: Inside, person: Person) -> Response:
    """A QR code and a key to type; nothing is on until a code of it was entered."""
    return _set_up(request, desk, person, second_factor.new_secret())


@inside.post("/account/second-step")
def turn_on(
    request: Request, desk: Inside, person: Person, setup: Text = "", code: Text = "", password: Text = ""
) -> Response:
    """On, if the code fits; the recovery codes are shown this once."""
    try:
        secret = _setup(desk, person).loads(setup, max_age=SETUP_SECONDS)
    except BadData as error:
        raise HTTPException(403, "stale_form") from error
    now = desk.now()
    step = second_factor.step_of(secret, code, now, None)
    if step is None:
        return _set_up(request, desk, person, secret, 400, wrong_code=True)
    if refused := door.prove(desk, person.id, password, address_of(request)):
        return _set_up(request, desk, person, secret, 403, refused=refused)
    codes = second_factor.new_codes()
    with desk.database.write() as session:
        staff = records.locked(session, person.id)
        if staff is None or staff.totp_secret is not None:
            raise HTTPException(409, "second_step_is_on")
        staff.totp_secret, staff.totp_step = secret, step
        staff.recovery_codes = second_factor.kept(desk.key, codes)
        records.end_sessions(session, person.id, but=[person.session])
        audit.add(session, person.name, "second_step_on", now)
    return show(request, "recovery_codes.html", codes=codes, fresh=True)


@inside.post("/account/recovery-codes")
def new_codes(request: Request, desk: Inside, person: Person, password: Text = "") -> Response:
    """Ten new ones in place of the old."""
    if refused := door.prove(desk, person.id, password, address_of(request)):
        return _page(request, desk, person, 403, refused=refused)
    codes = second_factor.new_codes()
    with desk.database.write() as session:
        staff = records.locked(session, person.id)
        if staff is None or staff.totp_secret is None:
            raise HTTPException(409, "second_step_is_off")
        staff.recovery_codes = second_factor.kept(desk.key, codes)
        audit.add(session, person.name, "recovery_codes_new", desk.now())
    return show(request, "recovery_codes.html", codes=codes, fresh=False)


@inside.post("/account/second-step/off")
def turn_off(request: Request, desk: Inside, person: Person, password: Text = "") -> Response:
    """Off, with the password: an open browser is not enough."""
    if refused := door.prove(desk, person.id, password, address_of(request)):
        return _page(request, desk, person, 403, refused=refused)
    with desk.database.write() as session:
        if staff := records.locked(session, person.id):
            second_factor.forget(staff)
        audit.add(session, person.name, "second_step_off", desk.now())
    return back_to(f"{PAGE}?done=second_step_off")


@router.get("/set-password/{token}")
def ask_password(request: Request, desk: Inside, token: str) -> Response:
    """The form behind a link."""
    with desk.database.read() as session:
        staff = links.whose(session, desk.key, token)
    if staff is None:
        return show(request, "link_over.html", 410)
    return show(request, "set_password.html", staff=staff, shortest=SHORTEST, weak=None)


@router.post("/set-password/{token}")
def set_password(request: Request, desk: Inside, token: str, new: Text = "", again: Text = "") -> Response:
    """Set it, and unlock the account; whoever was signed in with it is signed out. The second step stays."""
    with desk.database.read() as session:
        staff = links.whose(session, desk.key, token)
    if staff is None:
        return show(request, "link_over.html", 410)
    weak = "unequal" if new != again else weakness(new, (staff.name, staff.display_name))
    if weak:
        return show(request, "set_password.html", 400, staff=staff, shortest=SHORTEST, weak=weak)
    hashed = desk.passwords.hashed(new)
    with desk.database.write() as session:
        staff = links.whose(session, desk.key, token, lock=True)
        if staff is None:  # another was faster with the same link
            return show(request, "link_over.html", 410)
        staff.password_hash = hashed
        records.forget_failures(staff)
        records.end_sessions(session, staff.id)
        audit.add(session, staff.name, "password_set", desk.now())
    return back_to(f"{SIGN_IN}?done=password_set")


def _page(
    request: Request,
    desk: Desk,
    person: Signed,
    status: int = 200,
    weak: str | None = None,
    refused: door.Refused | None = None,
) -> Response:
    now = desk.now()
    with desk.database.read() as session:
        staff = records.get(session, person.id)
        browsers = records.sessions_of(session, person.id, now, desk.idle)
    if staff is None:
        raise HTTPException(404)
    values = {"staff": staff, "browsers": browsers, "shortest": SHORTEST, "weak": weak, "refused": refused}
    return show(request, "account.html", status, **values)


def _set_up(
    request: Request,
    desk: Desk,
    person: Signed,
    secret: str,
    status: int = 200,
    wrong_code: bool = False,
    refused: door.Refused | None = None,
) -> Response:
    qr = second_factor.picture(second_factor.address(secret, person.name, desk.clinic.name))
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    values = {"qr": qr, "key": spaced, "setup": _setup(desk, person).dumps(secret)}
    return show(request, "second_step_setup.html", status, wrong_code=wrong_code, refused=refused, **values)


def _setup(desk: Desk, person: Signed) -> URLSafeTimedSerializer:
    """Bound to the session: a secret that somebody else knows cannot be put under."""
    return URLSafeTimedSerializer(desk.key, salt=f"desk second step {person.session}")
