"""`python -m bot.evaluation --messages FILE --out FOLDER`: what `make evaluate` runs."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.content import ROOT
from bot.evaluation import errors, metrics, plots, report, slices
from bot.evaluation.messages import read
from bot.evaluation.processes import StartError, engine
from bot.evaluation.run import predict


def main() -> int:
    """Exit status 0; 1 when the engine left messages unanswered; 2 when nothing could be measured."""
    arguments = argparse.ArgumentParser(description="Measure the real bot on labelled messages.")
    arguments.add_argument("--messages", type=Path, required=True, help="JSONL, see docs/messages.md")
    arguments.add_argument("--out", type=Path, required=True, help="folder for predictions, metrics, table and plots")
    arguments.add_argument("--whole", action="store_true", help=f"alter all messages, not a sample of {slices.SAMPLE}")
    given = arguments.parse_args()
    source, out = ROOT / given.messages, ROOT / given.out  # an absolute path stays as it is
    try:
        messages, problems = read(source)
    except (OSError, UnicodeDecodeError) as error:
        print(f"Cannot read {given.messages}: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(f"{given.messages}, {problem}", file=sys.stderr)
    if not messages:
        print(f"{given.messages} holds no message that can be used.", file=sys.stderr)
        return 2
    out.mkdir(parents=True, exist_ok=True)
    (out / "logs").mkdir(exist_ok=True)
    logging.basicConfig(filename=out / "logs" / "gateway.log", filemode="w", level=logging.INFO)
    print("Starting the engine…", file=sys.stderr)
    try:
        with engine(out / "logs") as running:
            changed = slices.altered(slices.sample(messages, None if given.whole else slices.SAMPLE))
            everything = predict([*messages, *changed], running.url)
    except StartError as error:
        print(f"The engine did not start: {error}", file=sys.stderr)
        return 2
    predictions, of_changed = everything[: len(messages)], everything[len(messages) :]
    result = metrics.evaluate(messages, predictions)
    result["malformed_lines"] = problems
    result["unanswered"] = [row["id"] for row in predictions if not row["answered"]]
    result["slices"] = slices.evaluate(messages, predictions, of_changed)
    write(out / "predictions.jsonl", predictions)
    write(out / "altered.jsonl", [{"text": m.text, **row} for m, row in zip(changed, of_changed)])
    (out / "errors.md").write_text(errors.page(messages, predictions), encoding="utf-8")
    (out / "metrics.json").write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    text = report.table(result)
    (out / "table.md").write_text(text, encoding="utf-8")
    plots.draw(result, [row["latency_ms"] for row in predictions], out)
    print(text)
    print(f"Written to {given.out}: predictions.jsonl, metrics.json, table.md, errors.md, altered.jsonl and plots.")
    if result["unanswered"]:
        print(f"The engine did not answer {len(result['unanswered'])} messages: see {given.out}/logs.", file=sys.stderr)
        return 1
    return 0


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """As JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
