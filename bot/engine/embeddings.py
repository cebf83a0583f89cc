"""Rasa component: embeddings of the pieces of a message, and of the message as their mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.featurizer import SentenceFeaturizer
from bot.engine.findings import UNDERSTANDING
from bot.engine.pieces import Cutter
from bot.understanding.embeddings import DIMENSION, Encoder

PIECES = "pieces"
"""Property of a message: its pieces, `bot.engine.pieces.Piece`."""
EMBEDDINGS = "piece_embeddings"
"""Property of a message: one row per piece, shape (n, 384)."""
BATCH = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(SentenceFeaturizer):
    """Sets a sentence-level dense feature for TEXT. No configuration."""

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encoder = Encoder()
        self._cutter = Cutter()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize training examples, in batches of similar length (padding is what costs)."""
        examples = sorted(
            (example for example in training_data.training_examples if example.get(TEXT)),
            key=lambda example: len(example.get(TEXT)),
        )
        for start in range(0, len(examples), BATCH):
            batch = examples[start : start + BATCH]
            for example, row in zip(batch, self._encoder.encode([example.get(TEXT) for example in batch])):
                self.add(example, row)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize messages, and keep their pieces with a row for each."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            pieces = self._cutter.cut(text, (message.get(UNDERSTANDING) or {}).get("sentences", []))
            rows = self._rows([text[piece.start : piece.end] for piece in pieces])
            sentences = rows[[not piece.clause for piece in pieces]]
            self.add(message, whole(sentences) if len(sentences) else self._encoder.encode([text])[0])
            message.set(PIECES, pieces)
            message.set(EMBEDDINGS, rows)
        return messages

    def _rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        # one by one: together each would be padded to the longest, which takes twice as long on the one thread there is
        rows = {text: self._encoder.encode([text])[0] for text in dict.fromkeys(texts)}
        return np.array([rows[text] for text in texts], dtype=np.float32).reshape(len(texts), DIMENSION)


def whole(sentences: NDArray[np.float32]) -> NDArray[np.float32]:
    """The row of a message: the mean of its sentences, of length 1; encoding it as a whole would cost as much again."""
    mean = sentences.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
