"""What the chat widget is made of: its files, its sentences with the clinic's facts, and a page to try it on."""

from __future__ import annotations

import html
import re
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.gateway.schemas import Language
from bot.gateway.web.texts import ROOM, Texts, spoken
from bot.gateway.web.visit import Inside

HASHED = re.compile(r"-[0-9a-f]{8,}\.\w+$")
"""The name of a file that never changes: its content is part of it."""

router = APIRouter()


class Files(StaticFiles):
    """Files any website may load. One with its content's hash in its name is kept for a year, others five minutes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """See StaticFiles."""
        response = await super().get_response(path, scope)
        keep = "public, max-age=31536000, immutable" if HASHED.search(path) else "public, max-age=300"
        response.headers["cache-control"] = keep
        response.headers["access-control-allow-origin"] = "*"  # a module is only run with it
        return response


bundle = Files(directory=ROOM / "dist", check_dir=False)
demo = Files(directory=ROOM / "demo", check_dir=False)


@router.api_route("/widget.js", methods=["GET", "HEAD"])
async def launcher(request: Request) -> Response:
    """The one file a clinic's page names."""
    return await bundle.get_response("widget.js", request.scope)


@router.get("/widget/logo")
async def logo(services: Inside) -> FileResponse:
    """The clinic's picture in the head of the chat."""
    if services.clinic.theme.logo is None:
        raise HTTPException(404)
    return FileResponse(services.clinic.theme.logo, headers={"cache-control": "public, max-age=300"})


@router.get("/api/widget")
async def config(
    services: Inside, request: Request, response: Response, lang: Language | None = None
) -> dict[str, Any]:
    """The clinic's facts and every sentence of the widget in one language."""
    clinic, now = services.clinic, services.now()
    language = spoken(clinic, lang)
    texts: Texts = request.app.state.texts
    words = texts.of(language)
    response.headers["cache-control"] = "public, max-age=60"
    return {
        "clinic": {
            "name": clinic.name,
            "phone": clinic.phone,
            "oncall_phone": clinic.oncall_phone,
            "emergency_number": clinic.emergency_number,
            "crisis_line": clinic.crisis_line,
            "open": clinic.is_open(now),
        },
        "theme": {"colour": clinic.theme.colour, "logo": "/widget/logo" if clinic.theme.logo else None},
        "languages": list(clinic.languages),
        "language": language,
        "texts": words,
        "notice": words["notice"].format_map(clinic.facts(now)),
        "limits": {"text": services.settings.max_text, "photo_bytes": services.settings.photo_bytes},
    }


@router.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def page(services: Inside) -> HTMLResponse:
    """A clinic's website to try the widget on, with the clinic's own facts filled in."""
    facts = services.clinic.facts(services.now())
    text = (ROOM / "demo" / "index.html").read_text(encoding="utf-8")
    return HTMLResponse(text.format_map({key: html.escape(value) for key, value in facts.items()}))
