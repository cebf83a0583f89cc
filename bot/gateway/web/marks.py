"""What a text of ours is beside its words: whether it is urgent, and in which language. Found by the text itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.reply.responses import load_responses

if TYPE_CHECKING:  # the speech of the gateway reads the shapes of the API
    from bot.gateway.speech import Renders


@dataclass(frozen=True)
class Mark:
    """`urgent`: it sends the patient for help now. `language` is a tag such as en."""

    urgent: bool
    language: str


USUAL = Mark(urgent=False, language="en")


class Marks:
    """The texts of all responses whose metadata sets them apart, as the website shows them.

    The engine gives texts, not names; and what is stored needs no column that could go wrong. A message from before the
    clinic changed a number counts as usual.
    """

    def __init__(self, renderer: Renders, now: datetime) -> None:
        """`now` is of no matter: a marked response has no placeholder that changes with time. Raises ContentError."""
        self._marks: dict[str, Mark] = {}
        for name, response in load_responses().items():
            mark = Mark(response.urgent, response.language)
            if mark != USUAL:
                self._marks[renderer.render(name, "web", now).text] = mark

    def of(self, text: str) -> Mark:
        """The mark of a text the assistant said."""
        return self._marks.get(text, USUAL)
