"""Rasa component: adds the learned second look's finding to the understanding of a message."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.findings import UNDERSTANDING, as_output
from bot.engine.handed import HANDED
from bot.understanding.types import Understanding

if TYPE_CHECKING:
    from bot.understanding.second_look import SecondLook


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class SecondLookDetector(GraphComponent):
    """Takes what the gateway's second look saw, or runs `bot.understanding.second_look`. No configuration.

    It stands last: the intents do not see its finding. The rows of its sentences are remembered by the encoder, which
    all components share.
    """

    @cached_property
    def _second_look(self) -> SecondLook:
        from bot.understanding.embeddings import Encoder  # onnxruntime, which an engine behind the gateway never needs
        from bot.understanding.second_look import SecondLook

        return SecondLook(Encoder())

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
            handed = message.get(HANDED)
            seen = handed.understanding if handed else self._look(message.get(TEXT), data)
            message.set(UNDERSTANDING, as_output(seen), add_to_output=True)
        return messages

    def _look(self, text: str, data: dict[str, Any]) -> Understanding:
        return self._second_look.look(Understanding.from_dict({"text": text, **data}))
