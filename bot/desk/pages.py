"""The one place where the desk's pages are made: whatever they show is text, never markup."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.desk import sessions
from bot.desk.deps import FIELD, HEADER, Signed, desk_of, session_of, token_of
from bot.desk.headers import PREFIX
from bot.desk.tokens import new_token

ROOM = Path(__file__).parent
STATIC = ROOM / "static"


def show(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the signed-in person, or of a visitor; `template` is a file of `templates/`."""
    desk = desk_of(request)
    person: Signed | None = getattr(request.state, "person", None)
    found = None if person else session_of(request, desk)
    visitor = person is None and found is None
    if visitor and sessions.VISIT not in request.cookies:
        request.state.visit = new_token()
    body = (
        environment()
        .get_template(template)
        .render(
            clinic=desk.clinic,
            now=desk.now(),
            person=person,
            csrf=person.csrf if person else token_of(request, desk, found),
            path=request.url.path,
            status=status,
            done=request.query_params.get("done", ""),
            **values,
        )
    )
    page = HTMLResponse(body, status)
    if visit := getattr(request.state, "visit", ""):
        sessions.set_cookie(page, desk, sessions.VISIT, visit)
    return page


def back_to(path: str) -> RedirectResponse:
    """After a form: the browser asks for a page, and reloading that repeats nothing."""
    return RedirectResponse(path, 303)


def safe_next(path: str) -> str:
    """Where to go after signing in: an address of the desk's pages, and nothing else; else the inbox."""
    if not path.isprintable() or "\\" in path or path.startswith("//"):
        return PREFIX
    try:
        parts = urlsplit(path)
    except ValueError:
        return PREFIX
    segments = parts.path.split("/")
    inside = not parts.scheme and not parts.netloc and segments[:2] == ["", PREFIX[1:]] and ".." not in segments
    return path if inside else PREFIX


@cache
def environment() -> Environment:
    """Of all templates; a name that is not given is an error, not an empty place."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"static": static, "csrf_field": _csrf_field, "csrf_header": HEADER, "desk": PREFIX}
    made.filters |= {"local": _local, "iso": datetime.isoformat}
    return made


@cache
def static(name: str) -> str:
    """The address of a file of `static/`: it changes with its content, so that browsers may keep it."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{PREFIX}/static/{name}?v={mark}"


@pass_context
def _csrf_field(context: Context) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, context["csrf"])


@pass_context
def _local(context: Context, at: datetime) -> str:
    """A time in the clinic's zone, exact, short if it is today: "14:02", "3 Mar 14:02", "3 Mar 2025 14:02"."""
    here, now = at.astimezone(context["clinic"].timezone), context["now"]
    day = "" if here.date() == now.date() else f"{here.day} {here:%b} "
    return f"{day}{'' if here.year == now.year else f'{here:%Y} '}{here:%H:%M}"


class Files(StaticFiles):
    """The desk's own files, to be mounted at /desk/static: no secret is in them."""

    async def get_response(self, path: str, scope: Scope) -> Any:
        """See StaticFiles. An address with the file's mark may be kept for a year."""
        response = await super().get_response(path, scope)
        kept = scope["query_string"].startswith(b"v=")
        response.headers["cache-control"] = f"public, {'max-age=31536000, immutable' if kept else 'max-age=300'}"
        return response
