"""The link in an alert, through the whole app: what it shows, that it works once, and whom it lets through."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from alerts_fakes import PUBLIC, Clock, House, Receiver, clinic
from gateway_fakes import make_house

from bot.desk.desk import Desk
from bot.gateway import sweep
from bot.gateway.app import create_app
from bot.gateway.secret import secret_key
from bot.records import cases


@dataclass
class Door:
    """The app from outside, and the house whose alerts carry the links."""

    client: httpx.AsyncClient
    house: House

    async def get(self, link: str) -> httpx.Response:
        return await self.client.get(link)

    async def press(self, link: str, page: httpx.Response | None = None) -> httpx.Response:
        """What the browser does when the button of `page` (else of the link's page now) is pressed."""
        shown = (page or await self.get(link)).text
        found = re.search(r'name="version" value="(\d+)"', shown)
        return await self.client.post(link, data={"version": found[1] if found else "0"})


@pytest.fixture
async def door(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    services = make_house(tmp_path, "http://127.0.0.1:9", public_url=PUBLIC).services
    targets = {"Dr. Wu": ("always", receiver.url("wu")), "Front desk": ("always", receiver.url("desk"))}
    clock = Clock(services.now())
    monkeypatch.setattr(Desk, "now", lambda _: clock().astimezone(services.clinic.timezone))
    monkeypatch.setattr(sweep, "SEE_SECONDS", 3600.0)  # what a test stored is not for the gateway to scan meanwhile
    app = create_app(lambda: services, services.clinic.website_origins)
    async with app.router.lifespan_context(app):
        house = House(services.database, clinic(targets), clock, key=secret_key(services.settings))  # type: ignore[arg-type]
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
            yield Door(client, house)
        house.alerts.close()


def alerted(door: Door, receiver: Receiver, level="emergency", conversation=None) -> tuple[uuid.UUID, dict[str, str]]:
    """A case whose alerts are out: its id, and the link of each target."""
    _, case = door.house.flag(level, conversation=conversation)
    receiver.taken.clear()
    door.house.run()
    links = {name: re.findall(r"https://\S+", post["message"])[0] for name, post in receiver.taken}
    return case, links


async def test_the_page_asks_and_changes_nothing(door: Door, receiver: Receiver) -> None:
    case, links = alerted(door, receiver)
    assert urlsplit(links["wu"]).path.startswith("/desk/ack/")
    for _ in range(3):
        page = await door.get(links["wu"])
    assert page.status_code == 200
    assert "<strong>Emergency</strong> since" in page.text
    assert door.house.case(case).state == "open"
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert (await door.client.head(links["wu"])).status_code == 405


async def test_it_shows_nothing_of_the_patient(door: Door, receiver: Receiver) -> None:
    case, links = alerted(door, receiver)
    shown = (await door.get(links["wu"])).text + (await door.press(links["wu"])).text
    for word in ("numb", "chin", "pus", "R1", str(case)):
        assert not re.search(rf"\b{word}\b", shown)


async def test_pressing_acknowledges_once(door: Door, receiver: Receiver) -> None:
    case, links = alerted(door, receiver)
    page = await door.press(links["wu"])
    assert (page.status_code, "It is yours" in page.text) == (200, True)
    row = door.house.case(case)
    assert (row.state, row.acknowledged_by) == ("acknowledged", "link: Dr. Wu")
    [line] = [line for line in door.house.trail(case) if line.action == "acknowledged"]
    assert line.actor == "link: Dr. Wu"
    receiver.taken.clear()
    door.house.now.forward(hours=1)
    door.house.run()
    assert receiver.taken == []
    again = await door.press(links["wu"])
    assert (again.status_code, "This link has been used" in again.text) == (410, True)
    assert len([line for line in door.house.trail(case) if line.action == "acknowledged"]) == 1


async def test_the_second_learns_who_was_first(door: Door, receiver: Receiver) -> None:
    _, links = alerted(door, receiver)
    page = await door.get(links["desk"])
    await door.press(links["wu"])
    second = await door.press(links["desk"], page)
    assert second.status_code == 409
    assert "Dr. Wu was first" in second.text
    assert (await door.get(links["desk"])).status_code == 409


async def test_somebody_at_the_desk_was_first(door: Door, receiver: Receiver) -> None:
    case, links = alerted(door, receiver)
    door.house.acknowledge(case, "anna<script>")
    page = await door.press(links["wu"])
    assert page.status_code == 409
    assert "anna&lt;script&gt; was first" in page.text


async def test_a_case_that_was_raised_since_is_shown_anew(door: Door, receiver: Receiver) -> None:
    case, links = alerted(door, receiver, "hour")
    page = await door.get(links["wu"])
    assert "Urgent:" in page.text
    door.house.flag("emergency", "R9", door.house.case(case).conversation_id)
    pressed = await door.press(links["wu"], page)
    assert pressed.status_code == 409
    assert "Something new has come in" in pressed.text
    assert "<strong>Emergency</strong>" in pressed.text
    assert door.house.case(case).state == "open"
    assert (await door.press(links["wu"], pressed)).status_code == 200
    assert door.house.case(case).state == "acknowledged"


async def test_an_old_link_is_too_old(door: Door, receiver: Receiver) -> None:
    case, links = alerted(door, receiver)
    door.house.now.forward(hours=23, minutes=59)
    assert (await door.get(links["wu"])).status_code == 200
    door.house.now.forward(minutes=2)
    for page in (await door.get(links["wu"]), await door.press(links["wu"])):
        assert (page.status_code, "too old" in page.text) == (410, True)
    assert door.house.case(case).state == "open"


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:],
        lambda token: "A" + token[1:],
        lambda token: token.partition(".")[0],
        lambda token: "." + token.partition(".")[2],
        lambda token: "x",
        lambda token: "%00",
        lambda token: "%F0%9F%A6%B7",
        lambda token: "A" * 5000,
    ],
)
async def test_a_forged_link_gets_a_kind_page(door: Door, receiver: Receiver, change) -> None:
    case, links = alerted(door, receiver)
    forged = f"{PUBLIC}/desk/ack/{change(links['wu'].rpartition('/')[2])}"
    for page in (await door.get(forged), await door.press(forged)):
        assert (page.status_code, "This link does not work" in page.text) == (404, True)
    assert door.house.case(case).state == "open"


async def test_a_signature_of_another_deployment_is_forged(door: Door, receiver: Receiver) -> None:
    case, _ = alerted(door, receiver)
    other = House(door.house.database, door.house.clinic, door.house.now, key=b"another key")
    link = other.links.link(door.house.rows(case)[0].id)
    assert "This link does not work" in (await door.press(link)).text
    unknown = door.house.links.link(uuid.uuid4())
    assert (await door.get(unknown)).status_code == 404
    other.alerts.close()


@pytest.mark.parametrize("body", [{}, {"version": "x"}, {"version": "-1"}, {"version": "99999999999999999999"}])
async def test_a_broken_form_is_refused(door: Door, receiver: Receiver, body: dict[str, str]) -> None:
    case, links = alerted(door, receiver)
    assert (await door.client.post(links["wu"], data=body)).status_code == 400
    assert door.house.case(case).state == "open"


async def test_a_link_lets_nobody_in(door: Door, receiver: Receiver) -> None:
    _, links = alerted(door, receiver)
    await door.press(links["wu"])
    inside = await door.client.get("/desk/account")
    assert inside.status_code in (303, 401)


async def test_a_link_that_came_back_after_reopening_is_used(door: Door, receiver: Receiver) -> None:
    case, links = alerted(door, receiver)
    await door.press(links["wu"])
    with door.house.database.write() as session:
        assert cases.reopen(session, case, None, "patient", door.house.now() + timedelta(minutes=1)).done
    assert "has been used" in (await door.press(links["wu"])).text
    assert (await door.press(links["desk"])).status_code == 200
