"""What the pages of inbox and conversations share: words, canned replies, the sentences patients get, live news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.clinic import Clinic
from bot.desk import live
from bot.desk.canned import Canned
from bot.desk.words import Words
from bot.records.conversations import Draft
from bot.records.database import Database
from bot.records.models import Channel
from bot.reply.render import Renderer

JOINED, LEFT = "utter_person_joined", "utter_person_left"
"""What the patient is told when a person takes over, and when they hand back."""


@dataclass(frozen=True)
class Tools:
    """One per process. Raises ContentError when made of content that is wrong."""

    words: Words
    canned: Canned
    renderer: Renderer
    live: live.Live

    @classmethod
    def load(cls, clinic: Clinic, database: Database, now: Callable[[], datetime]) -> Tools:
        """Read and check all content. `now` is the server's clock in the clinic's zone."""
        tools = cls(Words.load(), Canned(clinic), Renderer(clinic), live.Live(partial(live.look, database, now)))
        for response in (JOINED, LEFT):
            for channel in ("web", "sms"):
                tools.renderer.render(response, channel, now())
        return tools

    def say(self, response: str, channel: Channel, now: datetime) -> Draft:
        """One of the sentences for the patient."""
        return Draft(self.renderer.render(response, channel, now).text)
