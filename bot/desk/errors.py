"""What a person sees when something may not be, or is not there."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from bot.desk.headers import PREFIX
from bot.desk.pages import show

SIGN_IN = f"{PREFIX}/sign-in"


def ours(request: Request) -> bool:
    """Whether a page of the desk was asked for."""
    path = request.url.path
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def refused(request: Request, error: HTTPException) -> Response:
    """The page for an HTTPException. Its detail is a code; the sentence stands in the template."""
    if error.status_code == 401:
        return _sign_in(request)
    template = "error_fragment.html" if by_script(request) else "error.html"
    page = show(request, template, error.status_code, code=error.detail)
    page.headers.update(error.headers or {})
    return page


def by_script(request: Request) -> bool:
    """Whether htmx asks for a piece of a page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"


def _sign_in(request: Request) -> Response:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = here if request.method == "GET" and not by_script(request) else ""
    where = f"{SIGN_IN}?next={quote(wanted, safe='/')}" if wanted and wanted != PREFIX else SIGN_IN
    if by_script(request):
        return Response(status_code=401, headers={"hx-redirect": SIGN_IN})
    if "text/event-stream" in request.headers.get("accept", ""):
        return Response(status_code=401)
    return Response(status_code=303, headers={"location": where})
