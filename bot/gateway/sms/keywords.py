"""STOP, START and HELP: whole messages that are commands of text messaging, from keywords.yml."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot import content
from bot.gateway.text import bare

FILE = Path(__file__).with_name("keywords.yml")
SCHEMA = Path(__file__).with_name("keywords.schema.json")

Does = Literal["stop", "start", "help"]


@dataclass(frozen=True)
class Keyword:
    """What a message commands, the language it did so in (en or es), and the response that confirms it."""

    does: Does
    language: str
    reply: str


class Keywords:
    """The table of keywords.yml. Raises ContentError when the file is wrong or a word has two meanings.

    A pattern, too, must fit a whole message, as `bare` writes it; a question is no command.
    """

    def __init__(self, file: Path = FILE) -> None:
        self._always: dict[str, Keyword] = {}
        self._opted_out: dict[str, Keyword] = {}
        self._patterns: list[tuple[re.Pattern[str], Keyword]] = []
        for index, row in enumerate(content.load(file, SCHEMA)["keywords"]):
            keyword = Keyword(row["does"], row["language"], row["reply"])
            self._patterns += [(re.compile(pattern), keyword) for pattern in row.get("patterns", ())]
            table = self._opted_out if row.get("only_opted_out") else self._always
            for word in row.get("words", ()):
                if word in self._always or word in self._opted_out:
                    raise content.error_at(file, ["keywords", index, "words"], f"{word!r} is already a keyword")
                table[word] = keyword

    def find(self, text: str, opted_out: bool) -> Keyword | None:
        """The command a message is, if all of it is one."""
        plain = _plain(text)
        found = self._always.get(plain) or (self._opted_out.get(plain) if opted_out else None)
        return found or (None if "?" in text else self._by_pattern(bare(text)))

    def _by_pattern(self, plain: str) -> Keyword | None:
        return next((keyword for pattern, keyword in self._patterns if pattern.fullmatch(plain)), None)


def _plain(text: str) -> str:
    """Lower case, no accents, single spaces, and nothing around it but letters: a question stays a question."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(character for character in letters if not unicodedata.combining(character))
    return " ".join(bare.split()).strip(" .!¡\"'“”‘’*")
