"""Robustness: the same figures on altered messages and on kinds of messages, beside the clean ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from bot.evaluation import metrics
from bot.evaluation.alter import ALTERATIONS
from bot.evaluation.messages import Labelled
from bot.evaluation.metrics import Prediction
from bot.evaluation.run import conversations

SAMPLE = 300
"""Messages that are altered, unless all are asked for: four alterations of these take a minute on two cores."""
LONG = 60  # words

NATURES: Mapping[str, Callable[[Labelled], bool]] = {
    f"long, over {LONG} words": lambda message: len(message.text.split()) > LONG,
    "about somebody else": lambda message: (message.findings or {}).get("subject", "self") != "self",
}
# name of a figure → where metrics.evaluate says it
FIGURES: Mapping[str, tuple[str, ...]] = {
    "main_intent": ("intents", "main_expected", "share"),
    "any_intent": ("intents", "any_expected", "share"),
    "symptoms_f1": ("findings", "symptoms", "f1"),
    "size": ("findings", "values", "part_size_mm", "share"),
    "urgency": ("urgency", "acceptable", "share"),
    "emergencies": ("urgency", "emergency_as_emergency", "share"),
}


def sample(messages: Sequence[Labelled], size: int | None = SAMPLE) -> list[Labelled]:
    """Whole conversations drawn with a fixed seed until there are `size` messages; all for None. In file order."""
    drawn = [list(turns) for turns in conversations(messages)]
    if size is not None:
        Random(0).shuffle(drawn)  # noqa: S311 (a sample, not a secret)
    chosen: set[str] = set()
    for turns in drawn:
        if size is not None and len(chosen) >= size:
            break
        chosen.update(turn.id for turn in turns)
    return [message for message in messages if message.id in chosen]


def altered(messages: Sequence[Labelled]) -> list[Labelled]:
    """Every alteration of every message, in conversations of their own; the id says which: `typos/out-01`."""
    return [
        replace(
            message,
            id=f"{name}/{message.id}",
            conversation=f"{name}/{message.conversation}",
            text=alter(message.text, Random(f"{name}/{message.id}")),  # noqa: S311
        )
        for name, alter in ALTERATIONS.items()
        for message in messages
    ]


def evaluate(
    messages: Sequence[Labelled], predictions: Sequence[Prediction], changed: Sequence[Prediction]
) -> dict[str, Any]:
    """Per slice its `messages`, `figures`, the `clean` ones they are compared with, and the difference in `points`.

    `changed` are the predictions of `altered`. An alteration is compared with the same messages unaltered, a kind of
    message with all messages.
    """
    pairs = {message.id: (message, prediction) for message, prediction in zip(messages, predictions)}
    after: dict[str, list[metrics.Pair]] = {}
    before: dict[str, list[metrics.Pair]] = {}
    for prediction in changed:
        name, _, original = prediction["id"].partition("/")
        after.setdefault(name, []).append((pairs[original][0], prediction))
        before.setdefault(name, []).append(pairs[original])
    everything = list(pairs.values())
    for name, belongs in NATURES.items():
        if chosen := [pair for pair in everything if belongs(pair[0])]:
            after[name], before[name] = chosen, everything
    return {name: compare(after[name], before[name]) for name in after}


def compare(after: Sequence[metrics.Pair], before: Sequence[metrics.Pair]) -> dict[str, Any]:
    """One slice against the clean figures; what nothing is labelled for is None."""
    here, clean = figures(after), figures(before)
    points = {}
    for name in FIGURES:
        value, reference = here[name], clean[name]
        points[name] = None if value is None or reference is None else round(100 * (value - reference), 1)
    return {"messages": len(after), "figures": here, "clean": clean, "points": points}


def figures(pairs: Sequence[metrics.Pair]) -> dict[str, float | None]:
    """The figures that are compared."""
    result = metrics.evaluate([message for message, _ in pairs], [prediction for _, prediction in pairs])
    return {name: _at(result, path) for name, path in FIGURES.items()}


def _at(result: Any, path: Sequence[str]) -> float | None:
    for key in path:
        result = (result or {}).get(key)
    return result  # type: ignore[no-any-return]
