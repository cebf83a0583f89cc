"""Rasa component: findings as entities, and the whole understanding for the action."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.clinic import Clinic
from bot.understanding.pipeline import Understander
from bot.understanding.types import Finding

UNDERSTANDING = "understanding"
"""Output property of a message: {"findings": [...], "sentences": [[start, end], ...]}."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class FindingsExtractor(GraphComponent):
    """Runs `bot.understanding` on a message. No configuration: the lexicon is data beside that room."""

    def __init__(self) -> None:
        self._understander = Understander()
        self._clinic = Clinic.load()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FindingsExtractor:
        """See Rasa's GraphComponent."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add an entity per finding; relative times count from the message's `received_at` (default: now)."""
        for message in messages:
            text = message.get(TEXT)
            if not isinstance(text, str):
                continue
            metadata = message.get("metadata") or {}
            understanding = self._understander.understand(text, self._received_at(metadata))
            entities = list(message.get(ENTITIES, [])) + [entity(finding) for finding in understanding.findings]
            message.set(ENTITIES, entities, add_to_output=True)
            message.set(
                UNDERSTANDING,
                {
                    "findings": [finding.to_dict() for finding in understanding.findings],
                    "sentences": [list(span) for span in understanding.sentences],
                },
                add_to_output=True,
            )
        return messages

    def _received_at(self, metadata: dict[str, Any]) -> datetime:
        stamp = metadata.get("received_at")
        return datetime.fromisoformat(stamp) if isinstance(stamp, str) else datetime.now(self._clinic.timezone)


def entity(finding: Finding) -> dict[str, Any]:
    """The finding as a Rasa entity: a symptom's value is its assertion, anything else has its own value."""
    return {
        "entity": finding.name,
        "value": finding.assertion if finding.value is None else finding.value,
        "start": finding.start,
        "end": finding.end,
        "extractor": "FindingsExtractor",
    }
