"""Fits the second look (bot/understanding/second_look.py) on our own sentences: models/second_look.npz, seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.content import ROOT, load
from bot.understanding.embeddings import Encoder
from bot.understanding.second_look import MODEL

SENTENCES = ROOT / "bot" / "understanding" / "second_look"
EXAMPLES = ROOT / "bot" / "triage" / "red_flag_examples.yml"
C = 3.0
"""Inverse strength of regularisation; five-fold AUC is flat from 3 to 10, and 3 gives the less extreme scores."""
TODAY = ("emergency", "hour", "day")


@dataclass(frozen=True)
class Sentence:
    """One sentence to learn from. `about` is a rule id or the name of a group; `today`: a person must see it today."""

    text: str
    about: str
    today: bool


def sentences(folder: Path = SENTENCES) -> list[Sentence]:
    """Every sentence of our own files. Raises ContentError."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        for group in load(path, folder / "schema.json")["groups"]:
            found += [Sentence(text, group["about"], True) for text in group["today"]]
            found += [Sentence(text, group["about"], False) for text in group["calm"]]
    return found


def examples(path: Path = EXAMPLES) -> list[Sentence]:
    """The example sentences of the rules: `soon` and `info` are not today."""
    found = []
    for rule, rows in load(path, path.with_suffix(".schema.json")).items():
        found += [Sentence(text, rule, tier in TODAY) for tier, texts in rows["raise"].items() for text in texts]
        found += [Sentence(text, rule, False) for text in rows["not"]]
    return found


def embeddings(encoder: Encoder, found: list[Sentence]) -> NDArray[np.float32]:
    """One row per sentence, each encoded by itself, as the second look does."""
    return np.vstack([encoder.encode([sentence.text]) for sentence in found])


def fit(rows: NDArray[np.float32], found: list[Sentence]) -> LogisticRegression:
    """The regression, on `rows` of `found`."""
    return LogisticRegression(C=C, max_iter=2000).fit(rows, [sentence.today for sentence in found])


if __name__ == "__main__":
    learned = sentences() + examples()
    matrix = embeddings(Encoder(), learned)
    model = fit(matrix, learned)
    flags = [place for place, sentence in enumerate(learned) if sentence.today and sentence.about[1:].isdigit()]
    np.savez_compressed(
        MODEL,
        weights=model.coef_[0].astype(np.float32),
        bias=np.float32(model.intercept_[0]),
        known=matrix[flags].astype(np.float16),  # to say what a sentence resembles
        texts=np.array([learned[place].text for place in flags]),
        rules=np.array([learned[place].about for place in flags]),
    )
    today = sum(sentence.today for sentence in learned)
    print(f"Second look: {len(learned)} sentences, {today} of them for today; {MODEL.stat().st_size >> 10} kB")
