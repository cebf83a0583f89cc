"""Rasa component: intents per sentence and per message, so that every report and every question is found."""

from __future__ import annotations

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

from bot.engine.embeddings import SENTENCES

INTENTS = "intents"
"""Output property of a message: the names of all intents found, the main one first."""
OUT_OF_SCOPE = "out_of_scope"
WHOLE = 0.7  # weight of the whole message beside its best sentence; measured in docs/understanding.md
Matrix = NDArray[np.float32]


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class SentenceIntentClassifier(IntentClassifier, GraphComponent):
    """Logistic regression on sentence embeddings, asked for the message and for each of its sentences.

    Configuration: `C` of the regression; `found` = least probability in one sentence for an intent to count as found;
    `known` = least probability of the best intent for the message to be in scope at all.
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
        return {"C": 10.0, "found": 0.35, "known": 0.2}

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
                sentences = probabilities(message.get(SENTENCES), self._weights, self._bias)
                ranking, found = rank(self._names, whole, sentences, self._config["found"], self._config["known"])
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
    names: list[str], whole: Matrix, sentences: Matrix, least_found: float, least_known: float
) -> tuple[list[tuple[str, float]], list[str]]:
    """Rank the intents of one message and name those found, the main one first.

    `whole` has one probability per intent for the message, `sentences` a row per sentence. A message about something
    else, or one that nothing fits, is out of scope.
    """
    best_sentence = sentences.max(axis=0) if len(sentences) else whole
    score = WHOLE * whole + (1 - WHOLE) * best_sentence
    order = np.argsort(-score)
    ranking = [(names[index], float(score[index])) for index in order]
    found = [names[index] for index in order if max(whole[index], best_sentence[index]) >= least_found]
    if ranking[0][1] < least_known:
        others = [(name, value) for name, value in ranking if name != OUT_OF_SCOPE]
        return [(OUT_OF_SCOPE, 1.0 - ranking[0][1]), *others], [OUT_OF_SCOPE]
    main = ranking[0][0]
    if main == OUT_OF_SCOPE:
        return ranking, [OUT_OF_SCOPE]
    return ranking, [main] + [name for name in found if name not in (main, OUT_OF_SCOPE)]
