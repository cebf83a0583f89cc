"""Puts the robustness table and the plots of `make evaluate` into docs/: scripts/measured.py [results/evaluation]."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from bot.content import ROOT
from bot.evaluation.document import put
from bot.evaluation.report import robustness

PLOTS = ("urgency", "findings", "intents", "robustness")  # latency: make bench, on a quiet machine


def main(folder: Path) -> None:
    """Raises FileNotFoundError where nothing was measured."""
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    put(ROOT / "docs" / "understanding.md", "robustness", robustness(metrics["slices"]))
    pictures = ROOT / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    for name in PLOTS:
        shutil.copyfile(folder / f"{name}.png", pictures / f"{name}.png")


if __name__ == "__main__":
    main(ROOT / (sys.argv[1] if len(sys.argv) > 1 else "results/evaluation"))
