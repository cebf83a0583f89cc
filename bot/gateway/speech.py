"""What the gateway itself may say: responses of the domain, rendered for the patient's channel."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.gateway.engine import Flag
from bot.gateway.photos import words as photos
from bot.gateway.scan import top_flag
from bot.records.conversations import Draft
from bot.records.models import Channel

logger = logging.getLogger(__name__)

DISCLOSURE = "utter_disclosure"
HAVE_MESSAGE = "utter_have_message"
TECHNICAL_PROBLEM = "utter_technical_problem"
TOO_LONG = "utter_too_long"


class Rendered(Protocol):
    """`bot.reply.render.Rendered`."""

    @property
    def text(self) -> str:
        """What the patient reads."""

    @property
    def buttons(self) -> Sequence[str]:
        """Titles of quick replies; a title is also what it sends."""

    @property
    def pictures(self) -> Mapping[str, str]:
        """Titles with the part that is drawn on their button."""

    @property
    def image(self) -> str | None:
        """The address of a picture that is shown with the text."""


class Renders(Protocol):
    """`bot.reply.render.Renderer`."""

    def render(self, response: str, channel: str, now: datetime) -> Rendered:
        """One response with the clinic's facts filled in."""


class Speech:
    """Renders without Rasa. Checks at start that what is said when all else fails can be said."""

    def __init__(self, renderer: Renders, join: Callable[[list[str]], list[str]], now: datetime) -> None:
        self._renderer, self._join = renderer, join
        for response in (DISCLOSURE, HAVE_MESSAGE, TECHNICAL_PROBLEM, TOO_LONG, *photos.LINES):
            for channel in ("web", "sms"):
                self._renderer.render(response, channel, now)

    def say(self, response: str, channel: Channel, now: datetime) -> Draft:
        """One response. Raises ContentError when there is none of this name."""
        rendered = self._renderer.render(response, channel, now)
        buttons = tuple(
            {"title": title, "payload": title}
            | ({"picture": rendered.pictures[title]} if title in rendered.pictures else {})
            for title in rendered.buttons
        )
        return Draft(rendered.text, buttons, rendered.image)

    def hold(self, flags: Sequence[Flag], channel: Channel, now: datetime) -> Draft:
        """While the engine is away: the safety line of the top flag, else that the message is here."""
        return self.safety(top_flag(flags), channel, now) or self.say(HAVE_MESSAGE, channel, now)

    def safety(self, flag: Flag | None, channel: Channel, now: datetime) -> Draft | None:
        """The safety line of a flag. None without a flag, or if its line cannot be said (logged)."""
        if flag is None:
            return None
        try:
            return self.say(flag.response, channel, now)
        except Exception as error:
            logger.error("safety line missing", extra={"rule": flag.rule, "code": type(error).__name__})
            return None

    def packed(self, drafts: Sequence[Draft], channel: Channel) -> list[Draft]:
        """As they go out: text messages are joined into as few as possible and have no buttons."""
        if channel == "sms":
            return [Draft(text) for text in self._join([draft.text for draft in drafts])]
        return list(drafts)
