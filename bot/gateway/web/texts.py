"""The widget's sentences and the transcript's, in the clinic's languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot import content
from bot.clinic import Clinic

ROOM = content.ROOT / "bot" / "widget"
WIDGET = ROOM / "texts.yml"
TRANSCRIPT = Path(__file__).with_name("transcript.yml")


@dataclass(frozen=True)
class Texts:
    """Sentences by key and language, with placeholders."""

    sentences: dict[str, dict[str, str]]

    @classmethod
    def load(cls, file: Path = WIDGET) -> Texts:
        """Read the file and check it against the schema beside it. Raises ContentError."""
        return cls(content.load(file, file.with_suffix(".schema.json"))["texts"])

    def of(self, language: str) -> dict[str, str]:
        """Every sentence in one language."""
        return {key: words[language] for key, words in self.sentences.items()}


def spoken(clinic: Clinic, asked: str | None) -> str:
    """The clinic's language for the tag a device asked for: `es` for `es-MX`; else the clinic's first."""
    base = (asked or "").partition("-")[0].lower()
    return base if base in clinic.languages else clinic.languages[0]
