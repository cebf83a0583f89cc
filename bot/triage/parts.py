"""What came out, probably: adds up the clues of parts.yml. Never a diagnosis; only three labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import content
from bot.triage.rules import Condition, ConditionError, parse
from bot.triage.types import PartGuess, PartLabel
from bot.triage.view import View

IMPLANT = "implant"
FILE = Path(__file__).with_name("parts.yml")
_STATED = frozenset({"present", "past"})
_ASKED = parse(
    {
        "any": [
            {"finding": ["part_out", "part_missing", "part_in_mouth", "swallowed_part", "inhaled_part", "loose"]},
            {"finding": ["tooth_attached", "threads", "thread_width", "implant_moves", "empty_hole"]},
            {"intent": ["ask_part_identity", "report_part_out", "report_loose"]},
        ]
    },
    {},
)


@dataclass(frozen=True)
class Clue:
    """One row of the table: when it holds, what it adds to which candidate (log-odds)."""

    says: str
    holds: Condition
    weights: dict[str, float]
    size: bool
    weak: bool


class Parts:
    """The part model, loaded once. Raises ContentError when parts.yml is wrong."""

    def __init__(self) -> None:
        data = content.load(FILE, FILE.with_suffix(".schema.json"))
        self._prior: dict[str, float] = data["prior"]
        self._floor = float(data["size_floor"])
        self._implant_from = float(data["could_be_implant_from"])
        self._screw_in_from = float(data["screw_in_from"])
        self._screw_in = frozenset(data["screw_in"])
        self._clues: list[Clue] = []
        for i, row in enumerate(data["clues"]):
            unknown = set(row["weights"]) - set(self._prior)
            if unknown:
                raise content.error_at(FILE, ["clues", i, "weights"], f"no candidate is called {sorted(unknown)}")
            try:
                holds = parse(row["when"], {})
            except ConditionError as error:
                raise content.error_at(FILE, ["clues", i, "when"], str(error)) from error
            self._clues.append(Clue(row["says"], holds, row["weights"], "size" in row, "weak" in row))

    def guess(self, view: View) -> PartGuess | None:
        """The guess, or None where nothing came out, is loose or is asked about, or the patient knows: a crown."""
        if _ASKED(view, _STATED) is None:
            return None
        clues = [clue for clue in self._clues if clue.holds(view, _STATED) is not None]
        others = [clue for clue in clues if not clue.size]
        without_size = self._posterior(others)
        whole = without_size if len(others) == len(clues) else self._posterior(clues)
        candidates = self._bounded(whole, without_size)
        label = self._label(candidates, without_size, clues)
        best = max(candidates, key=lambda name: candidates[name])
        known = best != IMPLANT and best not in self._screw_in and candidates[best] >= self._screw_in_from
        if known and label == "cannot_tell" and "ask_part_identity" not in view.intents:
            return None
        return PartGuess(label, candidates, tuple(clue.says for clue in clues))

    def _bounded(self, candidates: dict[str, float], without_size: dict[str, float]) -> dict[str, float]:
        """Size alone leaves the implant at least `size_floor`, or what it had without size if that was less."""
        floor = min(self._floor, without_size[IMPLANT])
        if candidates[IMPLANT] < floor:
            scale = (1 - floor) / (1 - candidates[IMPLANT])
            return {name: floor if name == IMPLANT else p * scale for name, p in candidates.items()}
        return candidates

    def _posterior(self, clues: Sequence[Clue]) -> dict[str, float]:
        odds = {
            name: prior * math.exp(sum([clue.weights.get(name, 0.0) for clue in clues]))
            for name, prior in self._prior.items()
        }
        total = sum(odds.values())
        return {name: value / total for name, value in odds.items()}

    def _label(self, candidates: dict[str, float], without_size: dict[str, float], clues: Sequence[Clue]) -> PartLabel:
        """One of three. Size may speak for the implant, never against it; size and time alone decide nothing."""
        if all(clue.size or clue.weak for clue in clues):
            return "cannot_tell"
        if max(candidates[IMPLANT], without_size[IMPLANT]) >= self._implant_from:
            return "could_be_implant"
        if sum(without_size[name] for name in self._screw_in) >= self._screw_in_from:
            return "screw_in_part"
        return "cannot_tell"
