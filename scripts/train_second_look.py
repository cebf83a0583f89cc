"""Fits the second look (bot/understanding/second_look.py) on our own sentences: models/second_look.npz, seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC

from bot.content import ROOT, load
from bot.understanding.embeddings import Encoder
from bot.understanding.second_look import MODEL

SENTENCES = ROOT / "bot" / "understanding" / "second_look"
EXAMPLES = ROOT / "bot" / "triage" / "red_flag_examples.yml"
C, GAMMA = 3.0, 2.0
INTENTS = ROOT / "nlu_data"
CALM = ("reports/report_part_out", "reports/report_loose", "reports/report_broken", "reports/report_appearance",
        "talk/greet", "talk/thanks", "talk/goodbye", "talk/out_of_scope")  # fmt: skip
NOT_CALM = re.compile(
    r"swallow|inhal|breath|cough|chok|find|gone|missing|lost|pain|hurt|bleed|blood|swell|swoll|pus|sore|ache|fever|numb"
    r"|taste|smell|stink|chest|heart|stroke|suicid|kill myself",
    re.IGNORECASE,
)
"""What may be a red flag; a sentence with it is not learned as calm."""
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
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


def borrowed(folder: Path = INTENTS) -> list[Sentence]:
    """Reports about parts and small talk from the intents' training data: calm, without those that name a sign."""
    found = []
    for name in CALM:
        for block in load(folder / f"{name}.yml")["nlu"]:
            lines = (line.strip().removeprefix("- ") for line in block.get("examples", "").splitlines())
            found += [Sentence(_ENTITY.sub(r"\1", line), name, False) for line in lines if line]
    return [sentence for sentence in found if not NOT_CALM.search(sentence.text)]


def embeddings(encoder: Encoder, found: list[Sentence]) -> NDArray[np.float32]:
    """One row per sentence, each encoded by itself, as the second look does."""
    return np.vstack([encoder.encode([sentence.text]) for sentence in found])


def fit(rows: NDArray[np.float32], truth: NDArray[np.bool_]) -> SVC:
    """The machine. RBF on rows of length 1: a sentence votes less the less it is like the one in question."""
    return SVC(C=C, gamma=GAMMA).fit(rows, truth)


def unseen(rows: NDArray[np.float32], truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The decision value of each row by a machine that did not learn it, five-fold."""
    values = np.zeros(len(rows))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=1).split(rows, truth):
        values[test] = fit(rows[train], truth[train]).decision_function(rows[test])
    return values


def save(path: Path, rows: NDArray[np.float32], learned: list[Sentence]) -> NDArray[np.float64]:
    """Fit and keep the arrays of `bot.understanding.second_look.Model`; returns each row's probability, five-fold."""
    truth = np.array([sentence.today for sentence in learned])
    values = unseen(rows, truth).reshape(-1, 1)
    scale = LogisticRegression().fit(values, truth)  # Platt: from a decision value to a probability
    machine = fit(rows, truth)
    kept = [learned[place] for place in machine.support_]
    flag = [sentence.today and re.fullmatch(r"R\d+", sentence.about) is not None for sentence in kept]
    np.savez_compressed(
        path,
        known=rows[machine.support_].astype(np.float16),
        votes=machine.dual_coef_[0].astype(np.float32),
        numbers=np.array([GAMMA, machine.intercept_[0], scale.coef_[0, 0], scale.intercept_[0]], dtype=np.float64),
        texts=np.array([sentence.text if is_flag else "" for sentence, is_flag in zip(kept, flag)]),
        rules=np.array([sentence.about if is_flag else "" for sentence, is_flag in zip(kept, flag)]),
    )
    return scale.predict_proba(values)[:, 1]  # type: ignore[no-any-return]


if __name__ == "__main__":
    learned = sentences() + examples() + borrowed()
    save(MODEL, embeddings(Encoder(), learned), learned)
    today = sum(sentence.today for sentence in learned)
    print(f"Second look: {len(learned)} sentences, {today} of them for today; {MODEL.stat().st_size >> 10} kB")
