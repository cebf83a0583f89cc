"""The learned second pair of eyes: a sentence that reads like a red flag, in words no rule foresaw.

A support vector machine on sentence embeddings: each sentence it learned from votes by how near it is. `make train`
fits it on second_look/*.yml and keeps it as plain arrays. It adds one finding, `second_look`, and triage decides what
that means. A bare word ("numb", "choked") in a sentence that reads calm is marked as said in passing: alone it is not
enough for a red flag, but always for a check question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot import content
from bot.understanding.types import Finding, Understanding

if TYPE_CHECKING:  # the running engine looks at nothing itself, and must not load onnxruntime
    from bot.understanding.embeddings import Encoder

FILE = Path(__file__).with_suffix(".yml")
MODEL = content.ROOT / "models" / "second_look.npz"
FINDING = "second_look"
_EASING = ("mild", "better")


class Gates:
    """Which sentences are looked at: those that may tell of something present."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._least = int(settings["least_words"])
        self._not_signs = frozenset(settings["not_signs"])
        self._spanish = re.compile(rf"\b(?:{'|'.join(settings['spanish'])})\b", re.IGNORECASE)
        openers, imagined = ("|".join(settings[key]) for key in ("question_openers", "imagined"))
        self._asks = re.compile(
            rf"\W*(?:(?:and|but|so|also|or|please|hi|hello)\W+)*(?:{openers})\b.*\?\s*$", re.IGNORECASE | re.DOTALL
        )
        self._imagined = re.compile(rf"\b(?:{imagined})\b", re.IGNORECASE)

    def lets_through(self, sentence: str, findings: Sequence[Finding]) -> bool:
        """Whether `sentence`, of which these `findings` were understood, is worth a look."""
        if len(sentence.split()) < self._least or len(self._spanish.findall(sentence)) > 1:
            return False  # too little for an embedding, or a language the encoder does not know
        if any(_eases(finding) for finding in findings):
            return False
        if any(finding.name not in self._not_signs for finding in findings):
            return any(self.is_sign(finding) for finding in findings)
        return not (self._asks.match(sentence) or self._imagined.search(sentence))

    def is_sign(self, finding: Finding) -> bool:
        """Whether the finding is a sign that is there, not a fact beside one."""
        return finding.assertion == "present" and finding.name not in self._not_signs


class Model:
    """The arrays of scripts/train_second_look.py. Similarity is exp(-gamma * squared distance), of rows of length 1."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as data:
            self._known: NDArray[np.float32] = data["known"].astype(np.float32)
            self._votes: NDArray[np.float32] = data["votes"]
            self._gamma, self._bias, self._slope, self._offset = (float(number) for number in data["numbers"])
            self._texts, self._rules = data["texts"], data["rules"]
        self._flags = np.flatnonzero(self._rules != "")

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of each row, that a person must see it today."""
        near = np.exp(2.0 * self._gamma * (rows @ self._known.T - 1.0))
        values = self._slope * (near @ self._votes + self._bias) + self._offset
        chances: NDArray[np.float32] = (1.0 / (1.0 + np.exp(-values))).astype(np.float32)
        return chances

    def nearest(self, row: NDArray[np.float32]) -> tuple[str, str]:
        """The most similar sentence of a red flag that it learned from, and the rule it is a case of."""
        place = self._flags[int(np.argmax(self._known[self._flags] @ row))]
        return str(self._texts[place]), str(self._rules[place])


class SecondLook:
    """Built once per process. Thread-safe."""

    def __init__(self, encoder: Encoder, model: Path = MODEL) -> None:
        """Read settings and model. Raises ContentError, or FileNotFoundError with what to do."""
        if not model.is_file():
            raise FileNotFoundError(f"no second look in {model.parent}: run `make train`")
        settings = content.load(FILE, FILE.with_suffix(".schema.json"))
        self.gates = Gates(settings)
        self._levels = (("same_day", float(settings["same_day"])), ("check", float(settings["check"])))
        self._passing = float(settings["in_passing"])
        self._bare_words = int(settings["bare_words"])
        self._never_in_passing = frozenset(settings["never_in_passing"])
        self._most = int(settings["most_sentences"])
        self._encoder = encoder
        self._model = Model(model)

    def look(self, understanding: Understanding) -> Understanding:
        """The understanding, with a finding for its most alarming sentence if that one reaches a threshold.

        Value `same_day` or `check`; attributes `score` (probability), `like` (the nearest sentence it learned from) and
        `rule` (the red flag that one is a case of). Signs said in passing get the attribute `in_passing`; then the
        finding is there at least as `check`.
        """
        spans, rows, chances = self.read(understanding)
        if not spans:
            return understanding
        calm = [span for span, chance in zip(spans, chances) if chance < self._passing]
        findings = tuple(self._marked(finding, calm) for finding in understanding.findings)
        best = int(np.argmax(chances))
        score = float(chances[best])
        level = next((name for name, least in self._levels if score >= least), None)
        attributes: dict[str, Any] = {"score": round(score, 2)}
        if level is not None:
            attributes["like"], attributes["rule"] = self._model.nearest(rows[best])
        elif findings != understanding.findings:
            level = "check"
        else:
            return understanding
        start, end = spans[best]
        seen = Finding(FINDING, level, start=start, end=end, text=understanding.text[start:end], attributes=attributes)
        return replace(understanding, findings=(*findings, seen))

    def read(
        self, understanding: Understanding
    ) -> tuple[list[tuple[int, int]], NDArray[np.float32], NDArray[np.float32]]:
        """Span, embedding and probability of each sentence that is worth a look.

        A row depends on its own sentence alone (embeddings.py): what stands beside a red flag cannot hide it.
        """
        spans = [span for span in understanding.sentences if self._is_worth(understanding, span)][: self._most]
        rows = self._encoder.encode([understanding.text[start:end] for start, end in spans])
        return spans, rows, self._model.probabilities(rows)

    def _marked(self, finding: Finding, calm: Sequence[tuple[int, int]]) -> Finding:
        """The finding; said in passing when it is a bare word in a sentence that reads calm."""
        if (
            len(finding.text.split()) <= self._bare_words
            and self.gates.is_sign(finding)
            and finding.name not in self._never_in_passing
            and any(start <= finding.start < end for start, end in calm)
        ):
            return replace(finding, attributes={**finding.attributes, "in_passing": True})
        return finding

    def _is_worth(self, understanding: Understanding, span: tuple[int, int]) -> bool:
        start, end = span
        inside = [finding for finding in understanding.findings if start <= finding.start < end]
        return self.gates.lets_through(understanding.text[start:end], inside)


def _eases(finding: Finding) -> bool:
    said = (finding.attributes.get("severity"), finding.attributes.get("trend"))
    return finding.assertion == "present" and any(word in _EASING for word in said)
