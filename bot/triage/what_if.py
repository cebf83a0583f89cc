"""What would change an assessment: the answers to the next questions that would raise the urgency, tried one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.triage.assess import Triage
from bot.triage.questions import Entry, Questions
from bot.triage.types import URGENCIES, Assessment, CaseHistory, Fact
from bot.triage.view import View
from bot.understanding.types import Finding

MOST = 2  # questions tried: the one about to be asked and the heaviest other one


def what_would_change(triage: Triage, history: CaseHistory, assessment: Assessment) -> tuple[str, ...]:
    """For each answer that would raise the urgency "question: answer -> urgency", e.g. "fever: Yes -> same_day".

    `history` is the one that gave `assessment`. An emergency cannot rise; no answer lowers what a conversation reached.
    """
    if assessment.urgency == URGENCIES[-1] or not history.facts:
        return ()
    return tuple(line for entry in _next(history, assessment) for line in _raising(triage, history, assessment, entry))


def _next(history: CaseHistory, assessment: Assessment) -> list[Entry]:
    book = Questions.load()
    asked = assessment.check or assessment.question
    first = [entry] if asked is not None and (entry := book.entry(asked.id)) else []
    others = (entry for entry in book.open(View.of(history), history) if entry.safety and entry not in first)
    return [*first, *others][:MOST]


def _raising(triage: Triage, history: CaseHistory, assessment: Assessment, entry: Entry) -> Iterator[str]:
    at = history.at or history.facts[-1].at
    for row in entry.answers:
        if not row["yields"] or row.get("means") == "unsure":
            continue
        findings = (
            Finding(
                data["finding"],
                data.get("value"),
                data.get("assertion", "present"),
                uncertain=bool(data.get("uncertain", False)),
                text=str(row["title"]),
                attributes=data.get("attributes", {}),
            )
            for data in row["yields"]
        )
        told = tuple(Fact(finding, history.turns, at) for finding in findings)
        urgency = triage.assess(replace(history, facts=(*history.facts, *told))).urgency
        if URGENCIES.index(urgency) > URGENCIES.index(assessment.urgency):
            yield f"{entry.id}: {row['title']} -> {urgency}"
