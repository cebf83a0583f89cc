"""Rasa component: intents per piece and per message, so that every report and every question is found."""

from __future__ import annotations

from collections.abc import Sequence
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
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.engine.cues import PIECE_CUES
from bot.engine.embeddings import EMBEDDINGS, PIECES
from bot.engine.findings import UNDERSTANDING
from bot.engine.ranking import OUT_OF_SCOPE, Matrix, Ranked, Ranking
from bot.understanding.pieces import Piece

WORD = r"\b\w[\w']*\b"
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
        self._words: TfidfVectorizer
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
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        dense = np.vstack([example.get_dense_features(TEXT, [])[1].features for example in examples])
        texts = [example.get(TEXT) for example in examples]
        words = vectorizer(min_df=2).fit([plain(text) for text in texts])
        model = LogisticRegression(C=self._config["C"], max_iter=300)
        model.fit(features(dense, texts, words), [example.get(INTENT) for example in examples])
        vocabulary = sorted(words.vocabulary_, key=words.vocabulary_.__getitem__)
        with self._storage.write_to(self._resource) as folder:  # arrays, nothing executable
            np.savez(
                folder / "intents.npz",
                names=np.array([str(name) for name in model.classes_]),
                weights=model.coef_.astype(np.float32),
                bias=model.intercept_.astype(np.float32),
                vocabulary=np.array(vocabulary),
                idf=words.idf_,
            )
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
            component._weights, component._bias = data["weights"], data["bias"]
            component._words = vectorizer(vocabulary=[str(word) for word in data["vocabulary"]])
            component._words.idf_ = data["idf"]
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
        rows = probabilities(features(dense, texts, self._words), self._weights, self._bias)
        findings = (message.get(UNDERSTANDING) or {}).get("findings", [])
        return self._ranking.rank(rows[0], rows[1:], pieces, len(text), findings)


def vectorizer(**kwargs: Any) -> TfidfVectorizer:
    """Words and pairs of words; rare words weigh more. Case and typographic apostrophes are for `plain`."""
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD, lowercase=False, **kwargs)


def plain(text: str) -> str:
    """Lower case, with straight apostrophes."""
    return text.lower().replace("’", "'")


def features(dense: Matrix, texts: Sequence[str], words: TfidfVectorizer) -> sparse.csr_matrix:
    """What the regression sees: the dense features and the words of each text."""
    return sparse.hstack([sparse.csr_matrix(dense), words.transform([plain(text) for text in texts])]).tocsr()


def probabilities(rows: sparse.csr_matrix, weights: Matrix, bias: Matrix) -> Matrix:
    """Softmax of the regression: shape (rows, intents)."""
    scores = np.asarray(rows @ weights.T) + bias
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True), dtype=np.float32)
