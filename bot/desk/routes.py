"""The desk's doors put together: what is not public needs a session, what changes something a token."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from bot.desk import sign_in
from bot.desk.deps import genuine, signed_in
from bot.desk.headers import PREFIX
from bot.desk.pages import STATIC, Files

SIGNED_IN: tuple[APIRouter, ...] = (sign_in.inside,)
"""Routes for staff. A route that not everybody may use depends on `Needs` besides."""
PUBLIC: tuple[APIRouter, ...] = (sign_in.router,)
"""Routes for somebody without a session: their forms carry the token of the visit. None may show a patient's data."""
LINKED: tuple[APIRouter, ...] = ()
"""Routes whose address holds a signed token that works once: it is the right itself, so they ask for nothing else."""

router = APIRouter(prefix=PREFIX)
for _room in SIGNED_IN:
    router.include_router(_room, dependencies=[Depends(signed_in), Depends(genuine)])
for _room in PUBLIC:
    router.include_router(_room, dependencies=[Depends(genuine)])
for _room in LINKED:
    router.include_router(_room)

files = Files(directory=STATIC)
"""To be mounted at /desk/static."""
