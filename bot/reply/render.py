"""Renders a response without Rasa: for the gateway while the engine is away, and for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.clinic import Clinic
from bot.content import ContentError, shown
from bot.reply.responses import FOLDER, load_responses


@dataclass(frozen=True)
class Rendered:
    """A reply as the patient reads it, and the titles of its buttons (a title is also what a press sends).

    `pictures` maps titles to the part drawn on the button; `image` is the address of a picture shown with the text.
    """

    text: str
    buttons: list[str]
    pictures: Mapping[str, str] = field(default_factory=dict)
    image: str | None = None


class Renderer:
    """Fills responses with the clinic's facts. Every file is read and checked when it is built."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._responses = load_responses()

    def render(self, response: str, channel: str, now: datetime, heard: str = "") -> Rendered:
        """The text of `response` on `channel` at the aware time `now`; `heard` is a value that the patient corrected.

        Raises ContentError for an unknown name.
        """
        found = self._responses.get(response)
        if found is None:
            raise ContentError(f"{shown(FOLDER)}: no response named {response}")
        variation = found.on(channel)
        text = variation.text.format(**self._clinic.facts(now), heard=heard)
        return Rendered(text, list(variation.buttons), variation.pictures, variation.image)
