"""What a person sees when something may not be, or is not there."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from bot.desk import sessions
from bot.desk.headers import PREFIX
from bot.desk.pages import back_to, show

logger = logging.getLogger(__name__)

SIGN_IN = f"{PREFIX}/sign-in"
ELSEWHERE = ("cross-site", "same-site")


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


async def whole() -> AsyncIterator[None]:
    """A dependency: who of staff meets a fault of ours reads a page that says so. Logged; the trace goes no further."""
    try:
        yield
    except (HTTPException, RequestValidationError):
        raise
    except Exception as error:
        logger.exception("page broken")
        raise HTTPException(500) from error


def by_script(request: Request) -> bool:
    """Whether htmx asks for a piece of a page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"


def _sign_in(request: Request) -> Response:
    if by_script(request):
        return Response(status_code=401, headers={"hx-redirect": SIGN_IN})
    if request.headers.get("sec-fetch-mode", "navigate") != "navigate" or _stream(request):
        return Response(status_code=401)
    if request.method != "GET":
        return back_to(SIGN_IN)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if sessions.COOKIE not in request.cookies and request.headers.get("sec-fetch-site") in ELSEWHERE:
        # from a link in an e-mail: a strict cookie comes only with what our own page asks for
        return show(request, "onward.html", onward=here)
    return back_to(SIGN_IN if here == PREFIX else f"{SIGN_IN}?{urlencode({'next': here})}")


def _stream(request: Request) -> bool:
    return "text/event-stream" in request.headers.get("accept", "")
