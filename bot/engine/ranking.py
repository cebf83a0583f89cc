"""From the probabilities of a message and its pieces to the intents found, the main one first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.understanding.pieces import Piece

OUT_OF_SCOPE = "out_of_scope"
Matrix = NDArray[np.float32]
_MILD = 3  # of 10


class Ranked(NamedTuple):
    """`ranking`: every intent with its confidence, best first. `found`: the intents of the message, the main one first.
    `spans`: for each one found the piece that says it most clearly, {"name", "start", "end", "confidence"}."""

    ranking: list[tuple[str, float]]
    found: list[str]
    spans: list[dict[str, Any]]


class Ranking:
    """Built once per model. `config` is the classifier's."""

    def __init__(self, names: Sequence[str], config: Mapping[str, Any]) -> None:
        self._names = list(names)
        self._weights: Mapping[str, float] = config["weights"]
        self._states: Mapping[str, Sequence[str]] = config["states"]
        self._least = np.array([config["careful"].get(name, config["found"]) for name in names])
        self._asides = np.array([name in config["asides"] for name in names], dtype=np.float32)
        self._outside = np.array([name == OUT_OF_SCOPE for name in names], dtype=np.float32)
        self._asks = np.array([name.startswith("ask_") for name in names], dtype=np.float32)

    def rank(
        self, whole: Matrix, rows: Matrix, pieces: Sequence[Piece], length: int, findings: Iterable[Mapping[str, Any]]
    ) -> Ranked:
        """Rank the intents of one message of `length` characters.

        `whole` has a probability per intent for the message, `rows` the same for each of its pieces. What is out of
        scope has no other intent.
        """
        if not len(rows):
            rows, pieces = whole[None, :], [Piece(0, length, False)]
        confidence = self._confidence(whole, rows, np.array([piece.clause for piece in pieces]), findings)
        order = np.argsort(-confidence, kind="stable")
        ranking = [(self._names[index], float(confidence[index])) for index in order]
        main = order[0]
        found = [main]
        if self._names[main] != OUT_OF_SCOPE:
            found += [i for i in order[1:] if confidence[i] >= self._least[i] and self._names[i] != OUT_OF_SCOPE]
        spans = [self._span(index, confidence[index], rows, pieces) for index in found]
        return Ranked(ranking, [self._names[index] for index in found], spans)

    def _confidence(
        self, whole: Matrix, rows: Matrix, clause: NDArray[np.bool_], findings: Iterable[Mapping[str, Any]]
    ) -> NDArray[np.float64]:
        weights = self._weights
        longer = float(np.log((~clause).sum()))  # 0 for a single sentence
        findings = [finding for finding in findings if not _mild(finding)]
        present = {finding["name"] for finding in findings if finding["assertion"] == "present"}
        absent = {finding["name"] for finding in findings if finding["assertion"] == "absent"} - present
        states = [self._states.get(name, ()) for name in self._names]
        stated = np.array([int(not present.isdisjoint(s)) or -int(not absent.isdisjoint(s)) for s in states])
        question = rows[clause].max(axis=0) * self._asks if clause.any() else 0.0
        evidence = (
            weights["always"]
            + weights["whole"] * _logit(whole)
            + weights["sentence"] * _logit(rows[~clause].max(axis=0))
            + weights["question"] * question
            + weights["stated"] * stated
            + weights["aside"] * longer * self._asides
            + (weights["outside"] + weights["outside_long"] * longer) * self._outside
        )
        return np.asarray(1 / (1 + np.exp(-evidence)), dtype=np.float64)

    def _span(self, index: int, confidence: float, rows: Matrix, pieces: Sequence[Piece]) -> dict[str, Any]:
        piece = pieces[int(rows[:, index].argmax())]
        return {
            "name": self._names[index],
            "start": piece.start,
            "end": piece.end,
            "confidence": round(float(confidence), 4),
        }


def _mild(finding: Mapping[str, Any]) -> bool:
    """What hurts a little is told by the way; a message is rarely about it."""
    severity = finding.get("attributes", {}).get("severity")
    return severity == "mild" or (isinstance(severity, (int, float)) and severity <= _MILD)


def _logit(probability: Matrix) -> Matrix:
    bounded = np.clip(probability, 0.001, 0.999)
    return np.asarray(np.log(bounded / (1 - bounded)), dtype=np.float32)
