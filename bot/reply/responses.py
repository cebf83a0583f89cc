"""Reads every sentence a patient can read: the Rasa responses of bot/domain/responses/*.yml."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import content

FOLDER = content.ROOT / "bot" / "domain" / "responses"
SCHEMA = Path(__file__).with_name("responses.schema.json")
PLACEHOLDERS = frozenset(
    {"clinic_name", "clinic_phone", "oncall_phone", "emergency_number", "crisis_line", "poison_line", "opening_hours"}
    | {"next_open", "heard"}
)
CHANGING = frozenset({"next_open", "heard"})
"""Placeholders whose values differ from one moment to the next."""


@dataclass(frozen=True)
class Variation:
    """One wording of a response. `channel` None serves every channel that has no wording of its own.

    `buttons` are titles; `pictures` maps those with a picture to the part it shows; `image` is an address.
    """

    text: str
    channel: str | None
    buttons: tuple[str, ...]
    pictures: Mapping[str, str]
    image: str | None


@dataclass(frozen=True)
class Response:
    """A response with its wordings and where it is written.

    `urgent`: it sends the patient for help now, and must stand out. `language` is that of its wordings, en or es.
    """

    name: str
    variations: tuple[Variation, ...]
    path: Path
    source: str
    approver: str
    urgent: bool
    language: str

    def on(self, channel: str) -> Variation:
        """The wording for a channel, chosen as Rasa does: its own first, else the one without a channel."""
        own = [variation for variation in self.variations if variation.channel == channel]
        return (own or [variation for variation in self.variations if variation.channel is None])[0]


def load_responses(folder: Path = FOLDER) -> Mapping[str, Response]:
    """All responses by name. Raises ContentError: broken file, unknown placeholder, or a name given twice."""
    responses: dict[str, Response] = {}
    for path in sorted(folder.glob("*.yml")):
        for name, variations in content.load(path, SCHEMA)["responses"].items():
            if name in responses:
                raise content.error_at(path, ["responses", name], f"already in {content.shown(responses[name].path)}")
            for index, variation in enumerate(variations):
                unknown = placeholders(path, name, index, variation["text"]) - PLACEHOLDERS
                if unknown:
                    where = ["responses", name, index, "text"]
                    raise content.error_at(path, where, f"unknown placeholder {{{min(unknown)}}}")
            if all("channel" in variation for variation in variations):
                raise content.error_at(path, ["responses", name], "needs a variation without a channel")
            metadata = variations[0]["metadata"]
            if metadata.keys() & {"urgent", "language"}:
                _known_by_its_text(path, name, variations)
            responses[name] = Response(
                name=name,
                variations=tuple(
                    Variation(
                        text=variation["text"].strip(),
                        channel=variation.get("channel"),
                        buttons=tuple(button["title"] for button in variation.get("buttons", ())),
                        pictures={
                            button["title"]: button["picture"]
                            for button in variation.get("buttons", ())
                            if "picture" in button
                        },
                        image=variation.get("image"),
                    )
                    for variation in variations
                ),
                path=path,
                source=metadata["source"],
                approver=metadata["approver"],
                urgent=metadata.get("urgent", False),
                language=metadata.get("language", "en"),
            )
    return responses


def _known_by_its_text(path: Path, name: str, variations: Sequence[Mapping[str, Any]]) -> None:
    """A response with a mark is found again by its words: they must be the same at any time. Raises ContentError."""
    for index, variation in enumerate(variations):
        if changing := placeholders(path, name, index, variation["text"]) & CHANGING:
            where: list[str | int] = ["responses", name, index, "text"]
            raise content.error_at(path, where, f"{{{min(changing)}}} in a response marked urgent or with a language")


def placeholders(path: Path, name: str, index: int, text: str) -> set[str]:
    """The names in braces in a text. Raises ContentError at a brace that does not close."""
    try:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    except ValueError as error:
        raise content.error_at(path, ["responses", name, index, "text"], str(error)) from error
