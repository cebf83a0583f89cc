"""The tense of a stretch of text: told of then, told of now, or without a verb that says."""

from __future__ import annotations

import re
from functools import lru_cache

CLAUSES = 64
"""Latest stretches whose tense is remembered: every finding asks for those around it."""
_THEN = re.compile(
    r"\b(?!need|bleed|feed|speed|indeed|instead|red\b|bed\b|infected\b|swollen\b|hundred|supposed|worried|scared|concerned)"
    r"(?:\w{3,}ed|was|were|wasn't|weren't|had|hadn't|did|didn't|could|couldn't|got|went|came|bled|felt|"
    r"hurt|shut|cut|hit|lost|took|put|kept|swelled|fell|broke|threw|said|told|made|became|wouldn't|"
    r"would not|woke|ran|spent|ended|blew|grew|gave|stood|saw|spat|slept|drove|ate|drank|"
    r"rang|sat|lay|sent|bit|burst|sank|began|wore|tore|"
    r"flew|brought|bought|caught|found|met|crept|dealt|led|left|meant|paid|rose|shook|shot|stuck|stung|struck|"
    r"taught|wrote|hung|stank|drew|knew|"
    r"heard|held|chose|froze|spoke|rode|hid|slid|wept|burnt|learnt|"
    r"tuve|tuvo|estuve|estuvo|era|fue|hincho|sangro|dolio|quedo)\b"
)
_NOW = re.compile(
    r"\b(?:am|is|are|isn't|aren't|i'm|it's|he's|she's|they're|there's|has|have|i've|hasn't|haven't|can|can't|cannot|"
    r"won't|doesn't|don't|keeps?|feels?|hurts|bleeds|goes|gets|comes|stays|remains|looks|seems|tastes|smells|moves|"
    r"leaks|oozes|throbs|aches|"
    r"burns|swells|itches|starts|makes|needs|stings|tingles|wobbles|clicks|shoots|runs|drips|spreads|"
    r"grows|still|now|today|tonight|again|currently)\b"
)
_SAYS = re.compile(
    r"\b(?:it|he|she|that|this|what|which|who) (?:just |really |always |only |also |never )?"
    r"(?!was|his|this|its|yes|always|us|as|does|less|plus|perhaps|afterwards|sometimes|besides|thus)\w{2,}(?<!s)s\b"
)
"""A verb of now that only its ending shows: "it squirts"."""
_SUBJECT = re.compile(r"\b(?:i|we|you|he|she|it|they|there|what|who)\b")


@lru_cache(maxsize=CLAUSES)
def told_then(words: str) -> bool:
    """Whether the normalised `words` hold a verb of the past and none of now: "my jaw swelled"."""
    return bool(_THEN.search(words)) and not told_now(words)


@lru_cache(maxsize=CLAUSES)
def told_now(words: str) -> bool:
    """Whether the normalised `words` hold a verb or a word of now."""
    return bool(_NOW.search(words) or _SAYS.search(words))


@lru_cache(maxsize=CLAUSES)
def without_verb(words: str) -> bool:
    """Whether no tense is told, nor anybody who could do something: "face like a football"."""
    return not _THEN.search(words) and not told_now(words) and not _SUBJECT.search(words)
