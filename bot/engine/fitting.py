"""Fits the intent classifier with scikit-learn; the running engine does without (bot/engine/words.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.engine.words import TOKEN, Matrix


def vectorizer(**kwargs: Any) -> TfidfVectorizer:
    """Words and pairs of words; rare words weigh more. For texts that are `plain`."""
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=TOKEN, lowercase=False, **kwargs)


def fit(dense: Matrix, texts: Sequence[str], intents: Sequence[str], c: float) -> dict[str, NDArray[Any]]:
    """The arrays of a logistic regression on dense features (n, width) and the words of n texts.

    `names` of the intents, `weights` (intents, width + words), `bias`, `vocabulary` and `idf` of the words.
    """
    words = vectorizer(min_df=2).fit(texts)
    model = LogisticRegression(C=c, max_iter=300)
    model.fit(sparse.hstack([sparse.csr_matrix(dense), words.transform(texts)]).tocsr(), intents)
    return {
        "names": np.array([str(name) for name in model.classes_]),
        "weights": model.coef_.astype(np.float32),
        "bias": model.intercept_.astype(np.float32),
        "vocabulary": np.array(sorted(words.vocabulary_, key=words.vocabulary_.__getitem__)),
        "idf": words.idf_,
    }
