"""Reads parts.yml: the pictures there are, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import content

ROOM = Path(__file__).parent
FILE = ROOM / "parts.yml"
SCHEMA = ROOM / "parts.schema.json"
SVG = ROOM / "svg"
"""Where the drawings are: `<id>.svg`, made by scripts/draw_parts.py."""


@dataclass(frozen=True)
class Part:
    """One picture and its words; `looks` says what it shows to those who cannot see it."""

    id: str
    name: str
    also: tuple[str, ...]
    what: str
    size: str
    looks: str

    @property
    def image(self) -> str:
        """Its address on the gateway."""
        return f"/parts/{self.id}.svg"

    def drawing(self) -> bytes:
        """The SVG file."""
        return (SVG / f"{self.id}.svg").read_bytes()


@dataclass(frozen=True)
class Catalogue:
    """Every part by id, in the order of the page; `page` are the page's own sentences, with placeholders."""

    language: str
    parts: Mapping[str, Part]
    page: Mapping[str, Any]
    coin: str

    @staticmethod
    @lru_cache(maxsize=2)
    def load(language: str = "en") -> Catalogue:
        """The one copy of the process, in English or Spanish (es).

        Raises ContentError: a wrong file, an id given twice, or no drawing of one.
        """
        data, spanish = content.load(FILE, SCHEMA), language == "es"
        parts: dict[str, Part] = {}
        for index, row in enumerate(data["parts"]):
            if row["id"] in parts:
                raise content.error_at(FILE, ["parts", index, "id"], f"{row['id']} is there twice")
            if not (SVG / f"{row['id']}.svg").is_file():
                raise content.error_at(FILE, ["parts", index, "id"], "not drawn yet: `make pictures`")
            told = row["es"] if spanish else row
            parts[row["id"]] = Part(
                row["id"], row["name"][language], tuple(told["also"]), told["what"], told["size"], told["looks"]
            )
        page, coin = data["page"], data["coin"]
        return Catalogue(language, parts, page["es"] if spanish else page, coin["es" if spanish else "name"])
