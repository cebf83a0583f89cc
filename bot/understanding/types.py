"""The words every room shares: a finding, and what was understood of one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Assertion = Literal["present", "absent", "past", "hypothetical"]
Subject = Literal["self", "child", "other"]
Value = str | float | None

ASSERTIONS: tuple[Assertion, ...] = get_args(Assertion)
SUBJECTS: tuple[Subject, ...] = get_args(Subject)


@dataclass(frozen=True)
class Finding:
    """One clinical fact stated in a message.

    `name` is a key of the inventory in docs/architecture.md. `value` is None for a symptom, a string for a named
    thing (`part`), a number in the unit the name says (mm, degrees Celsius, weeks, days, years). `start`/`end` are
    offsets into the original text and `text` is exactly `original[start:end]`: the patient's own words.
    """

    name: str
    value: Value = None
    assertion: Assertion = "present"
    subject: Subject = "self"
    uncertain: bool = False
    start: int = 0
    end: int = 0
    text: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; `from_dict` is its inverse."""
        return {
            "name": self.name,
            "value": self.value,
            "assertion": self.assertion,
            "subject": self.subject,
            "uncertain": self.uncertain,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "attributes": dict(self.attributes),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        """Rebuild a finding. Raises ValueError on an unknown assertion or subject."""
        assertion, subject = data.get("assertion", "present"), data.get("subject", "self")
        if assertion not in ASSERTIONS or subject not in SUBJECTS:
            raise ValueError(f"not a finding: assertion {assertion!r}, subject {subject!r}")
        finding = cls.__new__(cls)
        # a history has hundreds, read several times a message; a frozen class's own __init__ takes twice as long
        vars(finding).update(
            name=str(data["name"]),
            value=data.get("value"),
            assertion=assertion,
            subject=subject,
            uncertain=bool(data.get("uncertain", False)),
            start=int(data.get("start", 0)),
            end=int(data.get("end", 0)),
            text=str(data.get("text", "")),
            attributes=dict(data.get("attributes") or {}),
        )
        return finding


@dataclass(frozen=True)
class Understanding:
    """What one message states: its findings, and the spans (start, end) of its sentences or clauses."""

    text: str
    findings: tuple[Finding, ...]
    sentences: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; `from_dict` is its inverse."""
        return {
            "text": self.text,
            "findings": [finding.to_dict() for finding in self.findings],
            "sentences": [list(span) for span in self.sentences],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Understanding:
        """Rebuild an understanding. Raises KeyError, TypeError or ValueError if it is not what `to_dict` wrote."""
        return cls(
            str(data["text"]),
            tuple(Finding.from_dict(item) for item in data["findings"]),
            tuple((int(start), int(end)) for start, end in data["sentences"]),
        )
