"""What triage returns, and the case history it works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.understanding.types import Finding

Urgency = Literal["info", "routine", "soon", "same_day", "emergency"]
URGENCIES: tuple[Urgency, ...] = ("info", "routine", "soon", "same_day", "emergency")
"""From lowest to highest."""

PartLabel = Literal["screw_in_part", "could_be_implant", "cannot_tell"]
Tier = Literal["emergency", "hour", "day"]
"""Of a red flag: emergency services now; a person within 60 minutes at any hour; a person by closing time."""


@dataclass(frozen=True)
class RedFlag:
    """A rule that was raised, with the patient's own words for it."""

    rule: str
    tier: Tier
    response: str
    evidence: tuple[str, ...]
    source: str

    @property
    def urgency(self) -> Urgency:
        """The label staff and patient see: `emergency` for the emergency tier, else `same_day`."""
        return "emergency" if self.tier == "emergency" else "same_day"


@dataclass(frozen=True)
class Ground:
    """A rule below red-flag level that holds, with the patient's own words for it."""

    rule: str
    urgency: Urgency
    evidence: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class PartGuess:
    """What came out, probably: one of three labels, the candidates with weights that sum to 1, and why."""

    label: PartLabel
    candidates: Mapping[str, float]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """The next best question: its id in questions.yml and the Rasa response that asks it."""

    id: str
    response: str


@dataclass(frozen=True)
class Assessment:
    """Urgency with every reason for it. `reasons` names the rules below red-flag level that hold, `grounds` says more
    of each."""

    urgency: Urgency
    red_flags: tuple[RedFlag, ...] = ()
    check: Question | None = None  # asked when an emergency sign was negated
    part: PartGuess | None = None
    question: Question | None = None
    reasons: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, for the case, the desk and `--explain`."""
        return {
            "urgency": self.urgency,
            "red_flags": [
                {
                    "rule": flag.rule,
                    "tier": flag.tier,
                    "response": flag.response,
                    "evidence": list(flag.evidence),
                    "source": flag.source,
                }
                for flag in self.red_flags
            ],
            "check": self.check.id if self.check else None,
            "part": (
                {
                    "label": self.part.label,
                    "candidates": dict(self.part.candidates),
                    "evidence": list(self.part.evidence),
                }
                if self.part
                else None
            ),
            "question": self.question.id if self.question else None,
            "reasons": list(self.reasons),
            "grounds": [
                {"rule": g.rule, "urgency": g.urgency, "evidence": list(g.evidence), "source": g.source}
                for g in self.grounds
            ],
        }


@dataclass(frozen=True)
class Fact:
    """A finding with the turn it was said in and when (ISO 8601, with offset)."""

    finding: Finding
    turn: int
    at: str


def _brief(finding: Finding) -> dict[str, Any]:
    """The finding without what `Finding.from_dict` takes for granted: a history is written several times a turn."""
    said: dict[str, Any] = {"name": finding.name, "start": finding.start, "end": finding.end, "text": finding.text}
    if finding.value is not None:
        said["value"] = finding.value
    if finding.assertion != "present":
        said["assertion"] = finding.assertion
    if finding.subject != "self":
        said["subject"] = finding.subject
    if finding.uncertain:
        said["uncertain"] = True
    if finding.attributes:
        said["attributes"] = finding.attributes
    return said


@dataclass(frozen=True)
class CaseHistory:
    """All that is known of one conversation. Immutable: every turn makes a new one.

    `intents` are all intents found so far, `asked` the question ids put to the patient, `pending` the one that waits
    for an answer, `said` the response names already given, `urgency` the highest urgency so far, `assessed` the turn up
    to which it is that, `at` the time of the last message (ISO 8601, with offset).
    """

    facts: tuple[Fact, ...] = ()
    intents: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    pending: str | None = None
    said: tuple[str, ...] = ()
    urgency: Urgency = "info"
    turns: int = 0
    texts: tuple[str, ...] = field(default=())
    at: str | None = None
    assessed: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, kept by the gateway and sent to the engine as metadata."""
        return {
            "facts": [{"finding": _brief(f.finding), "turn": f.turn, "at": f.at} for f in self.facts],
            "intents": list(self.intents),
            "asked": list(self.asked),
            "pending": self.pending,
            "said": list(self.said),
            "urgency": self.urgency,
            "turns": self.turns,
            "texts": list(self.texts),
            "at": self.at,
            "assessed": self.assessed,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> CaseHistory:
        """Rebuild a history; None or an empty mapping gives a new one."""
        data = data or {}
        return cls(
            facts=tuple(
                Fact(Finding.from_dict(f["finding"]), int(f["turn"]), str(f["at"])) for f in data.get("facts", ())
            ),
            intents=tuple(data.get("intents", ())),
            asked=tuple(data.get("asked", ())),
            pending=data.get("pending"),
            said=tuple(data.get("said", ())),
            urgency=data.get("urgency", "info"),
            turns=int(data.get("turns", 0)),
            texts=tuple(data.get("texts", ())),
            at=data.get("at"),
            assessed=int(data.get("assessed", 0)),
        )
