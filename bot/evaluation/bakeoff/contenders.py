"""Who takes part in the bake-off, and the training data in the form each needs."""

from __future__ import annotations

import random
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.content import ROOT

HERE = Path(__file__).parent
TRAINING = ROOT / "nlu_data"
PER_INTENT = 45
"""Sentences of an intent that all train on: with all of them Rasa's own pipelines take over an hour each."""
_INTENT = re.compile(r"^- intent: (\S+)")
_EXAMPLE = re.compile(r"^    - ")
QUESTION = re.compile(r"^- intent: ask_(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Contender:
    """A pipeline; `retrieval` = its questions are one intent, told apart by Rasa's ResponseSelector; `whole` = it may
    train on all sentences."""

    name: str
    title: str
    config: Path
    retrieval: bool = False
    whole: bool = False


CONTENDERS = (
    Contender("rasa_init", "`rasa init` (DIET)", HERE / "rasa_init.yml"),
    Contender("selector", "n-grams, ResponseSelector for questions", HERE / "selector.yml", retrieval=True),
    Contender("diet_sentences", "DIET + sentence embedding", HERE / "diet_sentences.yml"),
    Contender("logistic_ngrams", "logistic regression, n-grams", HERE / "logistic_ngrams.yml"),
    Contender("logistic_sentences", "logistic regression, sentence embedding", HERE / "logistic_sentences.yml"),
    Contender("chosen", "**ours** (`config.yml`)", ROOT / "config.yml"),
    Contender("chosen_whole", "**ours**, all sentences", ROOT / "config.yml", whole=True),
)


def copy_data(folder: Path, retrieval: bool, whole: bool = False, source: Path = TRAINING) -> None:
    """Copy the training sentences to `folder`, PER_INTENT of each intent unless `whole`: the same for all contenders.

    For retrieval `ask_cost` becomes `ask/cost`, with its own response.
    """
    shutil.copytree(source, folder)
    if not whole:
        thin(folder)
    if not retrieval:
        return
    names: set[str] = set()
    for path in sorted(folder.rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        names.update(QUESTION.findall(text))
        path.write_text(QUESTION.sub(r"- intent: ask/\1", text), encoding="utf-8")
    responses = {f"utter_ask/{name}": [{"text": name}] for name in sorted(names)}
    (folder / "responses.yml").write_text(yaml.safe_dump({"version": "3.1", "responses": responses}), encoding="utf-8")


def thin(folder: Path) -> None:
    """Keep PER_INTENT sentences of each intent, drawn with a fixed seed."""
    lines = {path: path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.rglob("*.yml"))}
    places: dict[str, list[tuple[Path, int]]] = defaultdict(list)
    for path, texts in lines.items():
        intent = ""
        for number, text in enumerate(texts):
            if begins := _INTENT.match(text):
                intent = begins[1]
            elif intent and _EXAMPLE.match(text):
                places[intent].append((path, number))
    draw = random.Random(45)  # noqa: S311 (a sample, no secret)
    kept = {place for found in places.values() for place in draw.sample(found, min(PER_INTENT, len(found)))}
    for path, texts in lines.items():
        left = [text for n, text in enumerate(texts) if not _EXAMPLE.match(text) or (path, n) in kept]
        path.write_text("\n".join(left) + "\n", encoding="utf-8")
