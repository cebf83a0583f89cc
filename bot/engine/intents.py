"""Rasa component: intents per piece and per message, so that every report and every question is found."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.cues import PIECE_CUES
from bot.engine.embeddings import EMBEDDINGS, PIECES
from bot.engine.findings import UNDERSTANDING
from bot.engine.ranking import OUT_OF_SCOPE, Matrix, Ranked, Ranking
from bot.engine.words import Words, plain
from bot.understanding.pieces import Piece

INTENTS = "intents"
"""Output property of a message: the names of all intents found, the main one first."""
INTENT_SPANS = "intent_spans"
"""Output property of a message: where each of them is said: [{"name", "start", "end", "confidence"}, ...]."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class SentenceIntentClassifier(IntentClassifier, GraphComponent):
    """Logistic regression on sentence embeddings, cues and words, asked for the message and for each of its pieces.

    Configuration, all measured in docs/understanding.md: `C` of the regression; `weights` of the evidence for an intent
    (see `Ranking`); `found` = least confidence of an intent to count as found, with `careful` exceptions; `states` =
    findings that state a report; `asides` = what a long message also holds without being about it.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._ranking: Ranking
        self._words: Words
        self._weights: Matrix
        self._bias: Matrix

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See Rasa's GraphComponent."""
        return {
            "C": 10.0,
            "found": 0.2,
            "careful": {"crisis": 0.5, "opt_out": 0.4, "complaint": 0.4, "talk_to_human": 0.4, "bot_challenge": 0.4},
            "weights": {
                "always": 0.4, "whole": 0.4, "sentence": 0.6, "question": 2.5, "stated": 1.2,
                "aside": -1.4, "outside": 1.75, "outside_long": -1.9,
            },
            "states": {
                "report_part_out": ["part_out", "part_in_mouth", "part_missing", "swallowed_part", "inhaled_part"],
                "report_loose": ["loose", "implant_moves"],
                "report_broken": ["broken"],
                "report_pain": ["pain", "jaw_pain", "electric_pain"],
                "report_swelling": [
                    "swelling", "bruise", "pus", "fever", "gum_boil", "bad_taste", "redness", "hot",
                    "swallowing_trouble", "trismus",
                ],
                "report_bleeding": ["bleeding"],
                "report_numbness": ["numbness", "tingling"],
                "report_sinus": ["sinus_leak"],
                "report_reaction": ["rash"],
                "report_appearance": ["gum_recession", "redness", "metal_in_gum", "not_healing", "exposed_bone"],
                "crisis": ["self_harm"],
            },
            "asides": ["inform", "greet", "thanks", "goodbye", "affirm", "deny", "unsure"],
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
        """Fit on the sentence features and words of all examples that have an intent, and persist."""
        from bot.engine.fitting import fit  # scikit-learn, for training only

        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        dense = np.vstack([example.get_dense_features(TEXT, [])[1].features for example in examples])
        texts = [plain(example.get(TEXT)) for example in examples]
        fitted = fit(dense, texts, [example.get(INTENT) for example in examples], self._config["C"])
        with self._storage.write_to(self._resource) as folder:  # arrays, nothing executable
            np.savez(folder / "intents.npz", **fitted)
        return self._resource

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
            component._ranking = Ranking([str(name) for name in data["names"]], config)
            vocabulary, weights = [str(word) for word in data["vocabulary"]], data["weights"]
            dense = weights.shape[1] - len(vocabulary)
            component._weights, component._bias = np.ascontiguousarray(weights[:, :dense].T), data["bias"]
            component._words = Words(vocabulary, data["idf"], weights[:, dense:])
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent`, `intent_ranking`, `intents` and `intent_spans`."""
        for message in messages:
            dense = message.get_dense_features(TEXT, [])[1] if message.get(TEXT) else None
            nothing = Ranked([(OUT_OF_SCOPE, 1.0)], [OUT_OF_SCOPE], [])
            ranked = nothing if dense is None else self._rank(message, dense.features)
            ranking = [{"name": name, "confidence": score} for name, score in ranked.ranking]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[:10], add_to_output=True)
            message.set(INTENTS, ranked.found, add_to_output=True)
            message.set(INTENT_SPANS, ranked.spans, add_to_output=True)
        return messages

    def _rank(self, message: Message, whole: Matrix) -> Ranked:
        text: str = message.get(TEXT)
        pieces: list[Piece] = message.get(PIECES)
        texts = [text, *(text[piece.start : piece.end] for piece in pieces)]
        dense = np.vstack([whole, np.hstack([message.get(EMBEDDINGS), message.get(PIECE_CUES)])]) if pieces else whole
        scores = dense @ self._weights + np.stack([self._words.scores(text) for text in texts]) + self._bias
        rows = probabilities(scores)
        findings = (message.get(UNDERSTANDING) or {}).get("findings", [])
        return self._ranking.rank(rows[0], rows[1:], pieces, len(text), findings)


def probabilities(scores: Matrix) -> Matrix:
    """Softmax of the regression's scores: shape (rows, intents)."""
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True), dtype=np.float32)
