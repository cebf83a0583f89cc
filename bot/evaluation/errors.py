"""The worst errors of a run as a page to read, the most dangerous kind first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import shorten
from typing import Any

from bot.evaluation.messages import Labelled
from bot.evaluation.metrics import LISTS, OUT_OF_SCOPE, SYMPTOMS, VALUES, Prediction, items, near, raised, step

EACH = 15  # errors shown of a kind
WIDTH = 160  # characters shown of a message
# what is wrong with one prediction, empty where nothing is
Explain = Callable[[Labelled, Prediction], list[str]]


def page(messages: Sequence[Labelled], predictions: Sequence[Prediction]) -> str:
    """Markdown: a section for each kind of error that occurred, with how often; messages with most errors first."""
    pairs = list(zip(messages, predictions))
    lines = ["# What went wrong, the worst kind first", ""]
    for title, explain in KINDS.items():
        found = [(message, reasons) for message, prediction in pairs if (reasons := explain(message, prediction))]
        found.sort(key=lambda item: -len(item[1]))
        if not found:
            continue
        lines += [f"## {title}: {len(found)}", "", "| message | what | text |", "|---|---|---|"]
        lines += [row(message, "; ".join(reasons)) for message, reasons in found[:EACH]]
        lines.append("")
    return "\n".join(lines)


def row(message: Labelled, reason: str) -> str:
    """One error; bars would end the cell."""
    cells = (message.id, reason, shorten(message.text, WIDTH, placeholder=" …"))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _urgency(message: Labelled, prediction: Prediction) -> list[str]:
    rules = ", ".join(flag["rule"] for flag in prediction["red_flags"])
    return [f"{message.urgency} → {prediction['urgency']}{f' ({rules})' if rules else ''}"]


def _missed_emergency(message: Labelled, prediction: Prediction) -> list[str]:
    missed = message.urgency == "emergency" and not raised(prediction)
    return _urgency(message, prediction) if missed else []


def _too_low(message: Labelled, prediction: Prediction) -> list[str]:
    if not message.urgency or _missed_emergency(message, prediction):
        return []
    return _urgency(message, prediction) if step(message, prediction) < 0 else []


def _false_alarm(message: Labelled, prediction: Prediction) -> list[str]:
    if not message.urgency or {message.urgency, *message.urgency_acceptable} & {"emergency", "same_day"}:
        return []
    return _urgency(message, prediction) if raised(prediction) else []


def _lost(message: Labelled, prediction: Prediction) -> list[str]:
    lost = message.intents and OUT_OF_SCOPE not in message.intents and prediction["intents"][:1] == [OUT_OF_SCOPE]
    return [f"{', '.join(message.intents or ())} → {OUT_OF_SCOPE}"] if lost else []


def _no_intent(message: Labelled, prediction: Prediction) -> list[str]:
    expected, found = message.intents or (), list(prediction["intents"]) or [OUT_OF_SCOPE]
    if not expected or set(expected) & set(found) or _lost(message, prediction):
        return []
    return [f"{', '.join(expected)} → {', '.join(found)}"]


def _main_intent(message: Labelled, prediction: Prediction) -> list[str]:
    expected, found = message.intents or (), list(prediction["intents"])
    if not set(expected) & set(found) or found[0] in expected:
        return []
    return [f"{', '.join(expected)} → {', '.join(found)}"]


def _value(message: Labelled, prediction: Prediction) -> list[str]:
    stated: Mapping[str, Any] = message.findings or {}
    return [
        f"{name} {stated[name]} → {prediction['findings'].get(name, 'nothing')}"
        for name, (relative, least) in VALUES.items()
        if name in stated and not near(stated[name], prediction["findings"].get(name), relative, least)
    ]


def _finding(message: Labelled, prediction: Prediction) -> list[str]:
    if message.findings is None:
        return []
    wrong = []
    for name in (*SYMPTOMS, *LISTS):
        expected, found = items(message.findings.get(name)), items(prediction["findings"].get(name))
        if expected != found:
            wrong.append(f"{name} {'/'.join(sorted(expected)) or 'nothing'} → {'/'.join(sorted(found)) or 'nothing'}")
    return wrong


KINDS: Mapping[str, Explain] = {
    "Emergencies nobody hears of today": _missed_emergency,
    "Urgency too low": _too_low,
    "False alarms": _false_alarm,
    "In scope, taken for out of scope": _lost,
    "No expected intent found": _no_intent,
    "Another intent put first": _main_intent,
    "Wrong values": _value,
    "Findings missed, added or with the wrong assertion": _finding,
}
