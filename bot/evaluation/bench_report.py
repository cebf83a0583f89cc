"""The figures of `make bench` as Markdown and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # the backend has to be chosen before

from bot.evaluation.plots import COLOURS

TARGETS = {"parse": 1.0, "understanding": 2.0, "assessment": 1.0}
"""Parsing: at most as long as the starter; the others: milliseconds."""
MOST = {"p50_ms": 1.0, "rss_mb": 1.0}
"""Times the starter's, at most."""
LEAST = {"messages_per_s_16": 2.0}
"""Times the starter's, at least."""
LATE = 1.3
"""Times its first turn the hundredth of a conversation may take."""
NAMES = {
    "p50_ms": "one patient at a time, half of the answers within, ms",
    "p95_ms": "the same, 95 of 100 within, ms",
    "messages_per_s_1": "messages a second, one patient at a time",
    "messages_per_s_16": "messages a second, sixteen patients at once",
    "rss_mb": "memory of all processes, MB",
    "rss_sum_mb": "the same, resident sizes added up, MB",
    "start_s": "from starting to the first answer, s",
    "turn1_ms": "first turn of a long conversation, ms",
    "turn100_ms": "its hundredth, ms",
    "without_answer": "messages told to wait for their answer",
}


def table(found: Mapping[str, Any]) -> str:
    """All figures as lines of Markdown, each with its target."""
    return "\n".join([*_way(found["starter"], found["ours"]), "", *_parts(found)])


def missed(found: Mapping[str, Any]) -> list[str]:
    """The names of the whole way's figures that do not reach their target."""
    starter, ours = found["starter"], found["ours"]
    late = ["turn100_ms"] if ours["turn100_ms"] > LATE * ours["turn1_ms"] else []
    slow = [name for name, times in MOST.items() if ours[name] > times * starter[name]]
    slow += [name for name, times in LEAST.items() if ours[name] < times * starter[name]]
    return slow + late + [name for name in ("without_answer",) if ours[name]]


def _way(starter: Mapping[str, float], ours: Mapping[str, float]) -> list[str]:
    rows = ["| whole way, through the gateway | starter | ours | ratio | target |", "|---|---|---|---|---|"]
    failed = missed({"starter": starter, "ours": ours})
    for key, name in NAMES.items():
        target = f"at most {MOST[key]:.1f}" if key in MOST else f"at least {LEAST[key]:.1f}" if key in LEAST else "–"
        if key == "without_answer":
            target = "none"
        if key == "turn100_ms":
            target = f"at most {LATE:.1f} times the first: {ours[key] / ours['turn1_ms']:.2f}"
        told = f"{target}: **missed**" if key in failed else target
        ratio = f"{ours[key] / starter[key]:.2f}" if starter[key] else "–"
        rows.append(f"| {name} | {starter[key]:.1f} | {ours[key]:.1f} | {ratio} | {told} |")
    return rows


def _parts(found: Mapping[str, Any]) -> list[str]:
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
    return rows


def picture(found: Mapping[str, Any], path: Path) -> None:
    """The whole way and parsing beside the starter, and the parts of ours alone."""
    figure, axes = plt.subplots(1, 5, figsize=(17, 3.4), layout="constrained")
    _beside(axes[0], "Waiting for an answer", "ms", {"half within": "p50_ms", "95 % within": "p95_ms"}, found)
    rates = {"one at a time": "messages_per_s_1", "16 at once": "messages_per_s_16"}
    _beside(axes[1], "Messages a second", "", rates, found)
    _beside(axes[2], "Memory", "MB", {"all processes": "rss_mb"}, found)
    for place, times in enumerate(found["parse"].values()):
        _pair(axes[3], place, times["starter"], times["ours"])
    axes[3].set_xticks(range(len(found["parse"])), [f"{found['words'][kind]} words" for kind in found["parse"]])
    axes[3].set_title("Parsing, processor time")
    axes[3].set_ylabel("ms")
    alone = {"findings": found["understanding"]["long"], "assessment": found["assessment"]}
    alone["embedding"] = found["embedding"]
    axes[4].bar_label(axes[4].bar(list(alone), list(alone.values()), color=COLOURS["ours"]), fmt="%.2f")
    axes[4].set_title(f"Parts of ours, ms ({found['words']['long']} words)")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _beside(axes: Any, title: str, unit: str, keys: Mapping[str, str], found: Mapping[str, Any]) -> None:
    for place, key in enumerate(keys.values()):
        _pair(axes, place, found["starter"][key], found["ours"][key])
    axes.set_xticks(range(len(keys)), list(keys))
    axes.set_title(title)
    axes.set_ylabel(unit)
    axes.legend()


def _pair(axes: Any, place: int, starter: float, ours: float) -> None:
    bars = ((-0.2, starter, "others", "starter"), (0.2, ours, "ours", "ours"))
    for shift, value, colour, name in bars:
        bar = axes.bar(place + shift, value, 0.38, color=COLOURS[colour], label=None if place else name)
        axes.bar_label(bar, fmt="%.1f")
