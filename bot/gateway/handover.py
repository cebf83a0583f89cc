"""Turns red flags and other grounds into reasons for a case, each with the time by which a person must act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal, get_args

from bot import content
from bot.clinic import Clinic
from bot.gateway.engine import EngineReply, Flag
from bot.records.cases import Reason
from bot.records.models import Level

FILE = Path(__file__).with_name("handover.yml")
SCHEMA = Path(__file__).with_name("handover.schema.json")
WORDS = 500
"""Characters of a message that are quoted where no phrase of it is the ground."""

LOST, HANDED = "misunderstood", "handed_over"
Ground = Literal["scan_failed", "unanswered", "photo", "opted_out", "undelivered", "not_reached", "staff_silent"]


class Handover:
    """The policy of handover.yml for one clinic. Raises ContentError when the file is wrong."""

    def __init__(self, clinic: Clinic, file: Path = FILE) -> None:
        self._clinic = clinic
        self._rows = {row["reason"]: row for row in content.load(file, SCHEMA)["reasons"]}
        self._findings = {row["finding"]: reason for reason, row in self._rows.items() if "finding" in row}
        missing = {*get_args(Ground), LOST, HANDED} - self._rows.keys()
        if missing:
            raise content.error_at(file, ["reasons"], f"{', '.join(sorted(missing))} is missing")
        self._handing = {reason: set(row["responses"]) for reason, row in self._rows.items() if "responses" in row}
        """Responses after which a person must come, by the reason of it."""
        self._lost = self._handing.pop(LOST)
        self.patience = timedelta(minutes=self._rows["unanswered"].get("after_minutes", 15))
        """How long a message may wait for its full answer before staff hear of it."""

    def due(self, level: Level, at: datetime) -> datetime:
        """Emergency: now. Hour: within 60 minutes, at any hour. Day: by closing time."""
        if level == "emergency":
            return at
        if level == "hour":  # reckoned in UTC: in the night when the clocks go back, local time has an hour more
            return (at.astimezone(timezone.utc) + timedelta(minutes=60)).astimezone(at.tzinfo)
        return self._clinic.closing(at)

    def flags(self, flags: Sequence[Flag], at: datetime) -> list[Reason]:
        """A reason for each red flag, in the patient's words."""
        return [
            Reason(flag.rule, flag.tier, self.due(flag.tier, at), tuple(flag.evidence), flag.source, flag.response)
            for flag in flags
        ]

    def replied(self, before: Sequence[str], reply: EngineReply, text: str, at: datetime) -> list[Reason]:
        """Reasons that show once the engine has answered `text`: an intent that asks for a person, words of distress,
        and what the assistant could not do itself. `before` are the responses of earlier turns.
        """
        reasons = [
            self._reason(f"intent:{intent}", intent, text, at) for intent in reply.intents if intent in self._rows
        ]
        reasons += [
            self._reason(self._findings[finding["name"]], self._findings[finding["name"]], finding["text"], at)
            for finding in reply.findings
            if finding["name"] in self._findings and finding.get("assertion", "present") == "present"
        ]
        said = reply.history.said[len(before) :]
        if before and before[-1] in self._lost and said and said[-1] in self._lost | self._handing[HANDED]:
            reasons.append(self._reason(LOST, LOST, text, at))
        if not reasons:
            reasons = [
                self._reason(reason, reason, text, at)
                for reason, responses in self._handing.items()
                if not responses.isdisjoint(said)
            ]
        return reasons

    def ground(self, ground: Ground, text: str, at: datetime) -> Reason:
        """A reason that lies in the assistant, not in what was said."""
        return self._reason(ground, ground, text, at)

    def _reason(self, rule: str, key: str, text: str, at: datetime) -> Reason:
        row = self._rows[key]
        return Reason(rule, row["level"], self.due(row["level"], at), (text[:WORDS],), row["source"])
