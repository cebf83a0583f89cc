"""Signing in: what is let in, what is slowed and locked, and what is written down of it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from statistics import median

import pytest
from argon2 import PasswordHasher
from desk_browser import PASSWORD, Browser, House

from bot.desk import sessions
from bot.desk.attempts import LOCKED, Attempts, pause
from bot.desk.pages import safe_next
from bot.gateway.web.address import household

Browse = Callable[..., Browser]


async def test_without_staff_it_says_how_to_make_the_first(browse: Browse) -> None:
    browser = browse()
    assert (await browser.get("/desk")).headers["location"] == "/desk/sign-in"
    assert "make staff-user NAME=anna ROLE=admin" in (await browser.get("/desk/sign-in")).text


async def test_in_and_out(records: object, house: House, browse: Browse) -> None:
    house.hire()
    browser = browse()
    answer = await browser.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert browser.signed_in
    token = browser.client.cookies["desk_session"]
    assert [line.action for line in house.audit()] == ["signed_in"]
    assert (await browser.post("/desk/sign-out")).headers["location"] == "/desk/sign-in?done=signed_out"
    assert "You are signed out." in (await browser.get("/desk/sign-in?done=signed_out")).text
    browser.client.cookies.set("desk_session", token, domain="clinic.example", path="/desk")
    assert (await browser.get("/desk/account")).status_code == 303
    assert house.sessions() == []


async def test_the_cookie(house: House, browse: Browse) -> None:
    house.hire()
    answer = await browse().sign_in()
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("desk_session="))
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert flags == {"httponly", "secure", "samesite=strict", "path=/desk"}


@pytest.mark.parametrize("name", ["anna", "nobody"])
async def test_ten_wrong_passwords_lock_whoever_it_is(house: House, browse: Browse, name: str) -> None:
    """A name that nobody has looks the same at each step."""
    house.clock.stand_still()
    house.hire()
    browser = browse()
    said = []
    for failure in range(1, LOCKED + 1):
        assert (await browser.sign_in(name, "wrong")).status_code == 401
        said.append(browser.problem)
        if pause(failure):
            assert (await browser.sign_in(name)).status_code == 429
            said.append(re.sub(r"\d\d:\d\d", "…", browser.problem))
            assert not browser.signed_in
        if failure < LOCKED:
            house.clock.forward(seconds=pause(failure).total_seconds() + 1)
    assert set(said) == {
        "That did not fit. Check your name and password and try again.",
        "Too many wrong tries. This account is locked until …. An admin of your clinic can unlock it sooner on the "
        "page “Staff”; whoever runs the server can with make staff-user NAME=….",
    }
    house.clock.forward(minutes=59)
    assert (await browser.sign_in(name)).status_code == 429
    house.clock.forward(minutes=2)
    assert (await browser.sign_in(name)).status_code == (303 if name == "anna" else 401)


async def test_what_is_written_down_of_failures_holds_no_secret(house: House, browse: Browse) -> None:
    house.hire()
    for name, password in (("anna", "wrong secret"), ("my-pass-as-name", "other secret")):
        await browse().sign_in(name, password)
    lines = house.audit()
    assert [(line.actor, line.action, line.data["step"]) for line in lines] == [
        ("anna", "sign_in_failed", "password"),
        ("system", "sign_in_failed", "name"),
    ]
    assert not re.search("secret|my-pass", str([line.data for line in lines]))


async def test_many_guesses_at_once_gain_nothing(records: object, house: House, browse: Browse) -> None:
    house.clock.stand_still()
    house.hire()
    browsers = [browse(f"203.0.113.{number}") for number in range(30)]
    answers = await asyncio.gather(*(browser.sign_in(password="wrong") for browser in browsers))
    assert house.staff().failures == sum(answer.status_code == 401 for answer in answers) <= 4
    assert sum(answer.status_code == 429 for answer in answers) >= 26


def test_an_address_has_so_many_failures() -> None:
    attempts = Attempts("5/day", household)
    said = []
    for _ in range(6):
        said.append(attempts.may_try("2001:db8::1"))
        attempts.failed("2001:db8::1")
    assert said == [True] * 5 + [False]
    assert [attempts.may_try(other) for other in ("2001:db8::2", "2001:db8:0:1::2")] == [False, True]


async def test_an_address_is_slowed_over_many_names(house: House, browse: Browse) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in("name", "wrong")
    for _ in range(40):  # twice the limit: the window may slide meanwhile
        house.desk.attempts.failed("203.0.113.7")
    assert (await browser.sign_in()).status_code == 429
    assert browser.problem == "Too many wrong tries from your network. Wait a minute, then try again."
    assert (await browse("198.51.100.9").sign_in()).status_code == 303


async def test_a_wrong_name_takes_as_long_as_a_wrong_password(house: House) -> None:
    from bot.desk import door

    house.hire()
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(7):
        for kind, name in (("known", "anna"), ("unknown", f"nobody{number}")):
            started = time.process_time()  # whatever else the machine does
            door.enter(house.desk, name, "wrong", f"198.51.100.{number}")
            took[kind].append(time.process_time() - started)
        house.clock.forward(hours=2)
    known, unknown = median(took["known"][1:]), median(took["unknown"][1:])
    assert 0.5 < known / unknown < 2


async def test_a_weak_old_hash_is_renewed(house: House, browse: Browse) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    house.hire(password_hash=old)
    await browse().sign_in()
    assert house.staff().password_hash.startswith("$argon2id$")
    assert house.staff().password_hash != old
    assert not house.desk.passwords.outdated(house.staff().password_hash)


@pytest.mark.parametrize(
    ("changed", "status"), [({"active": False}, 401), ({"password_hash": ""}, 401), ({"failures": 9}, 303)]
)
async def test_who_is_let_in(house: House, browse: Browse, changed: dict[str, object], status: int) -> None:
    house.hire(**changed)
    assert (await browse().sign_in()).status_code == status
    assert (await browse().sign_in(password="")).status_code == 401


@pytest.mark.parametrize("name", ["Anna", " anna ", "ANNA"])
async def test_a_name_is_forgiving(house: House, browse: Browse, name: str) -> None:
    house.hire()
    assert (await browse().sign_in(name)).status_code == 303


async def test_a_session_from_before_the_sign_in_is_worth_nothing(house: House, browse: Browse) -> None:
    house.hire()
    house.hire("ben")
    browser = browse()
    for planted in ("desk_session", "desk_visit"):
        browser.client.cookies.set(planted, "planted-by-somebody-else", domain="clinic.example", path="/desk")
    await browser.sign_in()
    first = browser.client.cookies["desk_session"]
    assert first != "planted-by-somebody-else"
    form = await browser.get("/desk/sign-in")  # signed in already: it leads on
    assert form.status_code == 303
    await browser.post("/desk/sign-in", name="ben", password=PASSWORD)
    assert browser.client.cookies["desk_session"] != first
    assert [row.staff_id for row in house.sessions()] == [house.staff("ben").id]


@pytest.mark.parametrize(
    ("ahead", "used_every", "alive"),
    [
        ({"minutes": 29}, None, True),
        ({"minutes": 31}, None, False),
        ({"hours": 11}, 20, True),
        ({"hours": 12.1}, 20, False),
    ],
)
async def test_a_session_ends(
    house: House, browse: Browse, ahead: dict[str, float], used_every: int | None, alive: bool
) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in()
    rest = ahead.get("minutes", 0) + 60 * ahead.get("hours", 0)
    while used_every and rest > used_every:
        house.clock.forward(minutes=used_every)
        await browser.get("/desk/account")
        rest -= used_every
    house.clock.forward(minutes=rest)
    assert ((await browser.get("/desk/account")).status_code == 200) is alive


async def test_an_open_page_keeps_its_session_until_the_shift_is_over(house: House, browse: Browse) -> None:
    """Else the alarm of a quiet desk would fall silent."""
    house.hire()
    await browse().sign_in()
    session_id = house.sessions()[0].id
    alive = []
    for _ in range(49):
        house.clock.forward(minutes=15)
        alive.append(sessions.lives(house.desk, session_id))
    assert alive == [True] * 47 + [False] * 2


@pytest.mark.parametrize("change", [{"role": "front_desk"}, {"active": "false"}])
async def test_what_an_admin_changes_ends_sessions_at_once(
    house: House, browse: Browse, change: dict[str, str]
) -> None:
    house.hire("root", "admin")
    anna = house.hire("anna", "clinician")
    admin, browser = browse(), browse()
    await admin.sign_in("root")
    await browser.sign_in()
    await admin.get("/desk/staff")
    assert (await admin.post(f"/desk/staff/{anna.id}/{next(iter(change))}", **change)).status_code == 303
    assert (await browser.get("/desk/account")).status_code == 303
    assert admin.signed_in or (await admin.get("/desk/account")).status_code == 200


async def test_two_browsers(house: House, browse: Browse) -> None:
    house.hire()
    first, second = browse(), browse()
    await first.sign_in()
    await second.sign_in()
    assert (await first.post("/desk/account/sign-out-elsewhere", csrf=second.csrf)).status_code == 403
    assert first.problem.startswith("This page was too old")
    await first.get("/desk/account")
    assert first.page.count("Since <time") == 2
    assert (await first.post("/desk/account/sign-out-elsewhere")).status_code == 303
    assert (await first.get("/desk/account")).status_code == 200
    assert (await second.get("/desk/account")).status_code == 303


@pytest.mark.parametrize(
    "bad",
    [
        "https://evil.example/desk",
        "//evil.example/desk",
        "/\\evil.example/desk",
        "/desk\\..\\evil",
        "javascript:alert(1)",
        "/deskevil",
        "/api/conversations",
        "/desk/../widget.js",
        "\t//evil.example",
        "/desk/\r\nset-cookie: a=b",
        "desk/inbox",
        "/desk:evil",
        "http:/desk",
        "///desk",
        "https://clinic.example@evil.example/desk",
        "//[evil/desk",
    ],
)
async def test_nobody_is_led_away(house: House, browse: Browse, bad: str) -> None:
    assert safe_next(bad) == "/desk"
    house.hire()
    assert (await browse().sign_in(next=bad)).headers["location"] == "/desk"


@pytest.mark.parametrize("good", ["/desk", "/desk/account", "/desk/audit?actor=anna&since=2026-03-01", "/desk?q=a"])
async def test_where_one_wanted_to_go(house: House, browse: Browse, good: str) -> None:
    house.hire()
    browser = browse()
    to_form = (await browser.get(good)).headers["location"]
    await browser.get(to_form)
    wanted = re.search(r'name="next" value="([^"]*)"', browser.page)
    assert wanted is not None
    answer = await browser.post("/desk/sign-in", name="anna", password=PASSWORD, next=wanted[1].replace("&amp;", "&"))
    assert answer.headers["location"] == good


async def test_a_link_from_an_email_reaches_who_is_signed_in(house: House, browse: Browse) -> None:
    """A strict cookie does not come with it: the page that asks again does, on its own."""
    house.hire()
    answer = await browse().get("/desk/account?a=1", **{"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"})
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/desk/account?a=1">' in answer.text
    assert "Anna" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status", "location", "redirect"),
    [
        ({"hx-request": "true"}, 401, None, "/desk/sign-in"),
        ({"accept": "text/event-stream"}, 401, None, None),
        ({"sec-fetch-mode": "cors"}, 401, None, None),
        ({}, 303, "/desk/sign-in?next=%2Fdesk%2Faccount", None),
    ],
)
async def test_without_a_session(
    browse: Browse, headers: dict[str, str], status: int, location: str | None, redirect: str | None
) -> None:
    answer = await browse().get("/desk/account", **headers)
    assert (answer.status_code, answer.headers.get("location"), answer.headers.get("hx-redirect")) == (
        status,
        location,
        redirect,
    )


async def test_what_somebody_types_is_shown_as_text(house: House, browse: Browse) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in('"><script>alert(1)</script>', "wrong", next='"><script>alert(2)</script>')
    assert "<script>" not in browser.page
    assert "&lt;script&gt;alert(1)" in browser.page
