"""The lexicon: which words state which finding. Content in lexicon/*.yml; this file only reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import content
from bot.understanding.phrases import Fillers, Phrase, PhraseError, parse

FOLDER = Path(__file__).parent / "lexicon"
LANGUAGE = Path(__file__).parent / "language"
INTERNAL = "_"
"""Entries whose finding begins with this are used inside this room only (sites, events, what to ignore)."""


@dataclass(frozen=True)
class Entry:
    """One way a finding is stated: its name, value and attributes; `assertion` when the wording itself decides it."""

    finding: str
    value: str | None
    said: bool
    assertion: str | None
    attributes: Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """The shared word lists, the words that may stand anywhere, and those no gap may cross."""

    lists: Mapping[str, Sequence[str]]
    fillers: Fillers

    def parse(self, source: str) -> list[Phrase]:
        """Compile one phrase. Raises PhraseError."""
        return parse(source, self.lists, self.fillers)


@lru_cache(maxsize=1)
def words() -> Words:
    """Read words.yml. Raises ContentError."""
    data = content.load(FOLDER / "words.yml", FOLDER / "words.schema.json")
    fillers = "|".join(sorted((w.replace(" ", r"\s+") for w in data["fillers"]), key=len, reverse=True))
    return Words(data["lists"], Fillers(fillers, "|".join(data["barriers"])))


def load() -> list[tuple[Phrase, Entry]]:
    """Every phrase of every lexicon file with its entry. Raises ContentError naming file and line."""
    found: list[tuple[Phrase, Entry]] = []
    for path in sorted(FOLDER.glob("*.yml")):
        if path.name == "words.yml":
            continue
        data = content.load(path, FOLDER / "schema.json")
        for number, item in enumerate(data["entries"]):
            for value, sources, keys in _phrases(item):
                entry = Entry(
                    item["finding"],
                    value,
                    item.get("value") == "said",
                    item.get("assertion"),
                    item.get("attributes", {}),
                )
                for index, source in enumerate(sources):
                    try:
                        found += [(phrase, entry) for phrase in words().parse(source)]
                    except PhraseError as error:
                        raise content.error_at(path, ["entries", number, *keys, index], str(error)) from error
    return found


def _phrases(item: Mapping[str, Any]) -> Iterator[tuple[str | None, Sequence[str], Sequence[str]]]:
    """(value, phrases, where in the entry) for each value; `frames` put each value's words in place of `@`."""
    if "phrases" in item:
        value = item.get("value")
        yield (None if value == "said" else value), item["phrases"], ["phrases"]
    for value, sources in item.get("values", {}).items():
        if "frames" in item:
            joined = "(" + "|".join(sources) + ")"
            sources = [frame.replace("@", joined) for frame in item["frames"]]
            yield str(value), sources, ["frames"]
        else:
            yield str(value), sources, ["values", str(value)]


def parsed(path: Path, sources: Sequence[str], keys: Sequence[str | int]) -> list[Phrase]:
    """The phrases of a list that stands under `keys` in the file `path`. Raises ContentError at the wrong one."""
    found: list[Phrase] = []
    for index, source in enumerate(sources):
        try:
            found += words().parse(source)
        except PhraseError as error:
            raise content.error_at(path, [*keys, index], str(error)) from error
    return found
