"""What our two featurizers share: one dense sentence-level feature for the text, and nothing to configure."""

from __future__ import annotations

from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message

Self = TypeVar("Self", bound="SentenceFeaturizer")


class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Base of a featurizer that sets one row per text."""

    @classmethod
    def create(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """See Rasa's GraphComponent."""
        return cls(execution_context.node_name, config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See Rasa's GraphComponent."""
        return {**DenseFeaturizer.get_default_config()}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to configure."""

    def add(self, message: Message, row: Any) -> None:
        """Set the feature: `row` has shape (width,)."""
        message.add_features(Features(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
