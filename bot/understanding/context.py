"""What the words around a symptom make of it: negated, past, imagined, uncertain. medspaCy's ConText does the scopes.

The cues are our own (language/context.yml) and found by our own matcher; ConText decides which cue reaches which
symptom: direction, clause or sentence, and where another cue or a border ends its reach. Positions are characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import content
from bot.understanding.clauses import Layout
from bot.understanding.lean import ConTextGraph, ConTextModifier, ConTextRule
from bot.understanding.lexicon import words as lexicon_words
from bot.understanding.matcher import Match, PhraseMatcher
from bot.understanding.phrases import Phrase, PhraseError

LANGUAGE = Path(__file__).parent / "language"
_INTRODUCING = re.compile(r"\b(?:and|but|or|so|also|hi|hello|hey|then|please|um|uh|well|sorry|doctor|just|ok)\b|[^\w]")
_MAY_OVERLAP = {"hypothetical", "asked", "uncertain", "negated"}  # "what if my throat swells" holds its symptom
_ENDED_BY_BORDER = {"NEGATED", "PAST"}


@dataclass(frozen=True)
class Cue:
    """A group of cue phrases with the same meaning and reach."""

    means: str
    sentence: bool
    words: int | None
    begins: bool
    rule: ConTextRule


@dataclass(frozen=True)
class Target:
    """What a cue can modify; named as ConText expects it."""

    start: int
    end: int
    label_: str = "SYMPTOM"


@dataclass(frozen=True)
class Reached:
    """A cue that reaches a target: its meaning, whether it stands behind the target, and the distance in characters."""

    means: str
    behind: bool
    distance: int


class Context:
    """Built once from language/context.yml."""

    def __init__(self) -> None:
        """Raises ContentError."""
        path = LANGUAGE / "context.yml"
        data = content.load(path, LANGUAGE / "context.schema.json")
        phrases: list[tuple[Phrase, Cue]] = []
        for number, item in enumerate(data["cues"]):
            cue = Cue(item["means"], item.get("within") == "sentence", item.get("words"), "begins" in item, _rule(item))
            for index, source in enumerate(item["phrases"]):
                try:
                    phrases += [(phrase, cue) for phrase in lexicon_words().parse(source)]
                except PhraseError as error:
                    raise content.error_at(path, ["cues", number, "phrases", index], str(error)) from error
        self._matcher = PhraseMatcher(phrases)

    def warm(self) -> None:
        """Compile every expression now."""
        self._matcher.warm()

    def apply(self, text: str, layout: Layout, spans: Sequence[tuple[int, int]]) -> list[list[Reached]]:
        """For each span of `text`, the cues that reach it."""
        reached: list[list[Reached]] = [[] for _ in spans]
        if not spans:
            return reached
        by_sentence: dict[int, list[int]] = defaultdict(list)
        for index, (start, _) in enumerate(spans):
            by_sentence[layout.clauses[layout.clause_at(start)].sentence].append(index)
        cues: dict[int, list[Match[Cue]]] = defaultdict(list)
        found = [m for m in self._matcher.find(text) if not m.payload.begins or _begins(text, layout, m.start)]
        for match in _longest(found):
            cues[layout.clauses[layout.clause_at(match.start)].sentence].append(match)
        for sentence, indexes in by_sentence.items():
            if sentence not in cues:
                continue
            modifiers = [self._modifier(match, layout) for match in cues[sentence] if match.payload.means != "nothing"]
            targets = {Target(*spans[index]): index for index in indexes}
            same: dict[int, list[int]] = defaultdict(list)
            for index in indexes:
                same[targets[Target(*spans[index])]].append(index)
            graph = ConTextGraph(targets=list(targets), modifiers=modifiers)
            graph.update_scopes()
            graph.apply_modifiers()
            for index in indexes:
                begun = [
                    m for m in cues[sentence] if m.start < spans[index][0] < m.end and m.payload.means in _MAY_OVERLAP
                ]
                reached[index] += [Reached(m.payload.means, False, 0) for m in begun]
            for target, modifier in graph.edges:
                first, last = modifier.modifier_span
                if first < target.end and target.start < last:
                    continue  # ConText overlooks a cue wholly inside a symptom's wording
                behind = first >= target.end
                distance = first - target.end if behind else max(0, target.start - last)
                for index in same[targets[target]]:
                    reached[index].append(Reached(modifier.category.split()[0].lower(), behind, distance))
        return reached

    def _modifier(self, match: Match[Cue], layout: Layout) -> ConTextModifier:
        cue = match.payload
        clause = layout.clauses[layout.clause_at(match.start)]
        start, end = layout.sentences[clause.sentence] if cue.sentence else (clause.start, clause.end)
        last = layout.clauses[layout.clause_at(max(match.start, match.end - 1))]
        end = max(end, last.end)
        if cue.words is not None:
            after = bisect_left(layout.words, match.end, key=lambda w: w.start) + cue.words - 1
            before = bisect_right(layout.words, match.start, key=lambda w: w.end) - cue.words
            end = min(end, layout.words[min(after, len(layout.words) - 1)].end)
            start = max(start, layout.words[max(before, 0)].start)
        direction = cue.rule.direction.lower()
        if direction == "forward":
            start, end = match.end, max(end, match.end)
        elif direction == "backward":
            start, end = min(start, match.start), match.start
        return ConTextModifier(cue.rule, match.start, match.end, None, scope_start=start, scope_end=end)


def _begins(text: str, layout: Layout, start: int) -> bool:
    clause = layout.clauses[layout.clause_at(start)]
    return not _INTRODUCING.sub("", text[clause.start : start]).strip()


def _rule(item: dict[str, str]) -> ConTextRule:
    means = item["means"].upper()
    direction = {"wall": "TERMINATE", "border": "PSEUDO"}.get(item["means"], item.get("direction", "forward").upper())
    terminated = {"BORDER PSEUDO"} if means in _ENDED_BY_BORDER and direction == "FORWARD" else set()
    # ConText lets a cue end the reach of an earlier one of its category: those that look back must not end those ahead
    return ConTextRule(literal=means, category=f"{means} {direction}", direction=direction, terminated_by=terminated)


def _longest(matches: list[Match[Cue]]) -> list[Match[Cue]]:
    """Of overlapping cues the longest: "not only" is not "not". A doubt stays beside a cue of another meaning."""
    kept: list[Match[Cue]] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        rivals = [other for other in kept if _rivals(match, other)]
        if all(match.end <= other.start or other.end <= match.start for other in rivals):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)


def _rivals(one: Match[Cue], other: Match[Cue]) -> bool:
    means = one.payload.means, other.payload.means
    twins = means[0] == means[1] and (one.start, one.end) == (other.start, other.end)  # one looks ahead, one back
    return not twins and (means[0] == "uncertain") == (means[1] == "uncertain")
