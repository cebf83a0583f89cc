"""What the words of a text say for each intent: scikit-learn's TF-IDF times the regression's weights, without either.

A running engine reads a handful of short texts at a time: there scikit-learn's checks and sparse matrices cost fifty
times the arithmetic, and 55 MB of memory. `tests/engine/test_intents.py` compares the two.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

TOKEN = r"\b\w[\w']*\b"  # noqa: S105
Matrix = NDArray[np.float32]


def plain(text: str) -> str:
    """Lower case, with straight apostrophes."""
    return text.lower().replace("’", "'")


class Words:
    """Words and pairs of words with what each speaks for. Built once per model."""

    def __init__(self, vocabulary: Sequence[str], idf: NDArray[np.float64], weights: Matrix) -> None:
        """`idf`: how rare each of the vocabulary is; `weights`: shape (intents, words)."""
        self._places = {word: place for place, word in enumerate(vocabulary)}
        self._idf = [float(number) for number in idf]
        self._weights = np.ascontiguousarray(weights.T)
        self._find = re.compile(TOKEN).findall

    def scores(self, text: str) -> Matrix:
        """The sum of the words' weights for each intent: shape (intents,). How often one is said counts little."""
        tokens = self._find(plain(text))
        pairs = (f"{first} {second}" for first, second in pairwise(tokens))
        said = Counter(place for word in (*tokens, *pairs) if (place := self._places.get(word)) is not None)
        if not said:
            return np.zeros(self._weights.shape[1], dtype=np.float32)
        values = [(1.0 + math.log(times)) * self._idf[place] for place, times in said.items()]
        length = math.sqrt(sum(value * value for value in values))
        return np.asarray(np.array(values, dtype=np.float32) / length @ self._weights[list(said)], dtype=np.float32)
