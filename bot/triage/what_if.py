"""What would change an assessment: the answers to the next questions that would raise the urgency, tried one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.triage.assess import Triage
from bot.triage.questions import Entry, Questions
from bot.triage.types import URGENCIES, CaseHistory, Fact, Urgency
from bot.triage.view import View
from bot.understanding.types import Finding

MOST = 2  # questions tried: the one about to be asked and the heaviest other one


def what_would_change(triage: Triage, history: CaseHistory, urgency: Urgency, asked: str | None) -> tuple[str, ...]:
    """For each answer that would raise the urgency "question: answer -> urgency", e.g. "fever: Yes -> same_day".

    `urgency` is what `history` was assessed as, `asked` the id of the check or question that assessment chose. An
    emergency cannot rise; no answer lowers what a conversation reached. It assesses once for each answer: for
    explanations, not for each turn.
    """
    if urgency == URGENCIES[-1] or not history.facts:
        return ()
    return tuple(line for entry in _next(history, asked) for line in _raising(triage, history, urgency, entry))


def _next(history: CaseHistory, asked: str | None) -> list[Entry]:
    book = Questions.load()
    first = [entry] if asked is not None and (entry := book.entry(asked)) else []
    others = (entry for entry in book.open(View.of(history), history) if entry.safety and entry not in first)
    return [*first, *others][:MOST]


def _raising(triage: Triage, history: CaseHistory, urgency: Urgency, entry: Entry) -> Iterator[str]:
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
        risen = triage.assess(replace(history, facts=(*history.facts, *told))).urgency
        if URGENCIES.index(risen) > URGENCIES.index(urgency):
            yield f"{entry.id}: {row['title']} -> {risen}"
