"""The readable side of an evaluation: a table as Markdown, and plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # the backend has to be chosen before

from bot.triage.types import URGENCIES

_INTENTS = {
    "main_expected": "main intent among the expected",
    "any_expected": "any expected intent found",
    "out_of_scope_recall": "out of scope, recognised",
    "in_scope_lost": "in scope, lost as out of scope",
}
_URGENCY = {
    "acceptable": "urgency among the acceptable",
    "under_by_one": "under-triage by one level",
    "under_by_more": "under-triage by two or more",
    "over_by_one": "over-triage by one level",
    "over_by_more": "over-triage by two or more",
    "emergency_at_least_same_day": "emergencies that get same_day or more",
    "emergency_as_emergency": "emergencies that get emergency",
    "red_flag_recall": "red flags that get same_day or more",
    "false_alarms": "others raised to same_day or more",
}


def table(metrics: Mapping[str, Any]) -> str:
    """All figures as Markdown tables."""
    lines = [f"# Evaluation of {metrics['messages']} messages", ""]
    for key, names in (("intents", _INTENTS), ("urgency", _URGENCY)):
        if key in metrics:
            lines += [f"## {key.capitalize()}", "", "| figure | share | count | 95 % interval |", "|---|---|---|---|"]
            lines += [row(title, metrics[key][name]) for name, title in names.items()]
            if key == "intents":
                lines.append(f"| macro-F1 | {metrics[key]['macro_f1']:.3f} | | |")
            lines.append("")
    if "findings" in metrics:
        lines += [
            "## Findings",
            "",
            "| finding | precision | recall | F1 | hit | missed | extra |",
            "|---|---|---|---|---|---|---|",
        ]
        each = {"all symptoms": metrics["findings"]["symptoms"], **metrics["findings"]["each"]}
        for name, score in each.items():
            figures = " | ".join("–" if score[k] is None else f"{score[k]:.3f}" for k in ("precision", "recall", "f1"))
            lines.append(f"| {name} | {figures} | {score['hit']} | {score['missed']} | {score['extra']} |")
        lines += ["", "| value | right | count | 95 % interval |", "|---|---|---|---|"]
        lines += [row(name, value) for name, value in metrics["findings"]["values"].items()]
        lines.append("")
    quantiles = ", ".join(f"{name} {value} ms" for name, value in metrics["latency_ms"].items())
    return "\n".join([*lines, f"Latency: {quantiles}", ""])


def row(title: str, value: Mapping[str, Any]) -> str:
    """One share as a table row."""
    if value["share"] is None:
        return f"| {title} | – | 0 | |"
    interval = f"{value['low']:.3f}–{value['high']:.3f}"
    return f"| {title} | {value['share']:.3f} | {value['count']} of {value['of']} | {interval} |"


def plots(metrics: Mapping[str, Any], latencies: Sequence[float], folder: Path) -> None:
    """Write `urgency.png`, `findings.png`, `intents.png`, `latency.png`, each only where there is something to show."""
    if "urgency" in metrics:
        confusion(metrics["urgency"]["confusion"], folder / "urgency.png")
    if "findings" in metrics and metrics["findings"]["each"]:
        each = metrics["findings"]["each"]
        bars({name: score["f1"] or 0.0 for name, score in each.items()}, "F1", folder / "findings.png")
    if "intents" in metrics and metrics["intents"]["confusions"]:
        pairs = {f"{c['expected']} → {c['predicted']}": c["messages"] for c in metrics["intents"]["confusions"]}
        bars(pairs, "messages taken for another intent", folder / "intents.png")
    figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    axes.hist(latencies, bins=40, color="#2a6f97")
    axes.set(xlabel="milliseconds from message to reply", ylabel="messages")
    save(figure, folder / "latency.png")


def confusion(counts: Mapping[str, Mapping[str, int]], path: Path) -> None:
    """Expected against given urgency."""
    figure, axes = plt.subplots(figsize=(6, 5), layout="constrained")
    grid = [[counts.get(expected, {}).get(given, 0) for given in URGENCIES] for expected in URGENCIES]
    shares = [[cell / max(sum(cells), 1) for cell in cells] for cells in grid]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for y, cells in enumerate(grid):
        for x, cell in enumerate(cells):
            axes.text(x, y, str(cell), ha="center", va="center", color="white" if shares[y][x] > 0.5 else "black")
    axes.set_xticks(range(len(URGENCIES)), URGENCIES)
    axes.set_yticks(range(len(URGENCIES)), URGENCIES)
    axes.set(xlabel="given", ylabel="expected")
    save(figure, path)


def bars(values: Mapping[str, float], label: str, path: Path) -> None:
    """Named values as horizontal bars, the first on top."""
    figure, axes = plt.subplots(figsize=(8, 0.3 * len(values) + 1.2), layout="constrained")
    axes.barh(list(values)[::-1], list(values.values())[::-1], color="#2a6f97")
    axes.set_xlabel(label)
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    """Write and close."""
    figure.savefig(path, dpi=120)
    plt.close(figure)
