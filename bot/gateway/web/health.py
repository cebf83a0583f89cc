"""Is it up, is it ready?"""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.web.visit import Inside

HEALTH_SECONDS = 1.0

router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> dict[str, str]:
    """The process is up."""
    return {"status": "up"}


@router.api_route("/readyz", methods=["GET", "HEAD"])
async def readyz(services: Inside) -> JSONResponse:
    """Database and engine answer: 200, else 503 and which does not."""
    try:
        await asyncio.to_thread(services.database.ready)
        database = True
    except SQLAlchemyError:
        database = False
    engine = await services.engine.reachable(HEALTH_SECONDS)
    ready = database and engine
    return JSONResponse({"ready": ready, "database": database, "engine": engine}, 200 if ready else 503)
