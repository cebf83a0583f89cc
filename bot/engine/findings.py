"""Rasa component: what a message states as entities, and the whole understanding for the action."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.clinic import Clinic
from bot.engine.handed import take
from bot.understanding import second_look
from bot.understanding.labels import LISTS, NUMBERS, SYMPTOMS
from bot.understanding.types import Finding, Understanding

if TYPE_CHECKING:
    from bot.understanding.pipeline import Understander

logger = logging.getLogger(__name__)

REPORTED = frozenset((*SYMPTOMS, *NUMBERS, *LISTS))
UNDERSTANDING = "understanding"
"""Output property of a message: {"findings": [...], "sentences": [[start, end], ...]}."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class FindingsExtractor(GraphComponent):
    """Takes the findings that were handed over, or runs `bot.understanding`. No configuration: the lexicon is data."""

    def __init__(self) -> None:
        self._clinic = Clinic.load()

    @cached_property
    def _understander(self) -> Understander:
        # spaCy and the lexicon: 5 s and 150 MB that an engine behind the gateway never needs
        from bot.understanding.pipeline import Understander

        logger.warning("a message came without what was understood of it: loading the language")
        return Understander()

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
            handed = take(message)
            understanding = without_look(handed.understanding) if handed else self._understand(text, message)
            message.set(ENTITIES, entities(understanding.findings), add_to_output=True)
            message.set(UNDERSTANDING, as_output(understanding), add_to_output=True)
        return messages

    def _understand(self, text: str, message: Message) -> Understanding:
        return self._understander.understand(text, self._received_at(message.get("metadata") or {}))

    def _received_at(self, metadata: dict[str, Any]) -> datetime:
        stamp = metadata.get("received_at")
        return datetime.fromisoformat(stamp) if isinstance(stamp, str) else datetime.now(self._clinic.timezone)


def as_output(understanding: Understanding) -> dict[str, Any]:
    """The value of UNDERSTANDING; the text stands in the message."""
    data = understanding.to_dict()
    del data["text"]
    return data


def without_look(understanding: Understanding) -> Understanding:
    """The understanding as it was before the second look, whose finding the intents do not see."""
    findings = tuple(finding for finding in understanding.findings if finding.name != second_look.FINDING)
    return replace(understanding, findings=findings)


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
