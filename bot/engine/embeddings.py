"""Rasa component: embeddings of the pieces of a message, and of the message as their mean."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.featurizer import SentenceFeaturizer
from bot.engine.findings import UNDERSTANDING
from bot.engine.handed import HANDED
from bot.understanding.handed import Handed, Hander
from bot.understanding.types import Understanding

if TYPE_CHECKING:
    from bot.understanding.embeddings import Encoder

PIECES = "pieces"
"""Property of a message: its pieces, `bot.understanding.pieces.Piece`."""
EMBEDDINGS = "piece_embeddings"
"""Property of a message: one row per piece, shape (n, 384)."""
BATCH = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(SentenceFeaturizer):
    """Sets a sentence-level dense feature for TEXT. No configuration."""

    @cached_property
    def _encoder(self) -> Encoder:
        from bot.understanding.embeddings import Encoder  # onnxruntime, which an engine behind the gateway never needs

        return Encoder()

    @cached_property
    def _hander(self) -> Hander:
        return Hander(self._encoder)

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
            handed = message.get(HANDED) or self._hand(text, message.get(UNDERSTANDING))
            self.add(message, whole(handed.rows[[not piece.clause for piece in handed.pieces]]))
            message.set(PIECES, list(handed.pieces))
            message.set(EMBEDDINGS, handed.rows)
        return messages

    def _hand(self, text: str, understanding: dict[str, Any] | None) -> Handed:
        data = understanding or {"findings": [], "sentences": []}
        return self._hander.hand(Understanding.from_dict({"text": text, **data}))


def whole(sentences: NDArray[np.float32]) -> NDArray[np.float32]:
    """The row of a message: the mean of its sentences, of length 1; encoding it as a whole would cost as much again."""
    mean = sentences.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
