"""Who takes part in the bake-off, and the training data in the form each needs."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.content import ROOT

HERE = Path(__file__).parent
TRAINING = ROOT / "nlu_data"
QUESTION = re.compile(r"^- intent: ask_(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Contender:
    """A pipeline; `retrieval` = its questions are one intent, told apart by Rasa's ResponseSelector."""

    name: str
    title: str
    config: Path
    retrieval: bool = False


CONTENDERS = (
    Contender("rasa_init", "`rasa init` (DIET)", HERE / "rasa_init.yml"),
    Contender("selector", "`rasa init`, ResponseSelector for questions", HERE / "rasa_init.yml", retrieval=True),
    Contender("diet_sentences", "DIET + sentence embedding", HERE / "diet_sentences.yml"),
    Contender("logistic_ngrams", "logistic regression, n-grams", HERE / "logistic_ngrams.yml"),
    Contender("logistic_sentences", "logistic regression, sentence embedding", HERE / "logistic_sentences.yml"),
    Contender("chosen", "**ours** (`config.yml`)", ROOT / "config.yml"),
)


def copy_data(folder: Path, retrieval: bool, source: Path = TRAINING) -> None:
    """Copy the training sentences to `folder`; for retrieval `ask_cost` becomes `ask/cost`, with its own response."""
    shutil.copytree(source, folder)
    if not retrieval:
        return
    names: set[str] = set()
    for path in sorted(folder.rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        names.update(QUESTION.findall(text))
        path.write_text(QUESTION.sub(r"- intent: ask/\1", text), encoding="utf-8")
    responses = {f"utter_ask/{name}": [{"text": name}] for name in sorted(names)}
    (folder / "responses.yml").write_text(yaml.safe_dump({"version": "3.1", "responses": responses}), encoding="utf-8")
