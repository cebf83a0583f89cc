"""Rasa component: what a message states as entities, and the whole understanding for the action."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.clinic import Clinic
from bot.understanding.labels import LISTS, NUMBERS, SYMPTOMS
from bot.understanding.pipeline import Understander
from bot.understanding.types import Finding

REPORTED = frozenset((*SYMPTOMS, *NUMBERS, *LISTS))
UNDERSTANDING = "understanding"
"""Output property of a message: {"findings": [...], "sentences": [[start, end], ...]}."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class FindingsExtractor(GraphComponent):
    """Runs `bot.understanding` on a message. No configuration: the lexicon is data beside that room."""

    def __init__(self) -> None:
        self._understander = Understander()
        self._understander.warm()
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
        """Add entities and the understanding; relative times count from the message's `received_at` (default: now)."""
        for message in messages:
            text = message.get(TEXT)
            if not isinstance(text, str):
                continue
            metadata = message.get("metadata") or {}
            understanding = self._understander.understand(text, self._received_at(metadata))
            message.set(ENTITIES, entities(understanding.findings), add_to_output=True)
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


def entities(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The findings a Rasa story can hold: those an evaluation reports, and where two share words only the longer.

    A symptom's value is its assertion; anything else has its own value, as text.
    """
    reported = sorted((f for f in findings if f.name in REPORTED), key=lambda f: (f.start - f.end, f.start))
    chosen: list[Finding] = []
    for finding in reported:
        if all(finding.end <= other.start or other.end <= finding.start for other in chosen):
            chosen.append(finding)
    return [
        {
            "entity": finding.name,
            "value": finding.assertion if finding.value is None else str(finding.value),
            "start": finding.start,
            "end": finding.end,
            "extractor": "FindingsExtractor",
        }
        for finding in sorted(chosen, key=lambda f: f.start)
    ]
