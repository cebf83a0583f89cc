"""Hand-made findings and histories: triage is tested without the understanding room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.triage.history import fold
from bot.triage.types import CaseHistory
from bot.understanding.types import Assertion, Finding, Subject, Understanding, Value

NOW = datetime(2026, 5, 21, 10, 0, tzinfo=timezone.utc)


def found(
    name: str,
    value: Value = None,
    assertion: Assertion = "present",
    subject: Subject = "self",
    text: str = "",
    uncertain: bool = False,
    **attributes: Any,
) -> Finding:
    """A finding whose words are its name unless given."""
    return Finding(name, value, assertion, subject, uncertain, text=text or name, attributes=attributes)


def told(
    *findings: Finding,
    text: str = "words",
    to: CaseHistory | None = None,
    intents: Sequence[str] = (),
    hours_later: float = 0.0,
    pending: str | None = None,
) -> CaseHistory:
    """The history after one more message with these findings."""
    history = to or CaseHistory()
    if pending:
        history = replace(history, pending=pending, asked=(*history.asked, pending))
    understanding = Understanding(text, tuple(findings), ((0, len(text)),))
    return fold(history, understanding, intents, NOW + timedelta(hours=hours_later))
