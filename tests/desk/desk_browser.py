"""What the tests of the desk share."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
from fastapi import FastAPI

from bot.desk.desk import Desk
from bot.desk.passwords import Passwords
from bot.records import staff
from bot.records.models import Audit, Role, Staff, StaffSession

PASSWORD = "seven green kettles"
ORIGIN = "https://clinic.example"
_HASH = Passwords().hashed(PASSWORD)


class Clock:
    """Goes on, and can be put forward; once it stands still it is only put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self._stopped: datetime | None = None

    def now(self, desk: Desk) -> datetime:
        return (self._stopped or datetime.now(timezone.utc)).astimezone(desk.clinic.timezone) + self.ahead

    def stand_still(self) -> None:
        self._stopped = datetime.now(timezone.utc)

    def forward(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@dataclass
class House:
    app: FastAPI
    clock: Clock

    @property
    def desk(self) -> Desk:
        desk: Desk = self.app.state.desk
        return desk

    def hire(self, name: str = "anna", role: Role = "front_desk", **more: Any) -> Staff:
        with self.desk.database.write() as session:
            row = staff.add(session, name, name.title(), role, self.desk.now())
            row.password_hash = _HASH
            for key, value in more.items():
                setattr(row, key, value)
        return row

    def staff(self, name: str = "anna") -> Staff:
        with self.desk.database.read() as session:
            row = staff.by_name(session, name)
        assert row is not None
        return row

    def audit(self, action: str | None = None) -> list[Audit]:
        with self.desk.database.read() as session:
            query = session.query(Audit).order_by(Audit.id)
            return query.filter(Audit.action == action).all() if action else query.all()

    def sessions(self) -> list[StaffSession]:
        with self.desk.database.read() as session:
            return session.query(StaffSession).all()


class Browser:
    """One browser at one address, with its own cookies."""

    def __init__(self, house: House, address: str) -> None:
        transport = httpx.ASGITransport(house.app, raise_app_exceptions=False, client=(address, 40_000))
        self.client = httpx.AsyncClient(transport=transport, base_url=ORIGIN)
        self.csrf = ""
        self.page = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return self._seen(await self.client.get(path, headers=headers))

    async def post(
        self, path: str, origin: str | None = ORIGIN, csrf: str | None = None, **form: str
    ) -> httpx.Response:
        """As the form of the page seen last would."""
        headers = {"origin": origin} if origin else {}
        token = self.csrf if csrf is None else csrf
        return self._seen(await self.client.post(path, data={"csrf": token, **form}, headers=headers))

    async def sign_in(self, name: str = "anna", password: str = PASSWORD, next: str = "") -> httpx.Response:
        await self.get("/desk/sign-in")
        answer = await self.post("/desk/sign-in", name=name, password=password, next=next)
        if answer.status_code == 303:
            second = "second-step" in answer.headers["location"]
            await self.get("/desk/second-step" if second else "/desk/account")
        return answer

    @property
    def signed_in(self) -> bool:
        return "Sign out" in self.page

    @property
    def problem(self) -> str:
        """The sentence that says what went wrong."""
        found = re.search(r'role="alert">(.*?)</p>', self.page, re.DOTALL)
        return " ".join(html.unescape(re.sub("<[^>]*>", "", found[1])).split()) if found else ""

    def _seen(self, response: httpx.Response) -> httpx.Response:
        self.page = response.text
        if found := re.search(r'name="csrf" value="([^"]*)"', self.page):
            self.csrf = found[1]
        return response
