"""Every route of the real app below /desk, found by itself: what a visitor, a wrong role, a foreign page can do there.

A route that is added later is walked, too: without a session, with a low role, without the token of its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from desk_browser import ORIGIN, Browser, House
from fastapi.routing import iter_route_contexts
from sqlalchemy import select

from bot.desk.deps import Needs, Signed
from bot.desk.headers import POLICY
from bot.gateway import log
from bot.gateway.app import create_app
from bot.records.models import Base

Browse = Callable[..., Browser]
PUBLIC = {"/desk/sign-in", "/desk/second-step", "/desk/set-password/{token}"}
"""Whoever may come without a session. One more is a decision."""
LINKED = {"/desk/ack/{token}"}
"""A signed one-time token in the address is the right itself."""
STREAM = "/desk/live/events"
ADMIN = {"/desk/staff", "/desk/audit"}
"""Below these nobody but admins."""


@dataclass(frozen=True)
class Door:
    method: str
    path: str
    roles: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def filled(self, value: str) -> str:
        return re.sub(r"\{[^}]+\}", value, self.path)


def _calls(dependant: Any) -> Iterator[Any]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def _doors() -> list[Door]:
    found = []
    for route in iter_route_contexts(create_app().routes):
        if not (route.path or "").startswith("/desk") or not getattr(route, "methods", None):
            continue
        needs = next((call for call in _calls(route.dependant) if isinstance(call, Needs)), None)  # type: ignore[attr-defined]
        roles = needs.roles if needs else ()
        found += [Door(method, route.path or "", roles) for method in sorted(route.methods or ())]
    return found


DOORS = _doors()
INSIDE = [door for door in DOORS if door.path not in PUBLIC | LINKED]
CHANGING = [door for door in DOORS if door.method not in ("GET", "HEAD")]
SOME_ID = "00000000-0000-4000-8000-000000000001"


def _everything(house: House) -> list[Any]:
    """Every row of every table, but for the audit and when a session was used."""
    with house.desk.database.read() as session:
        return [
            (table.name, session.execute(select(table)).all())
            for table in Base.metadata.sorted_tables
            if table.name not in ("audit", "staff_sessions")
        ]


async def _ask(browser: Browser, door: Door, value: str = SOME_ID, **more: Any) -> Any:
    if door.method == "GET":
        return await browser.get(door.filled(value))
    assert door.method == "POST", "only GET and POST are walked"
    return await browser.post(door.filled(value), **more)


def test_the_walk_finds_the_routes() -> None:
    found = {str(door) for door in DOORS}
    assert found >= {"GET /desk", "POST /desk/sign-out", "POST /desk/staff/{staff_id}/role", "GET /desk/audit"}
    assert {door.path for door in DOORS} >= PUBLIC | LINKED
    for door in DOORS:
        if any(door.path == below or door.path.startswith(f"{below}/") for below in ADMIN):
            assert door.roles == ("admin",), door


async def test_without_a_session(house: House, browse: Browse) -> None:
    house.hire("root", "admin")
    before = _everything(house)
    for door in INSIDE:
        browser = browse()
        await browser.get("/desk/sign-in")
        answer = await _ask(browser, door)
        assert answer.status_code == 303, door
        assert answer.headers["location"].startswith("/desk/sign-in"), door
        assert answer.content == b"", door
        script = await browser.client.request(door.method, door.filled(SOME_ID), headers={"hx-request": "true"})
        assert (script.status_code, script.headers["hx-redirect"]) == (401, "/desk/sign-in"), door
    assert _everything(house) == before


async def test_with_half_a_session(house: House, browse: Browse) -> None:
    """The password alone opens nothing when there is a second step."""
    house.hire("root", "admin", totp_secret="JBSWY3DPEHPK3PXP")
    browser = browse()
    await browser.sign_in("root")
    for door in INSIDE:
        answer = await _ask(browser, door)
        assert answer.headers.get("location", "").startswith("/desk/sign-in"), door


async def test_with_the_wrong_role(house: House, browse: Browse) -> None:
    walked = 0
    for role in ("front_desk", "clinician"):
        house.hire(role, role)
        browser = browse()
        await browser.sign_in(role)
        before = _everything(house)
        for door in INSIDE:
            if not door.roles or role in door.roles:
                continue
            walked += 1
            lines = len(house.audit("refused"))
            await browser.get("/desk/account")
            assert (await _ask(browser, door)).status_code == 403, (role, door)
            assert browser.problem.startswith("Your role does not have the right"), (role, door)
            line = house.audit("refused")[lines:][0]
            assert (line.actor, line.data["role"], line.data["method"]) == (role, role, door.method)
        assert _everything(house) == before
    assert walked >= 16


@pytest.mark.parametrize(
    ("origin", "token"),
    [
        (ORIGIN, "missing"),
        (ORIGIN, "stale"),
        (ORIGIN, "wrong"),
        ("https://evil.example", "right"),
        ("null", "right"),
        (None, "right"),
        (f"{ORIGIN}.evil.example", "right"),
        ("https://user@evil.example", "right"),
    ],
)
async def test_what_is_not_from_our_own_page(house: House, browse: Browse, origin: str | None, token: str) -> None:
    """For each route that changes something; with `right` tokens only the origin can save it."""
    house.hire("root", "admin")
    visitor, admin = browse(), browse()
    await visitor.get("/desk/sign-in")
    await admin.sign_in("root")
    right = {visitor: visitor.csrf, admin: admin.csrf}
    sent = right if token in ("right", "stale") else dict.fromkeys(right, "" if token == "missing" else "0" * 64)
    if token == "stale":
        await admin.post("/desk/sign-out")
        await admin.sign_in("root")
        visitor.client.cookies.clear()
        await visitor.get("/desk/sign-in")
        assert not set(right.values()) & {visitor.csrf, admin.csrf}
    before, sessions = _everything(house), [row.id for row in house.sessions()]
    for door in CHANGING:
        if door.path in LINKED:
            continue
        browser = visitor if door.path in PUBLIC else admin
        answer = await _ask(browser, door, origin=origin, csrf=sent[browser])
        assert answer.status_code == 403, door
        assert "Nothing was changed." in browser.problem, door
    assert _everything(house) == before
    assert [row.id for row in house.sessions()] == sessions


async def test_a_forged_link_changes_nothing(house: House, browse: Browse) -> None:
    before = _everything(house)
    for door in [door for door in DOORS if door.path in LINKED | {"/desk/set-password/{token}"}]:
        browser = browse()
        await browser.get("/desk/sign-in")
        answer = await _ask(browser, door, "WzEsMl0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
        assert answer.status_code in (400, 403, 404, 410), door
    assert _everything(house) == before


@pytest.mark.parametrize("value", [SOME_ID, "1", "..%2f..%2fetc%2fpasswd", "%00", "'%20OR%201=1--", "x" * 500])
async def test_an_id_that_is_not_there_looks_like_one_that_is_none(house: House, browse: Browse, value: str) -> None:
    house.hire("root", "admin")
    browser = browse()
    await browser.sign_in("root")
    pages = set()
    for door in [door for door in INSIDE if re.search(r"\{\w+_id\}", door.path)]:
        await browser.get("/desk/account")
        form = {"version": "0", "role": "admin", "active": "true", "text": "hello", "outcome": "booked", "sure": "true"}
        answer = await _ask(browser, door, value, **form)
        assert answer.status_code == 404, door
        pages.add(re.sub(r'"x-csrf-token": "\w+"|value="\w{64}"', "", answer.text))
    assert len(pages) == 1, "the answers can be told apart"


async def test_a_fault_of_ours_is_a_page_that_says_so(
    house: House, browse: Browse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in()

    def broken(*_: object) -> None:
        raise RuntimeError("secret words of a patient")

    monkeypatch.setattr("bot.desk.inbox.Clock", broken)
    answer = await browser.get("/desk")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == POLICY
    assert "may not have been saved" in browser.page
    assert "secret" not in browser.page
    assert "page broken" in caplog.text
    piece = await browser.get("/desk", **{"hx-request": "true"})
    assert (piece.status_code, "<html" in piece.text) == (500, False)


async def test_headers_of_every_answer(house: House, browse: Browse) -> None:
    house.hire("root", "admin")
    visitor, admin = browse(), browse()
    await admin.sign_in("root")
    asked = 0
    for browser in (visitor, admin):
        for door in [door for door in DOORS if door.method == "GET" and door.path != STREAM]:
            headers = (await browser.get(door.filled(SOME_ID))).headers
            asked += 1
            assert headers["content-security-policy"] == POLICY, door
            assert headers["cache-control"] == "no-store", door
            assert headers["x-frame-options"] == "DENY", door
            assert headers["x-content-type-options"] == "nosniff", door
            assert headers["referrer-policy"] == "same-origin", door
            assert headers["cross-origin-opener-policy"] == "same-origin", door
            assert "access-control-allow-origin" not in headers, door
    assert asked > 30
    assert "unsafe" not in POLICY


async def test_pages_hold_no_script_and_no_style_of_their_own(house: House, browse: Browse) -> None:
    """The policy would silence them, and nobody would notice."""
    house.hire("root", "admin")
    visitor, admin = browse(), browse()
    await admin.sign_in("root")
    for browser in (visitor, admin):
        for door in [door for door in DOORS if door.method == "GET" and door.path != STREAM]:
            page = (await browser.get(door.filled(SOME_ID))).text
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page), door
            for address in re.findall(r'(?:src|href|action)="([^"]*)"', page):
                assert address.startswith(("/desk", "#", "tel:")), (door, address)


async def test_other_websites_cannot_read_the_desk(house: House, browse: Browse) -> None:
    house.hire("root", "admin")
    admin = browse()
    await admin.sign_in("root")
    for origin in ("https://evil.example", "null", *house.desk.clinic.website_origins):
        headers = (await admin.get("/desk/account", origin=origin)).headers
        assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"csrf":"x"}', 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("text/plain", b"csrf=x", 415),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 200_001, 413),
        ("application/x-www-form-urlencoded", b"&".join(b"a=b" for _ in range(5_000)), 400),
        ("application/x-www-form-urlencoded", b"csrf=%ff%00%fe", 403),
        ("application/x-www-form-urlencoded", b"csrf=x&csrf=y", 403),
    ],
)
async def test_a_body_that_is_no_form(house: House, browse: Browse, kind: str, body: bytes, status: int) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in()
    headers = {"content-type": kind, "origin": ORIGIN}
    answer = await browser.client.post("/desk/account/password", content=body, headers=headers)
    assert answer.status_code == status


async def test_secrets_do_not_stand_in_the_database(house: House, browse: Browse) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in()
    token = browser.client.cookies["desk_session"]
    with house.desk.database.read() as session:
        for table in Base.metadata.sorted_tables:
            assert token not in str(session.execute(select(table)).all()), table.name


async def test_nothing_secret_is_logged(house: House, browse: Browse, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()  # to the standard error of this test
    house.hire()
    browser = browse()
    await browser.sign_in(password="a wrong secret")
    await browser.sign_in()
    for path in ("/desk/set-password/some-token", f"/desk/conversations/{SOME_ID}?q=some-words", "/desk/nowhere"):
        await browser.get(path)
    logged = capsys.readouterr().err
    assert '"/sign-in"' in logged
    for secret in (
        "wrong secret",
        "kettles",
        browser.client.cookies["desk_session"],
        browser.csrf,
        "some-",
        "203.0.113",
    ):
        assert secret not in logged


def test_somebody_signed_in_is_who_the_cookie_says() -> None:
    """Nothing of a request but the cookie tells who asks."""
    assert set(Signed.__dataclass_fields__) == {"id", "name", "display_name", "role", "csrf", "session"}
