"""Understanding and triage in the gateway's own process: what it knows of a message whatever becomes of the engine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Protocol

from bot.gateway.engine import EngineAssessment, EngineReply, Flag
from bot.triage.types import URGENCIES, Assessment, CaseHistory, Fact
from bot.understanding.handed import Handed
from bot.understanding.types import Understanding

logger = logging.getLogger(__name__)

TIERS = ("day", "hour", "emergency")
REMEMBERED = 256
"""Latest messages whose understanding is kept in memory."""
Fold = Callable[[CaseHistory, Understanding, Sequence[str], datetime], CaseHistory]


class Understands(Protocol):
    """`bot.understanding.pipeline.Understander`."""

    def understand(self, text: str, received_at: datetime) -> Understanding:
        """The findings of one message."""


class Looks(Protocol):
    """`bot.understanding.second_look.SecondLook`."""

    def look(self, understanding: Understanding) -> Understanding:
        """The understanding, with a finding more where a sentence reads like a red flag."""


class Hands(Protocol):
    """`bot.understanding.handed.Hander`."""

    def hand(self, understanding: Understanding) -> Handed:
        """The understanding with all that the engine would have to compute of its text."""


class Assesses(Protocol):
    """`bot.triage.assess.Triage`."""

    def assess(self, history: CaseHistory) -> Assessment:
        """The urgency of a case history, with its reasons."""


@dataclass(frozen=True)
class Said:
    """A patient's text and when it came, in the clinic's zone."""

    text: str
    at: datetime


@dataclass(frozen=True)
class Seen:
    """What the scan made of one message; `history` contains it."""

    understanding: Understanding
    history: CaseHistory
    assessment: Assessment


class Scans(Protocol):
    """What a process needs of a Scan."""

    def look(self, history: CaseHistory, unanswered: Sequence[Said], said: Said) -> Seen:
        """See Scan."""

    def hand(self, said: Said) -> dict[str, Any] | None:
        """See Scan."""


class Scan:
    """Built once per process. One scan at a time: the spaCy pipeline is not shared between threads."""

    def __init__(
        self, understander: Understands, second_look: Looks, triage: Assesses, fold: Fold, hander: Hands
    ) -> None:
        self._understander, self._second_look = understander, second_look
        self._triage, self._fold, self._hander = triage, fold, hander
        self._lock = threading.Lock()
        # while the engine is away each new message is read with all that wait: they are not understood anew
        self._understood = lru_cache(maxsize=REMEMBERED)(self._understand)

    def look(self, history: CaseHistory, unanswered: Sequence[Said], said: Said) -> Seen:
        """Scan `said` in the light of `history` and of earlier messages that are not yet part of it."""
        with self._lock:
            for earlier in unanswered:
                history = self._fold(history, self._understood(earlier), (), earlier.at)
            understanding = self._understood(said)
            history = self._fold(history, understanding, (), said.at)
            return Seen(understanding, history, self._triage.assess(history))

    def hand(self, said: Said) -> dict[str, Any] | None:
        """What the engine need not find out of `said` once more. None, logged, when it breaks: then it does."""
        try:
            with self._lock:
                return self._hander.hand(self._understood(said)).to_dict()
        except Exception as error:
            logger.error("nothing to hand over", extra={"code": type(error).__name__})
            return None

    def _understand(self, said: Said) -> Understanding:
        """What the rules can read, and the second look on top; should that one fail, the rules still decide."""
        understanding = self._understander.understand(said.text, said.at)
        try:
            return self._second_look.look(understanding)
        except Exception as error:  # whatever failed in the learned layer, the rules must not fail with it
            logger.error("second look failed: %s", type(error).__name__)
            return understanding


class ScanAtNeed:
    """For a process that rarely scans: its Scan is made, which takes seconds and much memory, when first asked."""

    def __init__(self, make: Callable[[], Scan]) -> None:
        self._make, self._turn = cache(make), threading.Lock()

    def look(self, history: CaseHistory, unanswered: Sequence[Said], said: Said) -> Seen:
        """See Scan."""
        return self._made().look(history, unanswered, said)

    def hand(self, said: Said) -> dict[str, Any] | None:
        """See Scan."""
        return self._made().hand(said)

    def _made(self) -> Scan:
        with self._turn:  # one thread makes it
            return self._make()


def top_flag(flags: Sequence[Flag]) -> Flag | None:
    """The flag of the highest tier, the first of equals."""
    return max(flags, key=lambda flag: TIERS.index(flag.tier), default=None)


def strongest(assessments: Sequence[EngineAssessment]) -> EngineAssessment | None:
    """The last of several, with the flags of all, each at its highest tier, and the highest urgency."""
    if not assessments:
        return None
    flags: dict[str, Flag] = {}
    for flag in (flag for assessment in reversed(assessments) for flag in assessment.red_flags):
        known = flags.get(flag.rule)
        if known is None or TIERS.index(flag.tier) > TIERS.index(known.tier):
            flags[flag.rule] = flag
    urgency = max((assessment.urgency for assessment in assessments), key=URGENCIES.index)
    return assessments[-1].model_copy(update={"red_flags": list(flags.values()), "urgency": urgency})


def combined(scan: EngineAssessment | None, engine: EngineAssessment) -> tuple[EngineAssessment, Flag | None]:
    """The engine's assessment raised by what only the scan saw, and the scan's top flag if the engine's are below it.

    Neither can lower the other. The flag is one the engine's reply cannot have spoken of.
    """
    if scan is None:
        return engine, None
    known = {flag.rule for flag in engine.red_flags}
    flags = [*engine.red_flags, *(flag for flag in scan.red_flags if flag.rule not in known)]
    urgency = max(scan.urgency, engine.urgency, key=URGENCIES.index)
    top, theirs = top_flag(scan.red_flags), top_flag(engine.red_flags)
    if top is not None and theirs is not None and TIERS.index(theirs.tier) >= TIERS.index(top.tier):
        top = None
    return engine.model_copy(update={"red_flags": flags, "urgency": urgency}), top


def with_unsent(reply: EngineReply, seen: Understanding, limit: int, at: datetime) -> CaseHistory:
    """The engine's history with the findings of a long message's end, which the engine was not given."""
    unsent = [finding for finding in seen.findings if finding.end > limit]
    facts = tuple(Fact(finding, reply.history.turns, at.isoformat()) for finding in unsent)
    # the engine assessed this turn without them
    return replace(reply.history, facts=reply.history.facts + facts, assessed=reply.history.turns - 1)
