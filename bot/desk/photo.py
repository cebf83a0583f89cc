"""A patient's photo: the file, for staff alone, and the page with the millimetre overlay."""

from __future__ import annotations

import uuid
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

from bot import content
from bot.desk.clock import Clock
from bot.desk.deps import Inside, Person
from bot.desk.desk import Desk
from bot.desk.lines import short, who
from bot.desk.pages import show
from bot.records import audit, dossier, texts
from bot.records.models import Conversation, Message, Photo

COINS = Path(__file__).with_name("coins.yml")
HEADERS = {
    # it can run nothing and show nothing else, whatever a file may hold
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "content-disposition": 'inline; filename="photo.jpg"',
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
}

router = APIRouter()


@router.get("/photos/{photo_id}")
def file(desk: Inside, photo_id: uuid.UUID) -> Response:
    """The picture itself; always a JPEG, for every photo is written anew when it comes in."""
    photo = _photo(desk, photo_id)
    try:
        data = desk.photo(photo.file or "")
    except OSError as error:
        raise HTTPException(404) from error
    return Response(data, media_type="image/jpeg", headers=HEADERS)


@router.get("/photos/{photo_id}/measure")
def page(request: Request, desk: Inside, person: Person, photo_id: uuid.UUID) -> Response:
    """The picture with points to put on a coin and on the part. Who looked stands in the trail."""
    photo = _photo(desk, photo_id)
    now = desk.now()
    with desk.database.write() as session:
        conversation = session.get_one(Conversation, photo.conversation_id)
        message = session.get_one(Message, photo.message_id)
        name = who(desk.tools.words, conversation, texts.address_of(session, conversation.id))
        audit.add(session, person.name, "photo_viewed", now, conversation_id=conversation.id)
    return show(
        request,
        "photo.html",
        photo=photo,
        who=name,
        short=short(conversation.id),
        conversation=conversation,
        seq=message.seq,
        at=Clock(now).moment(message.received_at),
        coins=content.load(COINS, COINS.with_suffix(".schema.json"))["coins"],
    )


def _photo(desk: Desk, photo_id: uuid.UUID) -> Photo:
    with desk.database.read() as session:
        photo = dossier.photo(session, photo_id)
    if photo is None:
        raise HTTPException(404)
    return photo
