"""The public front door: puts the doors together behind what guards them all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.clinic import Clinic
from bot.desk import errors as desk_errors
from bot.desk import headers as desk_headers
from bot.desk import routes as desk
from bot.gateway import log
from bot.gateway.bodies import JSON, Bodies, Body
from bot.gateway.guard import Guard
from bot.gateway.photos import parts_page, upload
from bot.gateway.schemas import Problem
from bot.gateway.services import Services, create_desk, create_services
from bot.gateway.settings import Settings
from bot.gateway.sms import dev
from bot.gateway.sms import routes as sms
from bot.gateway.web import conversation, events, health, prometheus, transcript, widget
from bot.gateway.web.limiter import Limits
from bot.gateway.web.texts import TRANSCRIPT, Texts

SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
FORM = Body("application/x-www-form-urlencoded", 200_000)
"""What a page of the desk sends."""
BYTES_A_CHARACTER = 12
"""The longest way to write one character in JSON: an escaped surrogate pair."""
REASONS = {
    "no_token": "send the conversation's token as a bearer token",
    "unknown_conversation": "there is no such conversation: begin a new one",
    "too_large": "it is too long",
    "wrong_type": "it is not of a type that is taken here",
    "malformed": "the body cannot be read",
    "invalid": "something in it is missing or wrong",
    "forged": "the signature is missing or wrong",
    "no_text_messages": "text messages are not set up",
}
"""What a route may give as the detail of an HTTPException; anything else is named by its status."""


def real_services() -> Services:
    """The shipped wiring."""
    return create_services(Settings())


def create_app(make: Callable[[], Services] = real_services, origins: Collection[str] | None = None) -> FastAPI:
    """The app for uvicorn's `--factory`. `make` is called when the server starts.

    `origins` are the websites that may use the chat, by default those of clinic.yml. Raises ContentError.
    """
    log.configure()
    settings = Settings()
    texts, transcript_texts = Texts.load(), Texts.load(TRANSCRIPT)
    allowed = Clinic.load().website_origins if origins is None else origins

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.services = services = await asyncio.to_thread(make)
        app.state.desk = create_desk(services, asyncio.get_running_loop())
        watching = asyncio.gather(services.hub.watch(), services.sweep.watch())
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await services.close()

    # no generated API pages: less that faces the internet; no telemetry: its spans hold addresses, its logs hold input
    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, telemetry=SILENT)
    app.state.texts, app.state.transcript_texts = texts, transcript_texts
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    for door in (conversation, upload, events, transcript, widget, parts_page, health, prometheus, sms, dev, desk):
        app.include_router(door.router)
    app.mount("/widget", widget.bundle)
    app.mount("/demo", widget.demo)
    app.mount("/parts", parts_page.drawings)
    app.mount(f"{desk_headers.PREFIX}/static", desk.files)
    _guarded(app, settings, allowed)
    return app


def _guarded(app: FastAPI, settings: Settings, origins: Collection[str]) -> None:
    """From the innermost to the outermost: a refusal, too, has headers and may be read by an allowed website."""
    app.add_middleware(GZipMiddleware, compresslevel=6)
    app.add_middleware(
        Bodies,
        routes={**sms.BODIES, upload.PATH: upload.body(settings), f"{desk_headers.PREFIX}/": FORM},
        other=Body(JSON, settings.max_text * BYTES_A_CHARACTER + 1_000),
    )
    app.add_middleware(Limits, settings=settings)
    app.add_middleware(Guard, origins=origins, rooms={desk_headers.PREFIX: desk_headers.HEADERS})
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Last-Event-ID"],
        expose_headers=["Retry-After", "Content-Disposition"],
    )
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)


def _problem(status: int, code: str, reason: str, headers: Any = None) -> JSONResponse:
    return JSONResponse(Problem(error=code, reason=reason).model_dump(), status, headers)


async def _invalid(request: Request, error: Exception) -> Response:
    """Names the field and the kind of mistake, never the input."""
    assert isinstance(error, RequestValidationError)
    if desk_errors.ours(request):
        # an id that is none looks like one that is not there
        status = 404 if any(each["loc"][0] == "path" for each in error.errors()) else 400
        return await asyncio.to_thread(desk_errors.refused, request, HTTPException(status))
    first: dict[str, Any] = error.errors()[0]
    if first["type"] == "json_invalid":
        return _problem(400, "malformed", "the body is not valid JSON")
    where = ".".join(str(part) for part in first["loc"][1:2]) or "body"
    return _problem(400, "invalid", f"{where}: {first['type']}")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if desk_errors.ours(request):
        return await asyncio.to_thread(desk_errors.refused, request, error)
    code = error.detail if error.detail in REASONS else f"http_{error.status_code}"
    return _problem(error.status_code, code, REASONS.get(code, "see the status code"), error.headers)
