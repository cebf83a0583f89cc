"""One's own account: password, second step, links; and the staff page of admins."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from desk_browser import ORIGIN, PASSWORD, Browser, House

from bot.desk import links, second_factor
from bot.desk.attempts import LOCKED
from bot.desk.passwords import Passwords, weakness

Browse = Callable[..., Browser]
NEW = "four blue umbrellas"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        (NEW, None),
        ("пять зелёных чайников", None),
        ("x7#kPq2!mZ9w", None),
        ("short one 1", "short"),
        ("a" * 201, "long"),
        ("aaaaaaaaaaaabb", "monotonous"),
        ("Anna Blau Anna Blau", "name"),
        ("annablau2026", "name"),
        ("Anna likes umbrellas", None),
    ],
)
def test_what_a_password_must_be(password: str, problem: str | None) -> None:
    assert weakness(password, ("annablau", "Anna Blau")) == problem


def test_hashes() -> None:
    passwords = Passwords()
    hashed = passwords.hashed(PASSWORD)
    assert hashed.startswith("$argon2id$")
    assert hashed != passwords.hashed(PASSWORD)
    assert passwords.fits(PASSWORD, hashed)
    assert not any(passwords.fits(PASSWORD, other) for other in (None, "", "broken", passwords.hashed(NEW)))
    assert not passwords.fits("nobody has this password", None)


async def _change(browser: Browser, password: str = PASSWORD, new: str = NEW, again: str = NEW) -> int:
    return (await browser.post("/desk/account/password", password=password, new=new, again=again)).status_code


@pytest.mark.parametrize(
    ("form", "status", "problem"),
    [
        ({}, 303, ""),
        ({"password": "wrong"}, 403, "That did not fit. Check your password and try again."),
        ({"again": NEW + "s"}, 400, "The two new passwords are not the same. Nothing was changed."),
        ({"new": "short", "again": "short"}, 400, "The new password is too short. Nothing was changed."),
    ],
)
async def test_a_new_password(
    records: object, house: House, browse: Browse, form: dict[str, str], status: int, problem: str
) -> None:
    house.hire()
    browser, other = browse(), browse()
    await browser.sign_in()
    await other.sign_in()
    before = browser.client.cookies["desk_session"]
    assert await _change(browser, **form) == status
    assert browser.problem == problem
    changed = status == 303
    assert ((await other.get("/desk/account")).status_code == 303) is changed
    assert (await browser.get("/desk/account")).status_code == 200
    assert (browser.client.cookies["desk_session"] != before) is changed
    assert (await browse().sign_in(password=NEW if changed else PASSWORD)).status_code == 303


@pytest.mark.parametrize(
    ("name", "status", "kept"),
    [
        (" Anna  Blau ", 303, "Anna Blau"),
        ("<b>A</b>", 303, "<b>A</b>"),
        ("", 400, "Anna"),
        ("x" * 65, 400, "Anna"),
        ("a\x00b", 400, "Anna"),
    ],
)
async def test_the_name_patients_see(house: House, browse: Browse, name: str, status: int, kept: str) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in()
    assert (await browser.post("/desk/account/name", display_name=name)).status_code == status
    assert house.staff().display_name == kept
    assert "<b>A" not in (await browser.get("/desk/account")).text


async def test_an_open_browser_cannot_guess_the_password(house: House, browse: Browse) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in()
    for _ in range(LOCKED):
        await _change(browser, password="wrong")
        house.clock.forward(seconds=70)
        await browser.get("/desk/account")
    assert await _change(browser) == 403
    assert "locked until" in browser.problem


async def _turn_on(house: House, browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    await browser.get("/desk/account/second-step")
    key = re.search(r'<span class="code">([A-Z2-7 ]+)</span>', browser.page)
    setup = re.search(r'name="setup" value="([^"]+)"', browser.page)
    assert key is not None
    assert setup is not None
    assert "<svg" in browser.page
    totp = pyotp.TOTP(key[1].replace(" ", ""))
    wrong = await browser.post("/desk/account/second-step", setup=setup[1], code="000000", password=PASSWORD)
    assert (wrong.status_code, house.staff().totp_secret) == (400, None)
    setup = re.search(r'name="setup" value="([^"]+)"', browser.page)
    assert setup is not None
    code = totp.at(house.desk.now())
    assert (
        await browser.post("/desk/account/second-step", setup=setup[1], code=code, password="wrong")
    ).status_code == 403
    await browser.post("/desk/account/second-step", setup=setup[1], code=code, password=PASSWORD)
    codes = re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", browser.page)
    assert len(set(codes)) == 10
    return totp, codes


async def _second(browser: Browser, code: str) -> int:
    await browser.sign_in()
    return (await browser.post("/desk/second-step", code=code, next="/desk/audit")).status_code


async def test_the_second_step(records: object, house: House, browse: Browse) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in()
    totp, codes = await _turn_on(house, browser)
    staff = house.staff()
    assert staff.totp_secret == totp.secret
    assert not set(codes) & set(staff.recovery_codes)

    other = browse()
    answer = await other.sign_in(next="/desk/audit")
    assert answer.headers["location"] == "/desk/second-step?next=%2Fdesk%2Faudit"
    half = other.client.cookies["desk_session"]
    assert (await other.get("/desk/account")).status_code == 303  # half a session is none
    used = totp.generate_otp(staff.totp_step or 0)
    assert await _second(browse(), used) == 401, "the code that turned it on was used already"
    house.clock.forward(seconds=30)
    fresh = totp.at(house.desk.now())
    await other.get("/desk/second-step")
    answer = await other.post("/desk/second-step", code=f" {fresh[:3]} {fresh[3:]} ", next="/desk/audit")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/audit")
    assert other.client.cookies["desk_session"] != half
    assert (await other.get("/desk/account")).status_code == 200
    house.clock.forward(seconds=3)
    assert await _second(browse(), fresh) == 401, "a code works once"
    house.clock.forward(seconds=3)
    assert await _second(browse(), codes[0].lower().replace("-", " ")) == 303
    house.clock.forward(seconds=3)
    assert await _second(browse(), codes[0]) == 401, "a recovery code works once"
    assert [line.data["left"] for line in house.audit("recovery_code_used")] == [9]


@pytest.mark.parametrize(("seconds", "right"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_telephone_whose_clock_is_off(house: House, seconds: int, right: bool) -> None:
    now, secret = house.desk.now(), second_factor.new_secret()
    code = pyotp.TOTP(secret).at(now + timedelta(seconds=seconds))
    step = second_factor.step_of(secret, code, now, None)
    assert (step is not None) is right
    assert second_factor.step_of(secret, code, now, step if right else None) is None


async def test_codes_cannot_be_guessed(house: House, browse: Browse) -> None:
    house.hire(totp_secret=second_factor.new_secret())
    browser = browse()
    await browser.sign_in()
    for failure in range(LOCKED):
        status = (await browser.post("/desk/second-step", code="000000")).status_code
        assert status == 401, failure
        house.clock.forward(seconds=65)
        if failure == 7:  # the right password in between does not set the count back
            await browser.sign_in()
    assert (await browser.sign_in()).status_code == 429
    assert house.staff().failures == LOCKED
    assert [line.action for line in house.audit()] == ["sign_in_failed"] * 9 + ["account_locked"]


async def test_the_second_step_may_take_ten_minutes(house: House, browse: Browse) -> None:
    secret = second_factor.new_secret()
    house.hire(totp_secret=secret)
    browser = browse()
    await browser.sign_in()
    house.clock.forward(minutes=11)
    code = pyotp.TOTP(secret).at(house.desk.now())
    answer = await browser.post("/desk/second-step", code=code)
    assert (answer.status_code, house.sessions()[0].second_factor_done) == (403, False)


async def test_new_codes_and_off(house: House, browse: Browse) -> None:
    house.hire()
    browser = browse()
    await browser.sign_in()
    _, codes = await _turn_on(house, browser)
    await browser.get("/desk/account")
    for path in ("recovery-codes", "second-step/off"):
        assert (await browser.post(f"/desk/account/{path}", password="wrong")).status_code == 403
    await browser.post("/desk/account/recovery-codes", password=PASSWORD)
    assert not set(codes) & set(re.findall(r"<li>([^<]+)</li>", browser.page))
    await browser.get("/desk/account")
    assert (await browser.post("/desk/account/second-step/off", password=PASSWORD)).status_code == 303
    staff = house.staff()
    assert (staff.totp_secret, staff.totp_step, staff.recovery_codes) == (None, None, [])
    assert (await browse().sign_in()).headers["location"] == "/desk"


async def test_somebody_elses_setup_is_refused(house: House, browse: Browse) -> None:
    house.hire()
    browser, other = browse(), browse()
    await browser.sign_in()
    await other.sign_in()
    await other.get("/desk/account/second-step")
    key = re.search(r'<span class="code">([A-Z2-7 ]+)</span>', other.page)
    setup = re.search(r'name="setup" value="([^"]+)"', other.page)
    assert key is not None
    assert setup is not None
    code = pyotp.TOTP(key[1].replace(" ", "")).at(house.desk.now())
    answer = await browser.post("/desk/account/second-step", setup=setup[1], code=code, password=PASSWORD)
    assert (answer.status_code, house.staff().totp_secret) == (403, None)


async def _link(browser: Browser) -> str:
    found = re.search(r'value="https://clinic\.example(/desk/set-password/[^"]+)"', browser.page)
    assert found is not None
    return found[1]


async def test_an_admin_adds_somebody_who_sets_a_password(house: House, browse: Browse) -> None:
    house.hire("root", "admin")
    admin, ben = browse(), browse()
    await admin.sign_in("root")
    await admin.get("/desk/staff")
    answer = await admin.post("/desk/staff", name=" Ben Grün ", display_name="Dr. <Grün>", role="clinician")
    assert answer.status_code == 200
    assert "Dr. &lt;Grün&gt;" in admin.page
    path = await _link(admin)
    assert (await ben.sign_in("ben grün", "")).status_code == 401
    await ben.get(path)
    assert (await ben.post(path, new="ben grün", again="ben grün")).status_code == 400
    assert (await ben.post(path, new=NEW, again=NEW)).headers["location"] == "/desk/sign-in?done=password_set"
    for again in (await ben.get(path), await ben.post(path, new=PASSWORD, again=PASSWORD)):
        assert again.status_code == 410, "a link works once"
    assert (await ben.sign_in("ben grün", NEW)).status_code == 303
    assert (house.staff("ben grün").role, house.staff("ben grün").display_name) == ("clinician", "Dr. <Grün>")
    assert [(line.actor, line.action) for line in house.audit()][1:3] == [
        ("root", "staff_added"),
        ("system", "sign_in_failed"),
    ] or [line.action for line in house.audit()][1] == "staff_added"


@pytest.mark.parametrize(
    ("form", "status", "problem"),
    [
        ({"name": "anna"}, 409, "Somebody has this name already."),
        ({"name": "ANNA "}, 409, "Somebody has this name already."),
        ({"name": "system"}, 400, "This name cannot be used"),
        ({"name": "x"}, 400, "This name cannot be used"),
        ({"name": "a<b>c"}, 400, "This name cannot be used"),
        ({"name": "ben", "role": "king"}, 400, "Something in what you sent is missing or wrong."),
    ],
)
async def test_who_cannot_be_added(
    house: House, browse: Browse, form: dict[str, str], status: int, problem: str
) -> None:
    house.hire("root", "admin")
    house.hire()
    admin = browse()
    await admin.sign_in("root")
    await admin.get("/desk/staff")
    assert (await admin.post("/desk/staff", **{"role": "clinician", **form})).status_code == status
    assert admin.problem.startswith(problem)
    assert len(house.audit("staff_added")) == 0


@pytest.mark.parametrize("what", ["forged", "changed", "used", "off"])
async def test_a_link_that_does_not_work(house: House, browse: Browse, what: str) -> None:
    anna = house.hire()
    path = links.password_link("", house.desk.key, anna)
    if what == "forged":
        path = links.password_link("", b"another key", anna)
    with house.desk.database.write() as session:
        row = session.get_one(type(anna), anna.id)
        row.active = what != "off"
        row.password_hash = "changed" if what == "used" else row.password_hash
    if what == "changed":
        path = path[:-5] + ("A" if path[-5] != "A" else "B") + path[-4:]  # the last letter has bits that mean nothing
    browser = browse()
    await browser.get("/desk/sign-in")
    assert (await browser.get(path)).status_code == 410
    assert (await browser.post(path, new=NEW, again=NEW)).status_code == 410
    assert house.staff().password_hash in (anna.password_hash, "changed")


def test_a_link_is_good_for_two_days(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    import itsdangerous.timed

    anna = house.hire()
    token = links.password_link("", house.desk.key, anna).rpartition("/")[2]
    now = itsdangerous.timed.time.time()
    for hours, good in ((47, True), (49, False)):
        monkeypatch.setattr(itsdangerous.timed.time, "time", lambda hours=hours: now + 3600 * hours)
        with house.desk.database.read() as session:
            assert (links.whose(session, house.desk.key, token) is not None) is good


async def test_unlocking(house: House, browse: Browse) -> None:
    house.hire("root", "admin")
    anna = house.hire(failures=LOCKED, locked_until=house.desk.now() + timedelta(hours=1))
    admin, browser = browse(), browse()
    assert (await browser.sign_in()).status_code == 429
    await admin.sign_in("root")
    await admin.get("/desk/staff")
    assert "locked until" in admin.page
    await admin.post(f"/desk/staff/{anna.id}/unlock")
    assert (await browser.sign_in()).status_code == 303


async def test_a_lost_telephone(house: House, browse: Browse) -> None:
    root = house.hire("root", "admin")
    anna = house.hire(totp_secret=second_factor.new_secret(), recovery_codes=["x"])
    admin, browser = browse(), browse()
    await admin.sign_in("root")
    await admin.get("/desk/staff")
    assert (await admin.post(f"/desk/staff/{root.id}/second-step/off")).status_code == 403
    assert admin.problem.startswith("Turn your own second step off on your account page")
    await admin.get("/desk/staff")
    await admin.post(f"/desk/staff/{anna.id}/second-step/off")
    assert (await browser.sign_in()).headers["location"] == "/desk"


@pytest.mark.parametrize("change", [{"role": "front_desk"}, {"active": "false"}])
async def test_an_admin_cannot_lock_themselves_out(house: House, browse: Browse, change: dict[str, str]) -> None:
    root = house.hire("root", "admin")
    admin = browse()
    await admin.sign_in("root")
    await admin.get("/desk/staff")
    assert (await admin.post(f"/desk/staff/{root.id}/{next(iter(change))}", **change)).status_code == 409
    assert (house.staff("root").role, house.staff("root").active) == ("admin", True)


async def test_the_audit_page(records: object, house: House, browse: Browse) -> None:
    from bot.records import audit

    house.hire("root", "admin")
    day = house.desk.now()
    with house.desk.database.write() as session:
        for number in range(120):
            actor = "anna" if number % 2 else "assistant"
            audit.add(session, actor, "resolved" if number % 3 else "opened", day, data={"number": f"n{number}."})
    admin = browse()
    await admin.sign_in("root")

    async def numbers(path: str) -> list[int]:
        await admin.get(path)
        return [int(number) for number in re.findall(r"number: n(\d+)\.", admin.page)]

    pages, path = [], "/desk/audit?actor=anna"
    while path:
        pages.append(await numbers(path))
        older = re.search(r'href="([^"]+)">Older', admin.page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert pages[0] + pages[1] == list(range(119, 0, -2))
    assert len(pages) == 2
    assert await numbers("/desk/audit?action=opened&actor=anna") == list(range(117, 0, -6))
    assert await numbers(f"/desk/audit?since={day + timedelta(days=1):%Y-%m-%d}") == []
    assert len(await numbers(f"/desk/audit?since={day:%Y-%m-%d}&until={day:%Y-%m-%d}")) >= 48
    for bad in ("since=yesterday", "about=x", "before=-1", f"before={10**30}", "until=9999-12-31"):
        assert (await admin.get(f"/desk/audit?{bad}")).status_code == 400
    assert ORIGIN not in admin.page
