"""The bake-off as a table and as two pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from bot.evaluation.bakeoff.contenders import PER_INTENT
from bot.evaluation.plots import COLOURS, save

Results = Mapping[str, Mapping[str, Any]]
_SHARES = ("main_expected", "any_expected", "questions")


def table(results: Results, messages: int, data: str) -> str:
    """One row a contender; an asterisk marks one that was measured on other sentences than the rest."""
    lines = [
        f"{messages} messages of `tests/data/messages.jsonl`; all train on the same {PER_INTENT} sentences of each "
        "intent, the last on all of them.",
        "",
        "| pipeline | main intent expected | any expected | macro-F1 | main, questions | out of scope | in scope lost "
        "| parse p50 / p95, CPU ms | memory, MB | training, CPU s | model, MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for title, result in results.items():
        main, found, questions = (result[name]["share"] for name in _SHARES)
        low, high = result["main_expected"]["low"], result["main_expected"]["high"]
        latency = result["latency_ms"]
        cells = (
            title + ("" if result["data"] == data else " *"),
            f"{main:.3f} ({low:.2f}–{high:.2f})",
            f"{found:.3f}",
            f"{result['macro_f1']:.3f}",
            f"{questions:.3f}",
            f"{result['out_of_scope_recall']['share']:.3f}",
            f"{result['in_scope_lost']['share']:.3f}",
            f"{latency['p50']:.1f} / {latency['p95']:.1f}",
            "–" if result["resident_mb"] is None else str(result["resident_mb"]),
            f"{result['train_cpu_seconds']:.0f}",
            f"{result['model_mb']:.1f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    if any(result["data"] != data for result in results.values()):
        lines += ["", "\\* trained or tested on an earlier state of the sentences."]
    return "\n".join([*lines, ""])


def plots(results: Results, folder: Path) -> None:
    """Write `bakeoff_quality.png` and `bakeoff_cost.png`."""
    titles = [title.replace("`", "").replace("*", "") for title in results][::-1]
    rows = list(results.values())[::-1]
    colours = [COLOURS["ours"] if "ours" in title else COLOURS["others"] for title in titles]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained", sharey=True)
    for axes, name, label in (
        (left, "main_expected", "main intent among the expected, 95 % interval"),
        (right, "out_of_scope_recall", "out of scope recognised, 95 % interval"),
    ):
        shares = [row[name]["share"] for row in rows]
        reach = [
            [share - row[name]["low"] for share, row in zip(shares, rows)],
            [row[name]["high"] - share for share, row in zip(shares, rows)],
        ]
        axes.barh(titles, shares, xerr=reach, color=colours, ecolor="0.35", capsize=3)
        axes.set(xlabel=label, xlim=(0, 1.05))
    save(figure, folder / "bakeoff_quality.png")
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.6), layout="constrained", sharey=True)
    for axes, values, label in (
        (left, [row["latency_ms"]["p95"] for row in rows], "parse, 95th percentile, CPU ms"),
        (middle, [row["resident_mb"] or 0 for row in rows], "memory once loaded, MB"),
        (right, [row["train_cpu_seconds"] for row in rows], "training, CPU seconds"),
    ):
        bars = axes.barh(titles, values, color=colours)
        axes.bar_label(bars, fmt="%.0f", padding=2, fontsize=8)
        axes.set(xlabel=label, xlim=(0, 1.2 * max(values)))
    save(figure, folder / "bakeoff_cost.png")
