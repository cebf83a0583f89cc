"""The webhooks of the text-message provider."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from bot.gateway.bodies import Body
from bot.gateway.sms import webhook
from bot.gateway.sms.sender import STATUS_PATH
from bot.gateway.sms.texting import Sms

INCOMING_PATH = "/sms/incoming"
SIGNATURE_HEADER = "X-Twilio-Signature"
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML: the answer comes by the API, later."""
BODIES = dict.fromkeys((INCOMING_PATH, STATUS_PATH), Body("application/x-www-form-urlencoded", 65_536))
"""What these routes take."""

router = APIRouter()


@router.post(INCOMING_PATH)
async def incoming(request: Request) -> Response:
    """A patient's message. 200 once it is on disk; the same one again changes nothing."""
    sms, form = await _signed(request)
    try:
        message = webhook.incoming(form)
    except webhook.Unreadable:
        raise HTTPException(400, "malformed") from None
    await sms.door.take(message)
    return Response(NOTHING_TO_SAY, media_type="text/xml")


@router.post(STATUS_PATH)
async def status(request: Request) -> Response:
    """What became of one of our texts."""
    sms, form = await _signed(request)
    try:
        report = webhook.report(form, request.url.query)
    except webhook.Unreadable:
        raise HTTPException(400, "malformed") from None
    await asyncio.to_thread(sms.deliveries.reported, report)
    return Response(status_code=204)


async def _signed(request: Request) -> tuple[Sms, webhook.Form]:
    """The fields of a request the provider signed. 403 for any other, 404 where there are no text messages."""
    sms: Sms | None = request.app.state.services.sms
    if sms is None:
        raise HTTPException(404, "no_text_messages")
    signature = request.headers.get(SIGNATURE_HEADER)
    form = sms.signature.form(request.url.path, request.url.query, await request.body(), signature)
    if form is None:
        raise HTTPException(403, "forged")
    return sms, form
