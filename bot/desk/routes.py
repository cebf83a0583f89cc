"""The desk's doors put together: what is not public needs a session, what changes something a token."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from bot.desk import (
    account,
    casework,
    conversation,
    inbox,
    patient_data,
    photo,
    replying,
    sign_in,
    staff_pages,
    trail,
    watching,
)
from bot.desk.alerts import routes as alerts
from bot.desk.deps import genuine, signed_in
from bot.desk.errors import whole
from bot.desk.headers import PREFIX
from bot.desk.pages import STATIC, Files

SIGNED_IN: tuple[APIRouter, ...] = (
    *(sign_in.inside, account.inside, staff_pages.inside, trail.inside),
    *(
        inbox.router,
        conversation.router,
        replying.router,
        casework.router,
        photo.router,
        patient_data.router,
        watching.router,
    ),
)
"""Routes for staff. A route that not everybody may use depends on `Needs` besides."""
PUBLIC: tuple[APIRouter, ...] = (sign_in.router, account.router)
"""Routes for somebody without a session: their forms carry the token of the visit. None may show a patient's data."""
LINKED: tuple[APIRouter, ...] = (alerts.router,)
"""Routes whose address holds a signed token that works once: it is the right itself, so they ask for nothing else."""

INSIDE = [Depends(signed_in), Depends(genuine)]

router = APIRouter(prefix=PREFIX, dependencies=[Depends(whole)])
for _room in SIGNED_IN:
    router.include_router(_room, dependencies=INSIDE)
router.add_api_route("", inbox.waiting, dependencies=INSIDE)
for _room in PUBLIC:
    router.include_router(_room, dependencies=[Depends(genuine)])
for _room in LINKED:
    router.include_router(_room)

files = Files(directory=STATIC)
"""To be mounted at /desk/static."""
