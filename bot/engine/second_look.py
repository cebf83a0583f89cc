"""Rasa component: adds the learned second look's finding to the understanding of a message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.findings import UNDERSTANDING
from bot.understanding.embeddings import Encoder
from bot.understanding.second_look import SecondLook
from bot.understanding.types import Finding, Understanding


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class SecondLookDetector(GraphComponent):
    """Runs `bot.understanding.second_look`, as the gateway's scan does. No configuration.

    It stands last: the intents do not see its finding. The rows of its sentences are remembered by the encoder, which
    all components share.
    """

    def __init__(self) -> None:
        self._second_look = SecondLook(Encoder())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SecondLookDetector:
        """See Rasa's GraphComponent."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at each message that was understood."""
        for message in messages:
            data = message.get(UNDERSTANDING)
            if not data:
                continue
            understanding = Understanding(
                message.get(TEXT),
                tuple(Finding.from_dict(item) for item in data["findings"]),
                tuple((start, end) for start, end in data["sentences"]),
            )
            found = [finding.to_dict() for finding in self._second_look.look(understanding).findings]
            message.set(UNDERSTANDING, {**data, "findings": found}, add_to_output=True)
        return messages
