"""One request of somebody to change something, and how it ends: a piece of the page, or the page anew."""

from __future__ import annotations

import json
import uuid
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, Request, Response

from bot.desk.conversation import changed
from bot.desk.deps import Inside, Person
from bot.desk.errors import by_script
from bot.desk.pages import back_to, show


class Act:
    """What every action of staff has: who acts, when, and the two ways out."""

    def __init__(self, request: Request, desk: Inside, person: Person, background: BackgroundTasks) -> None:
        self.request, self.desk, self.person = request, desk, person
        self.now = desk.now()
        self._background = background

    def said(self, conversation_id: uuid.UUID) -> None:
        """Once the answer is out: streams are woken and texts are sent, which may take a provider some seconds."""
        self._background.add_task(self.desk.said, conversation_id)

    def end(self, conversation_id: uuid.UUID | None, case_id: uuid.UUID | None, done: str) -> Response:
        """It is done: a code of done.html."""
        self.desk.tools.live.hurry()
        if conversation_id is None:
            return back_to(f"/desk/cases/{case_id}?done={done}")
        if by_script(self.request):
            response = changed(self.request, self.desk, self.person, conversation_id, case_id)
            response.headers["hx-trigger-after-swap"] = json.dumps({"desk:done": done})
            return response
        which = f"case={case_id}&" if case_id else ""
        return back_to(f"/desk/conversations/{conversation_id}?{which}done={done}#latest")

    def refuse(
        self, conversation_id: uuid.UUID | None, why: str, status: int = 409, draft: str = "", **told: Any
    ) -> Response:
        """It was not done: `why` is a code of refusal.html, `draft` what somebody wrote and must not lose."""
        told |= {"why": why, "draft": draft}
        if by_script(self.request) and conversation_id is not None:
            return changed(self.request, self.desk, self.person, conversation_id, status=status, **told)
        say = self.desk.tools.words.say
        return show(self.request, "refusal_page.html", status, told=told, conversation_id=conversation_id, say=say)


Acting = Annotated[Act, Depends()]
