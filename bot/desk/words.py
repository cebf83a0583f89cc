"""What the desk calls things: words.yml, and the names of the red flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import content

FILE = Path(__file__).with_name("words.yml")
RULES = content.ROOT / "bot" / "triage" / "red_flags.yml"


@dataclass(frozen=True)
class Words:
    """Words by kind and key. A key without a word is shown as it is, with blanks: an old row must not break a page."""

    kinds: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, Sequence[str]]

    @classmethod
    def load(cls, file: Path = FILE, rules: Path = RULES) -> Words:
        """Read and check the file. Raises ContentError."""
        data = content.load(file, file.with_suffix(".schema.json"))
        kinds = {key: value for key, value in data.items() if isinstance(value, dict)}
        kinds["reasons"] |= {rule["id"]: rule["name"] for rule in content.load(rules)["rules"]}
        return cls(kinds, {key: value for key, value in data.items() if isinstance(value, list)})

    def say(self, kind: str, key: str | None) -> str:
        """The word for `key`; empty for None."""
        if key is None:
            return ""
        return self.kinds[kind].get(key, key.replace("_", " "))

    def all(self, kind: str) -> Mapping[str, str]:
        """Every word of a kind, in the file's order."""
        return self.kinds[kind]
