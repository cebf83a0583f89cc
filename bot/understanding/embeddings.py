"""Sentence embeddings: all-MiniLM-L6-v2 as int8 ONNX on onnxruntime; made at set-up by scripts/build_encoder.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.content import ROOT

FOLDER = ROOT / "models" / "encoder"
DIMENSION = 384
MAX_TOKENS = 128  # what the model was trained with; a sentence is rarely longer


class Encoder:
    """Turns sentences into vectors. Thread-safe; one intra-op thread, because a server answers many at once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load `encoder.onnx` and `tokenizer.json` from `folder`. Raises FileNotFoundError with what to do."""
        model, vocabulary = folder / "encoder.onnx", folder / "tokenizer.json"
        if not model.is_file() or not vocabulary.is_file():
            raise FileNotFoundError(f"no sentence encoder in {folder}: run `make train`")
        self._tokenizer = Tokenizer.from_file(str(vocabulary))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of length 1 per sentence: shape (n, 384)."""
        if not sentences:
            return np.zeros((0, DIMENSION), dtype=np.float32)
        encoded = self._tokenizer.encode_batch(list(sentences))
        mask = np.array([item.attention_mask for item in encoded], dtype=np.int32)
        tokens = self._session.run(
            ["last_hidden_state"],
            {
                "input_ids": np.array([item.ids for item in encoded], dtype=np.int32),
                "attention_mask": mask,
                "token_type_ids": np.array([item.type_ids for item in encoded], dtype=np.int32),
            },
        )[0]
        weights = mask[..., None].astype(np.float32)
        mean = (tokens * weights).sum(axis=1) / weights.sum(axis=1)
        rows: NDArray[np.float32] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        return rows.astype(np.float32)
