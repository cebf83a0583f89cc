"""Whose mouth a clause is about: the writer's, a child's or another person's."""

from __future__ import annotations

import re
from pathlib import Path

from bot import content
from bot.understanding.clauses import Layout
from bot.understanding.lexicon import words as lexicon_words
from bot.understanding.matcher import Match, PhraseMatcher
from bot.understanding.phrases import Phrase, PhraseError
from bot.understanding.types import Subject

LANGUAGE = Path(__file__).parent / "language"
_BESIDE = re.compile(r"\b(?:from|by|with|according to|to|than|at|like|unlike|near|does|did|do|why did|why does)\s+$")


class People:
    """Built once from language/people.yml."""

    def __init__(self) -> None:
        """Raises ContentError."""
        path = LANGUAGE / "people.yml"
        data = content.load(path, LANGUAGE / "people.schema.json")
        phrases: list[tuple[Phrase, str]] = []
        for kind in ("child", "other", "pronouns", "behalf", "reporting", "self"):
            for index, source in enumerate(data[kind]):
                try:
                    phrases += [(phrase, kind) for phrase in lexicon_words().parse(source)]
                except PhraseError as error:
                    raise content.error_at(path, [kind, index], str(error)) from error
        self._matcher = PhraseMatcher(phrases)

    def warm(self) -> None:
        """Compile every expression now."""
        self._matcher.warm()

    def subjects(self, text: str, layout: Layout) -> list[Subject]:
        """The subject of each clause.

        "He" and "she" are the person last named; where nobody was, they are the dentist's and the mouth is the
        writer's. A clause that names nobody is about the person of the clause before.
        """
        mentions: list[list[Match[str]]] = [[] for _ in layout.clauses]
        named = False
        for match in self._matcher.find(text):
            mentions[layout.clause_at(match.start)].append(match)
            named = named or match.payload in ("child", "other")
        if not named:
            return ["self"] * len(layout.clauses)
        subjects: list[Subject] = []
        current = _on_behalf(mentions)
        person: Subject | None = None
        for found in mentions:
            people = [m for m in found if m.payload in ("child", "other")]
            whose: Subject | None = None
            for match in found:
                if any(p.start <= match.start < p.end and p.end - p.start > match.end - match.start for p in people):
                    continue  # the "my" of "my son"
                if match.payload == "self":
                    whose = whose or "self"
                elif match.payload == "pronouns" and person is not None and whose in (None, "self"):
                    whose = person
                elif match in people:
                    person = "child" if match.payload == "child" else "other"
                    if not _aside(text, match, found):
                        whose = person
            current = whose or current
            subjects.append(current)
        return subjects


def _on_behalf(mentions: list[list[Match[str]]]) -> Subject:
    """Whom the whole message is for when it says so: "I am asking for my aunt"."""
    for found in mentions:
        for behalf in (m for m in found if m.payload == "behalf"):
            for match in found:
                if match.payload in ("child", "other") and behalf.start < match.end and match.start - behalf.end < 2:
                    return "child" if match.payload == "child" else "other"
    return "self"


def _aside(text: str, person: Match[str], found: list[Match[str]]) -> bool:
    """Whether a person only speaks, helps or is compared with: "my wife thinks", "according to my wife"."""
    reports = any(m.payload == "reporting" and 0 <= m.start - person.end < 3 for m in found)
    return reports or bool(_BESIDE.search(text[: person.start]))
