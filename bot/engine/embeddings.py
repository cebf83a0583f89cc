"""Rasa component: sentence embeddings of the message and of each of its sentences, in one call of the encoder."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.findings import UNDERSTANDING
from bot.understanding.embeddings import Encoder

SENTENCES = "sentence_embeddings"
"""Property of a message: one row per sentence, shape (n, 384)."""
BATCH = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(DenseFeaturizer, GraphComponent):
    """Sets a sentence-level dense feature for TEXT. No configuration."""

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encoder = Encoder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddings:
        """See Rasa's GraphComponent."""
        return cls(execution_context.node_name, config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See Rasa's GraphComponent."""
        return {**DenseFeaturizer.get_default_config()}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to configure."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize training examples, in batches of similar length (padding is what costs)."""
        examples = sorted(
            (example for example in training_data.training_examples if example.get(TEXT)),
            key=lambda example: len(example.get(TEXT)),
        )
        for start in range(0, len(examples), BATCH):
            batch = examples[start : start + BATCH]
            for example, row in zip(batch, self._encoder.encode([example.get(TEXT) for example in batch])):
                self._add(example, row[None, :])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize messages, and keep the rows of their sentences for the intent classifier."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            spans = (message.get(UNDERSTANDING) or {}).get("sentences", [])
            rows = self._encoder.encode([text] + [text[start:end] for start, end in spans])
            self._add(message, rows[:1])
            message.set(SENTENCES, rows[1:])
        return messages

    def _add(self, message: Message, rows: Any) -> None:
        message.add_features(Features(rows, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
