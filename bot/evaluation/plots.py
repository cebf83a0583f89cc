"""Pictures of an evaluation that a person would rather look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # the backend has to be chosen before

from bot.triage.types import URGENCIES

COLOURS = {"ours": "#2a6f97", "others": "#a9b8c2", "bad": "#c8553d"}
CONFUSED = 14  # intents in the confusion matrix: more cannot be read
TARGET = 5.0  # points a slice may differ from the clean figure


def draw(metrics: Mapping[str, Any], latencies: Sequence[float], folder: Path) -> None:
    """Write urgency, findings, intents, robustness and latency `.png`, each where there is something to show."""
    if "urgency" in metrics:
        urgency(metrics["urgency"]["confusion"], folder / "urgency.png")
    if "findings" in metrics and metrics["findings"]["each"]:
        findings(metrics["findings"]["each"], folder / "findings.png")
    if "intents" in metrics:
        intents(metrics["intents"]["each"], metrics["intents"]["confusions"], folder / "intents.png")
    if metrics.get("slices"):
        robustness(metrics["slices"], folder / "robustness.png")
    latency(latencies, folder / "latency.png")


def urgency(counts: Mapping[str, Mapping[str, int]], path: Path) -> None:
    """Expected against given urgency: left of the diagonal is over-triage, right of it under-triage."""
    figure, axes = plt.subplots(figsize=(6, 5), layout="constrained")
    grid = [[counts.get(expected, {}).get(given, 0) for given in URGENCIES] for expected in URGENCIES]
    matrix(axes, grid, URGENCIES, URGENCIES)
    axes.set(xlabel="given", ylabel="expected")
    save(figure, path)


def intents(each: Mapping[str, Mapping[str, Any]], confusions: Sequence[Mapping[str, Any]], path: Path) -> None:
    """The intents with most errors: a row is what was expected, a column what was said."""
    names = sorted(sorted(each, key=lambda name: -(each[name]["missed"] + each[name]["extra"]))[:CONFUSED])
    cells = {(c["expected"], c["predicted"]): c["messages"] for c in confusions}
    cells |= {(name, name): each[name]["hit"] for name in names}
    grid = [[cells.get((row, column), 0) for column in names] for row in names]
    figure, axes = plt.subplots(figsize=(8, 7), layout="constrained")
    matrix(axes, grid, names, names, empty="")
    axes.tick_params(axis="x", rotation=90)
    axes.set(xlabel="main intent said", ylabel="expected", title="main intent: those with most errors")
    save(figure, path)


def matrix(
    axes: Any, grid: Sequence[Sequence[int]], rows: Sequence[str], columns: Sequence[str], empty: str = "0"
) -> None:
    """Counts as shaded cells; the shade is the share within its row."""
    shares = [[cell / max(sum(cells), 1) for cell in cells] for cells in grid]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for y, cells in enumerate(grid):
        for x, cell in enumerate(cells):
            colour = "white" if shares[y][x] > 0.5 else "black"
            axes.text(x, y, str(cell) if cell else empty, ha="center", va="center", color=colour)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)


def findings(each: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """F1 of each finding as a bar, with the number of labels it rests on."""
    names = list(each)[::-1]
    figure, axes = plt.subplots(figsize=(8, 0.3 * len(names) + 1.2), layout="constrained")
    bars = axes.barh(names, [each[name]["f1"] or 0.0 for name in names], color=COLOURS["ours"])
    axes.bar_label(bars, [f"of {each[name]['hit'] + each[name]['missed']}" for name in names], padding=3, fontsize=8)
    axes.set(xlabel="F1", xlim=(0, 1.1))
    axes.margins(y=0.01)
    save(figure, path)


def robustness(slices: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """Points that each figure differs from the clean one, a panel for each slice."""
    figure, panels = plt.subplots(
        1, len(slices), figsize=(1.9 * len(slices) + 1.6, 3.2), layout="constrained", sharey=True, squeeze=False
    )
    for axes, (name, result) in zip(panels[0], slices.items()):
        points = {figure: change or 0.0 for figure, change in result["points"].items()}
        labels = [label.replace("_", " ") for label in points][::-1]
        values = list(points.values())[::-1]
        axes.barh(labels, values, color=[COLOURS["bad" if value < -TARGET else "ours"] for value in values])
        axes.axvline(0, color="0.3", linewidth=0.8)
        axes.axvline(-TARGET, color=COLOURS["bad"], linewidth=0.8, linestyle=":")
        axes.set_title(f"{name}\n{result['messages']} messages", fontsize=8)
        axes.set_xlim(-20, 20)
        axes.tick_params(labelsize=8)
    figure.supxlabel("points away from the clean figure (dotted: the target)", fontsize=8)
    save(figure, path)


def latency(values: Sequence[float], path: Path) -> None:
    """Histogram of milliseconds from message to reply, with median and 95th percentile."""
    figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    axes.hist(values, bins=40, color=COLOURS["ours"])
    ordered = sorted(values)
    for percent in (50, 95):
        at = ordered[round(percent / 100 * (len(ordered) - 1))]
        axes.axvline(at, color=COLOURS["bad"], linestyle=":")
        axes.text(at, axes.get_ylim()[1], f" {percent} %: {at:.0f} ms", va="top", fontsize=8)
    axes.set(xlabel="milliseconds from message to reply", ylabel="messages")
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    """Write and close."""
    figure.savefig(path, dpi=100)
    plt.close(figure)
