"""Trains a contender and lets it parse the test messages, each in a fresh process of the engine's environment."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.content import ROOT, load
from bot.evaluation import metrics
from bot.evaluation.bakeoff.contenders import Contender, copy_data
from bot.evaluation.messages import Labelled
from bot.evaluation.processes import BIN

FALLBACK = "nlu_fallback"  # what Rasa calls a message that fits nothing
ENCODER = ROOT / "models" / "encoder"


def measure(contender: Contender, messages: Sequence[Labelled], log: Path) -> dict[str, Any]:
    """Figures of one contender. Raises subprocess.CalledProcessError; what the process said is in `log`."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        data, texts, model = folder / "data", folder / "texts.json", folder / "model.tar.gz"
        copy_data(data, contender.retrieval, contender.whole)
        texts.write_text(json.dumps([message.text for message in messages]), encoding="utf-8")
        log.write_bytes(b"")
        trained = worker(folder, log, "train", contender.config, data, model)
        parsed = worker(folder, log, "parse", model, texts)
        size = model.stat().st_size + (encoder_bytes() if embeds(contender.config) else 0)
    return {
        **figures(messages, [intents(said) for said in parsed["said"]]),
        "latency_ms": metrics.latency(parsed["milliseconds"]),
        "resident_mb": parsed["resident_mb"],
        "train_cpu_seconds": trained["cpu_seconds"],
        "model_mb": round(size / 2**20, 1),
    }


def figures(messages: Sequence[Labelled], found: Sequence[Sequence[str]]) -> dict[str, Any]:
    """What `make evaluate` says of intents, and the share of right main intents where the main one is a question."""
    pairs = [(m, {"intents": names}) for m, names in zip(messages, found) if m.intents]
    questions = [(m, p) for m, p in pairs if m.intents and m.intents[0].startswith("ask_")]
    right = sum(p["intents"][0] in (m.intents or ()) for m, p in questions)
    return {**metrics.intents(pairs), "questions": metrics.share(right, len(questions))}


def intents(said: Mapping[str, Any]) -> list[str]:
    """All intents a pipeline names, the main one first: one of Rasa's own pipelines names one."""
    if said.get("intents"):
        return list(said["intents"])
    name = said["intent"]["name"]
    if name in (None, FALLBACK):
        return [metrics.OUT_OF_SCOPE]
    selected = (said.get("response_selector") or {}).get("default", {}).get("response", {}).get("intent_response_key")
    if selected and selected.split("/")[0] == name:
        return [selected.replace("/", "_")]
    return [name]


def worker(folder: Path, log: Path, *arguments: object) -> Any:
    """Run the worker; Rasa's cache of trained parts stays in `folder`, so that everything is trained anew."""
    result = folder / "result.json"
    command = [BIN / "python", "-W", "ignore", "-m", "bot.evaluation.bakeoff.worker", *arguments, result]
    environment = {
        **os.environ,
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONPATH": str(ROOT),
    }
    with log.open("ab") as output:
        subprocess.run(  # noqa: S603 (our own command)
            list(map(str, command)), check=True, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    return json.loads(result.read_text(encoding="utf-8"))


def embeds(config: Path) -> bool:
    """Whether a pipeline needs the sentence encoder, which is no part of its archive."""
    return any("SentenceEmbeddings" in component["name"] for component in load(config)["pipeline"])


def encoder_bytes() -> int:
    """Size of the encoder's files."""
    return sum(path.stat().st_size for path in ENCODER.iterdir())
