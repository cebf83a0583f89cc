"""The link in an alert: a page with a button, and what pressing it does. The address is the right; no sign-in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from bot.desk.alerts import acknowledging
from bot.desk.alerts.acknowledging import Page
from bot.desk.alerts.links import Links
from bot.desk.clock import Clock
from bot.desk.deps import Inside
from bot.desk.desk import Desk
from bot.desk.pages import show

router = APIRouter()
STATUS = {"first": 409, "used": 410, "expired": 410, "unknown": 404}
LARGEST = 2**31 - 1


@router.get("/ack/{token}", response_class=HTMLResponse)
def ask(request: Request, desk: Inside, token: str) -> HTMLResponse:
    """Changes nothing: programs that follow the links in mails acknowledge nothing."""
    with desk.database.read() as session:
        page = acknowledging.look(session, _links(desk).read(token), desk.now())
    return _shown(request, desk, page)


@router.post("/ack/{token}", response_class=HTMLResponse)
def take(request: Request, desk: Inside, token: str, version: Annotated[int, Form(ge=0, le=LARGEST)]) -> HTMLResponse:
    """Acknowledges the case as the page showed it. `version` is the case's on that page."""
    with desk.database.write() as session:
        page = acknowledging.take(session, _links(desk).read(token), version, desk.now())
    return _shown(request, desk, page)


def _links(desk: Desk) -> Links:
    return Links(desk.key, desk.public_url)


def _shown(request: Request, desk: Desk, page: Page) -> HTMLResponse:
    status = 409 if page.changed else STATUS.get(page.state, 200)
    return show(request, "ack.html", status, clock=Clock(desk.now()), **asdict(page))
