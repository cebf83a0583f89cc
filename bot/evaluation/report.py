"""The figures of an evaluation as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
_SLICES = {
    "main_intent": "main intent",
    "any_intent": "any intent",
    "symptoms_f1": "symptoms, F1",
    "size": "size in mm",
    "urgency": "urgency acceptable",
    "emergencies": "emergencies as such",
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
    if metrics.get("slices"):
        lines += ["## Robustness", "", robustness(metrics["slices"])]
    quantiles = ", ".join(f"{name} {value} ms" for name, value in metrics["latency_ms"].items())
    return "\n".join([*lines, f"Latency: {quantiles}", ""])


def row(title: str, value: Mapping[str, Any]) -> str:
    """One share as a table row."""
    if value["share"] is None:
        return f"| {title} | – | 0 | |"
    interval = f"{value['low']:.3f}–{value['high']:.3f}"
    return f"| {title} | {value['share']:.3f} | {value['count']} of {value['of']} | {interval} |"


def robustness(slices: Mapping[str, Mapping[str, Any]]) -> str:
    """A row a slice: each figure, and in brackets the points it differs from the same figure on clean messages."""
    lines = [
        f"| slice | messages | {' | '.join(_SLICES.values())} |",
        "|---|---|" + "---|" * len(_SLICES),
    ]
    for name, result in slices.items():
        cells = [figure(result["figures"][key], result["points"][key]) for key in _SLICES]
        lines.append(f"| {name} | {result['messages']} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def figure(value: float | None, points: float | None) -> str:
    """`0.812 (-3.1)`."""
    if value is None:
        return "–"
    return f"{value:.3f}" if points is None else f"{value:.3f} ({points:+.1f})"
