"""Whether a symptom is told as over: in the past tense and long ago, or with its own end told right behind it.

ConText and the frames know phrases; this looks at the tense of the telling and at the times and ends around it, however
they are put: "two summers ago my jaw swelled so badly that I couldn't swallow", "his 39 was gone by the next morning".
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.understanding import over_grammar as over
from bot.understanding.clauses import Layout
from bot.understanding.frames import TOLD_NOW, TOLD_THEN


def told_as_over(text: str, layout: Layout, name: str, start: int, end: int, received_at: datetime) -> bool:
    """Whether the present finding `name` at [start, end) of the normalised `text` is told as over."""
    if name in over.TIMELESS:
        return False
    clause = layout.clauses[layout.clause_at(start)]
    words = text[clause.start : max(clause.end, end)]
    first, last = layout.sentences[clause.sentence]
    sentence = text[first:last]
    if name not in over.GRAVE and over.LEFT.match(text[end:last]):
        return True
    if name not in over.GRAVE and name not in over.LASTING and over.QUOTED.search(text[max(0, start - 100) : start]):
        return True
    if name not in over.GRAVE and _over_by_its_story(text, layout, name, start, end):
        return True
    if not TOLD_THEN.search(words) or TOLD_NOW.search(words):
        return False
    behind = _behind(text, layout, clause.sentence)
    if name in over.FEELING and over.FELT_AGAIN.search(text[end:last]):
        return True
    if name not in over.GRAVE and _ended(name, text[end:last], behind):
        return True
    if name in over.LASTING or over.NEAR.search(sentence) or _taken_back(text[end:last] + " " + behind):
        return False
    if _is_long_ago(sentence, received_at):
        return True
    after = re.match(r"\s*(?:that|this|it) was\b[^.!?]*", behind)
    return after is not None and _is_long_ago(after[0], received_at)


def _over_by_its_story(text: str, layout: Layout, name: str, start: int, end: int) -> bool:
    """Whether what is told in the past tense was brief, was what the patient once came with, or ended further on."""
    clause = layout.clauses[layout.clause_at(start)]
    words = text[clause.start : end]
    if not TOLD_THEN.search(words) or TOLD_NOW.search(words):
        return False
    last = layout.sentences[clause.sentence][1]
    rest, behind = text[end:last], _behind(text, layout, clause.sentence)
    if name in over.LOOSE:
        return bool(over.TAKEN_OUT.search(rest) or over.TAKEN_OUT.search(behind))
    if name in over.LASTING:
        return False
    if name == "bleeding" and over.BRIEFLY.match(rest):
        return not over.BLEEDS_ON.search(rest + " " + behind)
    if over.CAME_WITH.search(text[max(0, start - 80) : start]) and over.LATER.match(behind):
        return True
    further = text[end : layout.sentences[min(clause.sentence + over.FAR, len(layout.sentences) - 1)][1]]
    plain = over.DOWN_AGAIN.search(further)
    return (
        plain is not None and not over.LOST.search(further[: plain.end()]) and not _taken_back(further[plain.start() :])
    )


def _behind(text: str, layout: Layout, sentence: int) -> str:
    """The sentence behind."""
    return text[slice(*layout.sentences[sentence + 1])] if sentence + 1 < len(layout.sentences) else ""


def _ended(name: str, rest: str, behind: str) -> bool:
    """Whether its end is told in the rest of its sentence or in the sentence behind, and nothing takes it back."""
    for part, more in ((rest, behind), (behind, "")):
        for match in over.END.finditer(part):
            before = part[max(0, match.start() - 25) : match.start()]
            if (
                over.NOT_OVER.search(match[0])
                or over.NOT_OVER.search(before)
                or over.HAPPY.search(part[: match.end() + 20])
            ):
                continue
            if match[0].startswith("the ") and not match[0][4:].startswith((name[:4], *over.OTHER_NAMES.get(name, ()))):
                continue
            return not _taken_back(part[match.end() :] + " " + more)
    return False


def _taken_back(words: str) -> bool:
    return any(
        not over.AGAIN_DENIED.search(words[: match.start()].rstrip()) for match in over.BACK_AGAIN.finditer(words)
    )


def _is_long_ago(words: str, received_at: datetime) -> bool:
    if over.LONG_AGO.search(words):
        return True
    month = over.MONTH.search(words)
    if month is None or over.SINCE.search(words[: month.start()][-12:]):
        return False
    return (received_at.month - 1 - over.MONTHS.index(month[1])) % 12 >= over.RECENT_MONTHS
