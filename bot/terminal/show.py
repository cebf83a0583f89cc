"""How a reply and its reasons look in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from bot.records.models import Message

_COLOURS = {"emergency": "bold red", "same_day": "bold yellow", "soon": "cyan", "routine": "green", "info": "green"}


def reply(message: Message) -> Text:
    """The assistant's text, with its quick replies in brackets."""
    text = Text.assemble(("assistant: ", "bold green"), message.text)
    if titles := [button["title"] for button in message.buttons or ()]:
        text.append("\n           " + "  ".join(f"[{title}]" for title in titles), style="dim")
    return text


def explanation(message: Message, handed_to_staff: bool, changes: Sequence[str] = ()) -> Text:
    """Findings with the words they came from, urgency, rules with sources, probable part, next question, and which
    answers would change the urgency (`bot.triage.what_if`)."""
    assessment = message.assessment or {}
    urgency = assessment.get("urgency", "info")
    lines: list[tuple[str, str, str]] = [
        ("findings", "; ".join(map(_finding, message.understanding or ())) or "none", "")
    ]
    lines.append(("intents", ", ".join(message.intents or ()) or "none", ""))
    lines.append(("urgency", urgency + (" (handed to staff)" if handed_to_staff else ""), _COLOURS[urgency]))
    lines += [("rule", flag, "") for flag in _flags(assessment)]
    lines += [("because", _ground(ground), "") for ground in assessment.get("grounds", ())]
    if part := assessment.get("part"):
        likely = sorted(part["candidates"].items(), key=lambda item: -item[1])[:3]
        shares = ", ".join(f"{name} {share:.0%}" for name, share in likely)
        lines.append(("part", f"{part['label']} ({shares}) from {'; '.join(part['evidence']) or 'no clue'}", ""))
    lines.append(("question", assessment.get("check") or assessment.get("question") or "none", ""))
    lines += [("change", line, "") for line in changes]
    text = Text()
    for name, value, style in lines:
        text.append(f"  {name:>9}  ", style="dim")
        text.append(f"{value}\n", style=style)
    text.rstrip()
    return text


def _finding(finding: Mapping[str, Any]) -> str:
    value = finding["assertion"] if finding["value"] is None else finding["value"]
    value = f"{value:.4g}" if isinstance(value, float) else value
    who = "" if finding["subject"] == "self" else f", {finding['subject']}"
    more = "".join(f", {key} {value}" for key, value in finding["attributes"].items())
    doubt = ", unsure" if finding["uncertain"] else ""
    return f"{finding['name']}={value}{who}{doubt}{more} “{finding['text']}”"


def _ground(ground: Mapping[str, Any]) -> str:
    words = " / ".join(f"“{words}”" for words in ground["evidence"])
    return f"{ground['rule']} {ground['urgency']}: {words} [{ground['source']}]"


def _flags(assessment: Mapping[str, Any]) -> Iterator[str]:
    for flag in assessment.get("red_flags", ()):
        words = " / ".join(f"“{words}”" for words in flag["evidence"])
        yield f"{flag['rule']} {flag['tier']}: {words} [{flag['source']}]"
