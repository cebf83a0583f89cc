"""`python -m bot.evaluation.bakeoff`: what `make bakeoff` runs."""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys

from bot.content import ROOT
from bot.evaluation.bakeoff import report
from bot.evaluation.bakeoff.contenders import CONTENDERS, TRAINING
from bot.evaluation.bakeoff.contest import measure
from bot.evaluation.document import put
from bot.evaluation.messages import read

MESSAGES = ROOT / "tests" / "data" / "messages.jsonl"
OUT = ROOT / "results" / "bakeoff"
PAGE = ROOT / "docs" / "understanding.md"
PICTURES = ROOT / "docs" / "pictures"


def main() -> int:
    """Exit status 0; 1 when a contender could not be trained or loaded."""
    arguments = argparse.ArgumentParser(description="Train and measure all pipelines on the same data.")
    names = [contender.name for contender in CONTENDERS]
    arguments.add_argument("--only", choices=names, help="measure this one anew, keep the others' figures")
    only = arguments.parse_args().only
    OUT.mkdir(parents=True, exist_ok=True)
    PICTURES.mkdir(exist_ok=True)
    messages = read(MESSAGES)[0]
    data = digest()
    results = {}
    for contender in CONTENDERS:
        kept = OUT / f"{contender.name}.json"
        if only in (None, contender.name):
            print(f"Training and measuring {contender.name}…", file=sys.stderr)
            try:
                result = {"data": data, **measure(contender, messages, OUT / f"{contender.name}.log")}
            except subprocess.CalledProcessError:
                print(f"{contender.name} failed: see results/bakeoff/{contender.name}.log", file=sys.stderr)
                return 1
            kept.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        if kept.is_file():
            results[contender.title] = json.loads(kept.read_text(encoding="utf-8"))
    text = report.table(results, len(messages), data)
    (OUT / "table.md").write_text(text, encoding="utf-8")
    report.plots(results, PICTURES)
    put(PAGE, "bake-off", text)
    print(text)
    return 0


def digest() -> str:
    """Eight hexadecimal digits that change with the training or test sentences."""
    content = hashlib.sha256()
    for path in (*sorted(TRAINING.rglob("*.yml")), MESSAGES):
        content.update(path.read_bytes())
    return content.hexdigest()[:8]


if __name__ == "__main__":
    sys.exit(main())
