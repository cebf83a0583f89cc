"""The public front door: a small JSON API for the chat page, health checks, and the page itself."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from bot.gateway import log
from bot.gateway.guard import Guard
from bot.gateway.schemas import Problem, Receipt, Said, Shown, Started, Talk
from bot.gateway.services import Services, create_services
from bot.gateway.settings import Settings
from bot.records import cases, conversations
from bot.records.models import Conversation

STATIC = Path(__file__).parent / "static"
HEALTH_SECONDS = 1.0
SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def real_services() -> Services:
    """The shipped wiring: what cannot be answered now goes into the worker's queue."""
    from bot.gateway.tasks import enqueue

    return create_services(Settings(), enqueue)


def create_app(make: Callable[[], Services] = real_services) -> FastAPI:
    """The app for uvicorn's `--factory`. `make` is called when the server starts."""
    log.configure()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.services = services = await asyncio.to_thread(make)
        yield
        await services.close()

    # no generated API pages: less that faces the internet; no telemetry: its spans hold addresses, its logs hold input
    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, telemetry=SILENT)
    app.add_middleware(Guard, max_text=Settings().max_text)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _broken)
    app.add_api_route("/", page, methods=["GET"], response_class=HTMLResponse)
    app.add_api_route("/healthz", healthz, methods=["GET"])
    app.add_api_route("/readyz", readyz, methods=["GET"])
    app.add_api_route("/api/conversations", start, methods=["POST"], status_code=201)
    app.add_api_route("/api/conversations/{token}/messages", send, methods=["POST"])
    app.add_api_route("/api/conversations/{token}/messages", read, methods=["GET"])
    return app


def services_of(request: Request) -> Services:
    """The services of the running app."""
    services: Services = request.app.state.services
    return services


async def conversation_of(token: str, services: Services = Depends(services_of)) -> Conversation:  # noqa: B008
    """The conversation of the token in the address. 404 if there is none."""

    def find() -> Conversation | None:
        with services.database.read() as session:
            return conversations.by_token(session, token)

    conversation = await asyncio.to_thread(find)
    if conversation is None:
        raise HTTPException(404, "unknown_conversation")
    return conversation


async def start(services: Services = Depends(services_of)) -> Started:  # noqa: B008
    """A new conversation. Its token is shown once and kept by the patient's device alone."""
    token, _, said = await services.way.open("web", services.now())
    return Started(token=token, messages=[Shown.of(message) for message in said])


async def send(
    body: Said,
    conversation: Conversation = Depends(conversation_of),  # noqa: B008
    services: Services = Depends(services_of),  # noqa: B008
) -> Receipt:
    """Store a message and answer it: within the engine's time, whatever happens."""
    if len(body.text) > services.settings.max_text:
        raise HTTPException(413, "too_large")
    receipt = await services.way.receive(conversation.id, body.text, body.client_id, services.now())
    return Receipt(
        message_id=receipt.message.id,
        replies=[Shown.of(reply) for reply in receipt.replies],
        handed_to_staff=receipt.handed_to_staff,
    )


async def read(
    after: int = Query(default=0, ge=0),
    conversation: Conversation = Depends(conversation_of),  # noqa: B008
    services: Services = Depends(services_of),  # noqa: B008
) -> Talk:
    """Both sides' messages numbered higher than `after`: the way late answers arrive."""

    def find() -> Talk:
        with services.database.read() as session:
            return Talk(
                messages=[Shown.of(m) for m in conversations.after(session, conversation.id, after)],
                handed_to_staff=conversation.taken_over or cases.open_case(session, conversation.id) is not None,
            )

    return await asyncio.to_thread(find)


async def healthz() -> dict[str, str]:
    """The process is up."""
    return {"status": "up"}


async def readyz(services: Services = Depends(services_of)) -> JSONResponse:  # noqa: B008
    """Database and engine answer: 200, else 503 and which does not."""
    try:
        await asyncio.to_thread(services.database.ready)
        database = True
    except SQLAlchemyError:
        database = False
    engine = await services.engine.reachable(HEALTH_SECONDS)
    ready = database and engine
    return JSONResponse({"ready": ready, "database": database, "engine": engine}, 200 if ready else 503)


async def page(services: Services = Depends(services_of)) -> HTMLResponse:  # noqa: B008
    """The chat page, with the clinic's own facts filled in."""
    facts = services.clinic.facts(services.now())
    text = (STATIC / "index.html").read_text(encoding="utf-8")
    return HTMLResponse(text.format_map({key: html.escape(value) for key, value in facts.items()}))


def _problem(status: int, code: str, reason: str) -> JSONResponse:
    return JSONResponse(Problem(error=code, reason=reason).model_dump(), status)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    """Names the field and the kind of mistake, never the input."""
    assert isinstance(error, RequestValidationError)
    first: dict[str, Any] = error.errors()[0]
    if first["type"] == "json_invalid":
        return _problem(400, "malformed", "the body is not valid JSON")
    where = ".".join(str(part) for part in first["loc"][1:2]) or "body"
    return _problem(400, "invalid", f"{where}: {first['type']}")


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = error.detail if error.detail in ("unknown_conversation", "too_large") else f"http_{error.status_code}"
    return _problem(error.status_code, code, "see the status code")


async def _broken(_: Request, error: Exception) -> JSONResponse:
    return _problem(500, "internal", type(error).__name__)
