"""Whose mouth a clause is about: the writer's, a child's or another person's."""

from __future__ import annotations

from pathlib import Path

from bot import content
from bot.understanding.clauses import Layout
from bot.understanding.lexicon import words as lexicon_words
from bot.understanding.matcher import Match, PhraseMatcher
from bot.understanding.phrases import Phrase, PhraseError
from bot.understanding.types import Subject

LANGUAGE = Path(__file__).parent / "language"


class People:
    """Built once from language/people.yml."""

    def __init__(self) -> None:
        """Raises ContentError."""
        path = LANGUAGE / "people.yml"
        data = content.load(path, LANGUAGE / "people.schema.json")
        phrases: list[tuple[Phrase, str]] = []
        for kind in ("child", "other", "pronouns", "self"):
            for index, source in enumerate(data[kind]):
                try:
                    phrases += [(phrase, kind) for phrase in lexicon_words().parse(source)]
                except PhraseError as error:
                    raise content.error_at(path, [kind, index], str(error)) from error
        self._matcher = PhraseMatcher(phrases)

    def subjects(self, text: str, layout: Layout, stated: frozenset[int]) -> list[Subject]:
        """The subject of each clause; `stated` are the clauses that state a symptom, part or surgery.

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
        current: Subject = "self"
        person: Subject | None = None
        for number, found in enumerate(mentions):
            spans = [m for m in found if m.payload in ("child", "other")]
            free = [m for m in found if m in spans or not any(s.start <= m.start < s.end for s in spans)]
            whose: Subject | None = None
            for match in free:
                if match.payload == "self":
                    # "my husband drove me": who comes first is spoken of, unless only "I think he..."
                    whose = whose or "self"
                elif match.payload == "pronouns":
                    if person and (whose is None or whose == "self"):
                        whose = person
                else:
                    person = "child" if match.payload == "child" else "other"
                    whose = person
            if whose == "self" and spans and number not in stated:
                whose = None
            current = whose or current
            subjects.append(current)
        return subjects
