"""Rasa component: what the words alone do not tell a classifier well: which findings, and whether it is a question."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import understanding
from bot.engine.embeddings import PIECES
from bot.engine.featurizer import SentenceFeaturizer
from bot.engine.findings import UNDERSTANDING
from bot.understanding.pieces import OPENER, Piece

PIECE_CUES = "piece_cues"
"""Property of a message: one row of cues per piece."""

# Sizes beside an embedding of length 1; measured in docs/understanding.md.
FINDING, QUESTION, NOTHING = 0.6, 0.5, 1.0
BUCKETS = 512  # findings are hashed, so that a new one in the lexicon does not change the shape
WIDTH = BUCKETS + 4

_INDIRECT = re.compile(
    r"\b(?:wonder\w*|(?:want|like) to know|my question|tell me|not sure (?:if|whether)|do you know|any (?:idea|advice)"
    r"|should i)\b",
    re.IGNORECASE,
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Cues(SentenceFeaturizer):
    """Sets a sentence-level dense feature for TEXT: hashed findings, question marks and openers. No configuration."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when the lexicon or its code changed, which Rasa does not see."""
        digest = hashlib.sha256()
        for path in sorted(Path(understanding.__file__).parent.rglob("*")):
            if path.suffix in (".py", ".yml"):
                digest.update(path.read_bytes())
        return digest.hexdigest()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize training examples; when one was written does not matter."""
        from bot.understanding.pipeline import Understander  # not for the running engine

        understander, now = Understander(), datetime.now(timezone.utc)
        for example in training_data.training_examples:
            if text := example.get(TEXT):
                found = [finding.to_dict() for finding in understander.understand(text, now).findings]
                self.add(example, cues(text, found))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize messages from their understanding, and keep a row for each piece."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            findings = (message.get(UNDERSTANDING) or {}).get("findings", [])
            self.add(message, cues(text, findings))
            pieces: list[Piece] = message.get(PIECES) or []
            rows = [cues(text[p.start : p.end], [f for f in findings if p.start <= f["start"] < p.end]) for p in pieces]
            message.set(PIECE_CUES, np.array(rows, dtype=np.float32).reshape(len(rows), WIDTH))
        return messages


def cues(text: str, findings: Iterable[Mapping[str, Any]]) -> NDArray[np.float32]:
    """The cues of one text: shape (WIDTH,)."""
    row = np.zeros(WIDTH, dtype=np.float32)
    for finding in findings:
        said = finding["value"] if finding["name"] == "part" else finding["assertion"]
        row[crc32(f"{finding['name']}:{said}".encode()) % BUCKETS] = FINDING
    row[BUCKETS] = 0.0 if row.any() else NOTHING
    row[BUCKETS + 1] = QUESTION if "?" in text else 0.0
    row[BUCKETS + 2] = QUESTION if OPENER.match(text) else 0.0
    row[BUCKETS + 3] = QUESTION if _INDIRECT.search(text) else 0.0
    return row
