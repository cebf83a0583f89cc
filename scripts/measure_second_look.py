"""What the second look catches and what it costs: the curve in docs/pictures and the table in docs/triage.md.

Sentences: five-fold on those it learns from. Messages: tests/data, rules and second look together; for them it is
fitted without facts_and_parts.yml, which was written after what it missed in these messages had been read.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import matplotlib
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_auc_score
from train_second_look import SENTENCES, borrowed, embeddings, examples, save, sentences

from bot.clinic import Clinic
from bot.content import ROOT, load
from bot.triage.assess import Triage
from bot.triage.history import fold
from bot.triage.types import CaseHistory
from bot.understanding.embeddings import Encoder
from bot.understanding.pipeline import Understander
from bot.understanding.second_look import FILE, SecondLook

matplotlib.use("Agg")
import matplotlib.pyplot as plt

PAGE = ROOT / "docs" / "triage.md"
PICTURE = ROOT / "docs" / "pictures" / "second_look.png"
BEGIN, END = "<!-- second look: made by `make second-look` -->", "<!-- end of second look -->"
RAISED = frozenset({"same_day", "emergency"})
STEPS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9)
AFTER_READING = "facts_and_parts.yml"


@dataclass(frozen=True)
class Seen:
    """A message: must it be raised (None: either can be defended), did the rules raise it, the highest probability."""

    raised: bool | None
    by_rules: bool
    score: float


def messages(path: Path, look: SecondLook) -> list[Seen]:
    """Every message of `path` through understanding and triage, in its conversation."""
    understander, triage, zone = Understander(), Triage(), Clinic.load().timezone
    histories: dict[str, CaseHistory] = {}
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        at = datetime.fromisoformat(row["received_at"]).replace(tzinfo=zone)
        name = row.get("conversation", row["id"])
        understood = understander.understand(row["text"], at)
        history = fold(histories.get(name, CaseHistory()), understood, row["intents"], at)
        urgency = triage.assess(history).urgency
        histories[name] = replace(history, urgency=urgency)
        wanted = {row["urgency"], *row.get("urgency_acceptable", ())}
        raised = True if row["urgency"] in RAISED else None if wanted & RAISED else False
        found.append(Seen(raised, urgency in RAISED, max(look.read(understood)[2], default=0.0)))
    return found


def table(sets: dict[str, list[Seen]]) -> list[str]:
    """For each threshold: what the second look catches alone, what it adds to the rules, what it costs."""
    lines = [
        "| messages | from | flags caught alone | added to the rules | calm ones raised besides |",
        "|---|---|---|---|---|",
    ]
    for name, seen in sets.items():
        flags = [one for one in seen if one.raised]
        missed = [one for one in flags if not one.by_rules]
        calm = [one for one in seen if one.raised is False and not one.by_rules]
        for step in STEPS:
            alone, added, cost = (sum(one.score >= step for one in some) for some in (flags, missed, calm))
            lines.append(
                f"| {name} | {step:.2f} | {alone} of {len(flags)} ({alone / len(flags):.0%}) "
                f"| {added} of {len(missed)} | {cost} of {len(calm)} ({cost / len(calm):.1%}) |"
            )
    return lines


def draw(curves: dict[str, tuple[NDArray[np.bool_], NDArray[np.float64]]], levels: dict[str, float]) -> None:
    """Precision over recall, with the chosen thresholds marked."""
    figure, axes = plt.subplots(figsize=(6, 4))
    for (name, (truth, scores)), colour in zip(curves.items(), ("tab:blue", "tab:orange")):
        precision, recall, steps = precision_recall_curve(truth, scores)
        axes.plot(recall, precision, label=f"{name}, AUC {roc_auc_score(truth, scores):.2f}", color=colour)
        for level, marker in zip(levels.values(), "o^"):
            place = min(int(np.searchsorted(steps, level)), len(steps) - 1)
            axes.plot(recall[place], precision[place], marker, color=colour)
    for (name, level), marker in zip(levels.items(), "o^"):
        axes.plot([], [], marker, color="grey", label=f"{name}: {level:.2f}")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0.4, 1.02), title="The learned second look, alone")
    axes.legend(loc="lower left", fontsize=8)
    axes.grid(alpha=0.3)
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, dpi=90, bbox_inches="tight")


if __name__ == "__main__":
    encoder, settings = Encoder(), load(FILE)
    levels = {"same_day": settings["same_day"], "check": settings["check"]}
    own, more = sentences(), examples() + borrowed()
    learned, late = own + more, {group["about"] for group in load(SENTENCES / AFTER_READING)["groups"]}
    rows = embeddings(encoder, learned)
    early = [place for place, sentence in enumerate(learned) if sentence.about not in late]
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "second_look.npz"
        scores = save(model, rows, learned)[: len(own)]
        save(model, rows[early], [learned[place] for place in early])
        look = SecondLook(encoder, model)
    sets = {name: messages(ROOT / "tests" / "data" / name, look) for name in ("red_flags.jsonl", "messages.jsonl")}

    clear = [one for one in sets["red_flags.jsonl"] if one.raised is not None]
    whole = np.array([bool(one.raised) for one in clear]), np.array([one.score for one in clear])
    truth = np.array([sentence.today for sentence in own])
    draw({"own sentences, five-fold": (truth, scores), "red_flags.jsonl, messages": whole}, levels)
    lines = [
        f"Own sentences, five-fold: AUC {roc_auc_score(truth, scores):.3f} over {len(own)}. Messages of "
        f"red_flags.jsonl: AUC {roc_auc_score(*whole):.3f}.",
        "",
        *table(sets),
    ]
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.split(END)[1]}", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")
