"""`python -m bot.evaluation.bench`: what `make bench` runs. How fast, beside the assistant that `rasa init` makes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # the backend has to be chosen before

from bot.content import ROOT
from bot.evaluation.plots import COLOURS
from bot.evaluation.processes import BIN

STARTER = ROOT / "results" / "starter"
OUT = ROOT / "results" / "bench"
MODEL = ROOT / "models" / "assistant.tar.gz"
TARGETS = {"parse": 1.0, "understanding": 2.0, "assessment": 1.0}
"""Parsing: at most as long as the starter; the others: milliseconds."""


def main() -> int:
    """Exit status 0; 1 when the starter could not be made or the measuring failed (see `results/bench/bench.log`)."""
    OUT.mkdir(parents=True, exist_ok=True)
    result = OUT / "bench.json"
    with (OUT / "bench.log").open("wb") as log:
        try:
            if not any((STARTER / "models").glob("*.tar.gz")):
                print("Training the assistant of `rasa init` (once, some minutes)…", file=sys.stderr)
                STARTER.mkdir(parents=True, exist_ok=True)
                run(log, BIN / "rasa", "init", "--no-prompt", "--init-dir", STARTER)
            starter = max((STARTER / "models").glob("*.tar.gz"))
            print("Measuring…", file=sys.stderr)
            run(log, BIN / "python", "-W", "ignore", "-m", "bot.evaluation.bench_engine", starter, MODEL, result)
        except subprocess.CalledProcessError as error:
            print(f"Failed with exit status {error.returncode}: see results/bench/bench.log", file=sys.stderr)
            return 1
    found = json.loads(result.read_text(encoding="utf-8"))
    picture(found, OUT / "bench.png")
    print(table(found))
    return 0


def run(log: Any, *command: object) -> None:
    """Run a command of the engine's environment. Raises subprocess.CalledProcessError."""
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run(  # noqa: S603 (our own command)
        list(map(str, command)), check=True, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )


def table(found: Mapping[str, Any]) -> str:
    """The figures as lines of Markdown, each with its target."""
    words, parse, understanding = found["words"], found["parse"], found["understanding"]
    rows = ["| processor time | starter | ours | target |", "|---|---|---|---|"]
    for kind, times in parse.items():
        told = f"ratio {times['ours'] / times['starter']:.2f}, at most {TARGETS['parse']:.1f}"
        rows.append(f"| parse, {words[kind]} words | {times['starter']:.1f} ms | {times['ours']:.1f} ms | {told} |")
    for kind, spent in understanding.items():
        target = f"under {TARGETS['understanding']:.0f} ms" if kind == "long" else "–"
        rows.append(f"| findings alone, {words[kind]} words | – | {spent:.2f} ms | {target} |")
    assessment, embedding = found["assessment"], found["embedding"]
    rows.append(f"| assessment, 20 turns | – | {assessment:.2f} ms | under {TARGETS['assessment']:.0f} ms |")
    rows.append(f"| embedding, one sentence | – | {embedding:.2f} ms | – |")
    return "\n".join(rows)


def picture(found: Mapping[str, Any], path: Path) -> None:
    """Parsing beside the starter, and the parts of ours alone."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    for place, times in enumerate(found["parse"].values()):
        for shift, who, colour in ((-0.2, "starter", "others"), (0.2, "ours", "ours")):
            bar = left.bar(place + shift, times[who], 0.38, color=COLOURS[colour], label=who if not place else None)
            left.bar_label(bar, fmt="%.1f")
    left.set_xticks(range(len(found["parse"])), [f"{found['words'][kind]} words" for kind in found["parse"]])
    left.set_ylabel("ms of processor time")
    left.set_title("Parsing a message")
    left.legend()
    alone = {
        "findings": found["understanding"]["long"],
        "assessment": found["assessment"],
        "one embedding": found["embedding"],
    }
    right.bar_label(right.bar(list(alone), list(alone.values()), color=COLOURS["ours"]), fmt="%.2f")
    right.set_title(f"Parts of ours, {found['words']['long']} words")
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    sys.exit(main())
