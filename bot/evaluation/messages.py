"""Reads labelled messages: one JSON object a line, in the format of docs/messages.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema

_SCHEMA = json.loads((Path(__file__).parent / "message.schema.json").read_text(encoding="utf-8"))
_VALIDATOR = jsonschema.Draft202012Validator(_SCHEMA)


@dataclass(frozen=True)
class Labelled:
    """One message with what is expected of it; an expectation that the file does not state is None."""

    id: str
    text: str
    conversation: str
    received_at: datetime | None
    channel: str
    intents: tuple[str, ...] | None
    findings: Mapping[str, Any] | None
    urgency: str | None
    urgency_acceptable: tuple[str, ...] = ()
    reply_should: tuple[str, ...] = field(default=())


def read(path: Path) -> tuple[list[Labelled], list[str]]:
    """Return the messages in file order, and one sentence for each line that is malformed. Raises OSError."""
    messages: list[Labelled] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            message = parse(json.loads(line))
        except ValueError as error:
            problems.append(f"line {number}: {error}")
            continue
        if message.id in seen:
            problems.append(f"line {number}: id {message.id!r} stands twice")
            continue
        seen.add(message.id)
        messages.append(message)
    return messages, problems


def parse(data: Any) -> Labelled:
    """One object of the file. Raises ValueError with the reason."""
    problem = jsonschema.exceptions.best_match(_VALIDATOR.iter_errors(data))
    if problem is not None:
        place = ".".join(str(key) for key in problem.absolute_path)
        raise ValueError(f"{place}: {problem.message}" if place else problem.message)
    stamp = data.get("received_at")
    return Labelled(
        id=data["id"],
        text=data["text"],
        conversation=data.get("conversation") or data["id"],
        received_at=datetime.fromisoformat(stamp) if stamp else None,
        channel=data.get("channel", "web"),
        intents=tuple(data["intents"]) if data.get("intents") else None,
        findings=data.get("findings"),
        urgency=data.get("urgency"),
        urgency_acceptable=tuple(data.get("urgency_acceptable", ())),
        reply_should=tuple(data.get("reply_should", ())),
    )
