"""One patient's data, for an admin: to hand over, or to delete for good."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Response

from bot.desk.deps import Inside, Needs, Person
from bot.desk.pages import back_to
from bot.records import audit, conversations, privacy
from bot.records.models import Conversation

router = APIRouter(prefix="/conversations/{conversation_id}", dependencies=[Depends(Needs("admin"))])


@router.post("/export")
def export(desk: Inside, person: Person, conversation_id: uuid.UUID) -> Response:
    """Everything the records hold of a conversation, with its photos, as a zip file."""
    now = desk.now()
    with desk.database.write() as session:
        data = privacy.export(session, conversation_id, desk.photo)
        if not data:
            raise HTTPException(404)
        audit.add(session, person.name, "exported", now, conversation_id=conversation_id)
    name = f"patient-{conversation_id.hex[:8]}-{now:%Y-%m-%d}.zip"
    return Response(
        data, media_type="application/zip", headers={"content-disposition": f'attachment; filename="{name}"'}
    )


@router.post("/erase")
def erase(desk: Inside, person: Person, conversation_id: uuid.UUID, sure: Annotated[bool, Form()] = False) -> Response:
    """The conversation is gone, with its photos; of its cases stays what the clinic must be able to show."""
    if not sure:
        return back_to(f"/desk/conversations/{conversation_id}#data")
    with desk.database.write() as session:
        if session.get(Conversation, conversation_id) is None:
            raise HTTPException(404)
        files = conversations.erase(session, conversation_id, person.name, desk.now())
    desk.remove_photos(files)
    desk.tools.live.hurry()
    return back_to("/desk?done=erased")
