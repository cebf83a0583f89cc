"""Rasa component: intents per sentence and per message, so that every report and every question is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot.engine.cues import SENTENCE_CUES
from bot.engine.embeddings import SENTENCES

INTENTS = "intents"
"""Output property of a message: the names of all intents found, the main one first."""
OUT_OF_SCOPE = "out_of_scope"
Matrix = NDArray[np.float32]


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class SentenceIntentClassifier(IntentClassifier, GraphComponent):
    """Logistic regression on sentence embeddings and cues, asked for the message and for each of its sentences.

    Configuration, all measured in docs/understanding.md: `C` of the regression; `found` = least probability in one
    sentence for an intent to count as found, with `careful` exceptions; `known` = least score of the best intent for
    the message to be in scope at all; `whole` = weight of the whole message beside its best sentence; `aside` = factor
    for the intents in `asides` where there are several sentences: a long report also states facts and says thanks;
    `outside` = factor for out_of_scope.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._names: list[str] = []
        self._weights: Matrix = np.zeros((0, 0), dtype=np.float32)
        self._bias: Matrix = np.zeros(0, dtype=np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See Rasa's GraphComponent."""
        return {
            "C": 5.0,
            "found": 0.3,
            "careful": {"crisis": 0.8, "opt_out": 0.8, "complaint": 0.6, "talk_to_human": 0.6, "bot_challenge": 0.6},
            "known": 0.15,
            "whole": 0.5,
            "aside": 0.5,
            "asides": [
                "inform", "greet", "thanks", "goodbye", "affirm", "deny", "unsure",
                "complaint", "crisis", "bot_challenge", "opt_out",
            ],
            "outside": 1.5,
        }  # fmt: skip

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceIntentClassifier:
        """See Rasa's GraphComponent."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the sentence features of all examples that have an intent, and persist."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        rows = np.vstack([example.get_dense_features(TEXT, [])[1].features for example in examples])
        labels = [example.get(INTENT) for example in examples]
        model = LogisticRegression(C=self._config["C"], max_iter=1000)
        model.fit(rows, labels)
        self._names = [str(name) for name in model.classes_]
        self._weights = model.coef_.astype(np.float32)
        self._bias = model.intercept_.astype(np.float32)
        self.persist()
        return self._resource

    def persist(self) -> None:
        """Write names, weights and bias: three arrays, nothing executable."""
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "intents.npz", names=np.array(self._names), weights=self._weights, bias=self._bias)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceIntentClassifier:
        """See Rasa's GraphComponent."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            data = np.load(folder / "intents.npz", allow_pickle=False)
            component._names = [str(name) for name in data["names"]]
            component._weights, component._bias = data["weights"], data["bias"]
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent`, `intent_ranking` and `intents`."""
        for message in messages:
            features = message.get_dense_features(TEXT, [])[1] if message.get(TEXT) else None
            if features is None:
                ranking: list[tuple[str, float]] = [(OUT_OF_SCOPE, 1.0)]
                found = [OUT_OF_SCOPE]
            else:
                whole = probabilities(features.features, self._weights, self._bias)[0]
                rows = np.hstack([message.get(SENTENCES), message.get(SENTENCE_CUES)])
                sentences = probabilities(rows, self._weights, self._bias)
                ranking, found = rank(self._names, whole, sentences, self._config)
            ranked = [{"name": name, "confidence": score} for name, score in ranking]
            message.set(INTENT, ranked[0], add_to_output=True)
            message.set("intent_ranking", ranked[:10], add_to_output=True)
            message.set(INTENTS, found, add_to_output=True)
        return messages


def probabilities(rows: Matrix, weights: Matrix, bias: Matrix) -> Matrix:
    """Softmax of the regression: shape (rows, intents)."""
    scores = rows @ weights.T + bias
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True), dtype=np.float32)


def rank(
    names: list[str], whole: Matrix, sentences: Matrix, config: Mapping[str, Any]
) -> tuple[list[tuple[str, float]], list[str]]:
    """Rank the intents of one message and name those found, the main one first.

    `whole` has one probability per intent for the message, `sentences` a row per sentence. A message about something
    else, or one that nothing fits, is out of scope.
    """
    best_sentence = sentences.max(axis=0) if len(sentences) else whole
    highest = np.maximum(whole, best_sentence)
    factors = np.array([_factor(name, len(sentences), config) for name in names], dtype=np.float32)
    score = (config["whole"] * whole + (1 - config["whole"]) * best_sentence) * factors
    order = np.argsort(-score)
    ranking = [(names[index], float(min(score[index], 1.0))) for index in order]
    main = ranking[0][0]
    if main == OUT_OF_SCOPE:
        return ranking, [OUT_OF_SCOPE]
    if ranking[0][1] < config["known"]:
        others = [(name, value) for name, value in ranking if name != OUT_OF_SCOPE]
        return [(OUT_OF_SCOPE, 1.0 - ranking[0][1]), *others], [OUT_OF_SCOPE]
    found = [
        names[index]
        for index in order[1:]
        if names[index] != OUT_OF_SCOPE and highest[index] >= config["careful"].get(names[index], config["found"])
    ]
    return ranking, [main, *found]


def _factor(name: str, sentences: int, config: Mapping[str, Any]) -> float:
    if name == OUT_OF_SCOPE:
        return float(config["outside"])
    return float(config["aside"]) if sentences > 1 and name in config["asides"] else 1.0
