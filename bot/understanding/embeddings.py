"""Sentence embeddings: all-MiniLM-L6-v2 as int8 ONNX on onnxruntime; made at set-up by scripts/build_encoder.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.content import ROOT
from bot.understanding.handed import DIMENSION

FOLDER = ROOT / "models" / "encoder"
REMEMBERED = 256
"""Sentences whose rows are kept: intents and the second look ask for the same ones."""
MAX_TOKENS = 128  # what the model was trained with; a sentence is rarely longer


class Encoder:
    """Turns sentences into vectors. Thread-safe; all encoders of one process share the model and the latest rows."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load `encoder.onnx` and `tokenizer.json` from `folder`. Raises FileNotFoundError with what to do."""
        self._row = _rows(folder)

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of length 1 per sentence: shape (n, 384).

        Each sentence is computed alone: padding to the longest costs most of the time, and what else stands in a
        batch would change the quantised row.
        """
        if not sentences:
            return np.zeros((0, DIMENSION), dtype=np.float32)
        return np.stack([self._row(sentence) for sentence in sentences])


@lru_cache(maxsize=2)
def _rows(folder: Path) -> Callable[[str], NDArray[np.float32]]:
    """The function from a sentence to its row, with the model in `folder`."""
    model, vocabulary = folder / "encoder.onnx", folder / "tokenizer.json"
    if not model.is_file() or not vocabulary.is_file():
        raise FileNotFoundError(f"no sentence encoder in {folder}: run `make train`")
    tokenizer = Tokenizer.from_file(str(vocabulary))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a server answers many at once
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    @lru_cache(maxsize=REMEMBERED)
    def row(sentence: str) -> NDArray[np.float32]:
        ids = tokenizer.encode(sentence).ids
        inputs = {"input_ids": ids, "position_ids": range(len(ids))}
        tokens = session.run(
            ["last_hidden_state"], {name: np.array([numbers], dtype=np.int32) for name, numbers in inputs.items()}
        )[0]
        mean = tokens[0].mean(axis=0)
        result: NDArray[np.float32] = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
        return result

    return row
