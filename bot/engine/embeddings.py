"""Rasa component: sentence embeddings of the message and of each of its sentences, in one call of the encoder."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.featurizer import SentenceFeaturizer
from bot.engine.findings import UNDERSTANDING
from bot.understanding.embeddings import Encoder

SENTENCES = "sentence_embeddings"
"""Property of a message: one row per sentence, shape (n, 384)."""
BATCH = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(SentenceFeaturizer):
    """Sets a sentence-level dense feature for TEXT. No configuration."""

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encoder = Encoder()

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
        """Featurize messages, and keep the rows of their sentences for the intent classifier."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            spans = (message.get(UNDERSTANDING) or {}).get("sentences", [])
            rows = self._encoder.encode([text] + [text[start:end] for start, end in spans])
            self.add(message, rows[0])
            message.set(SENTENCES, rows[1:])
        return messages
