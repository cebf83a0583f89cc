"""The widget's sentences and the transcript's, in the clinic's languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import content
from bot.clinic import Clinic

ROOM = content.ROOT / "bot" / "widget"
FILES = (ROOM / "texts.yml", Path(__file__).with_name("transcript.yml"))
SCHEMA = ROOM / "texts.schema.json"


@dataclass(frozen=True)
class Texts:
    """Sentences by key and language, with placeholders."""

    sentences: dict[str, dict[str, str]]

    @classmethod
    def load(cls, files: Sequence[Path] = FILES) -> Texts:
        """Read and check the files. Raises ContentError."""
        return cls({key: words for file in files for key, words in content.load(file, SCHEMA)["texts"].items()})

    def of(self, language: str) -> dict[str, str]:
        """Every sentence in one language."""
        return {key: words[language] for key, words in self.sentences.items()}


def spoken(clinic: Clinic, asked: str | None) -> str:
    """The clinic's language for the tag a device asked for: `es` for `es-MX`; else the clinic's first."""
    base = (asked or "").partition("-")[0].lower()
    return base if base in clinic.languages else clinic.languages[0]
