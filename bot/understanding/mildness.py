"""What says that a sign is small or going: "a pink tinge", "looser than yesterday", "the injection an hour ago"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.understanding.clauses import Layout
from bot.understanding.mentions import Mention

_LITTLE = re.compile(r"\b(?:pink|pinkish|tinged?|traces?|specks?|streaks?|streaky|smears?)\b")
_MUCH = re.compile(
    r"\b(?:not? (?:pink|a little|slight|just)|lots?|heavy|heavily|soak\w*|clots?|fills?|filling|pour\w*|gush\w*|bright|"
    r"red|more|stop|stopping|hours|constant\w*|again|worse)\b|n't\b"
)
_EASING = re.compile(
    r"\b(?:looser|easing|eases|smaller|flatter|softer|fading|fades|less than|less each|less every|less by|better|"
    r"improving|loosens|loosening|(?:tighter|stiffer) (?:yesterday|before)|opens more|opens wider|bajando|mejor)\b"
)
_NOT = re.compile(r"\b(?:not|no|never|isn't|doesn't|hasn't|nothing|until|only|if)\b|\bworse\b|\bmore\b")
_EASED = frozenset({"trismus", "bruise"})  # a swelling must be told as smaller itself
_ANAESTHETIC = re.compile(
    r"\b(?:an?a?esthe(?:tic|sia)|injections?|(?<!be )shots?|jabs?|"
    r"novocaine|lidocaine|articaine|numbed|freezing|anestesia)\b"
)


def add(text: str, layout: Layout, mentions: Sequence[Mention]) -> None:
    """Give bleeding that is told as little a mild severity, and what eases the trend `better`."""
    for mention in mentions:
        name, told = mention.entry.finding, mention.attributes
        clause = layout.clauses[layout.clause_at(mention.start)]
        own = text[min(clause.start, mention.start) : max(clause.end, mention.end)]
        if name == "bleeding" and not {"severity", "heavy", "trend", "uncontrolled"} & told.keys():
            if _LITTLE.search(own) and not _MUCH.search(own):
                told["severity"] = "mild"
        elif name in _EASED and "trend" not in told:
            rest = text[mention.end : layout.sentences[clause.sentence][1]]
            if _EASING.search(rest) and not _NOT.search(rest):
                told["trend"] = "better"


def anaesthetic(text: str) -> tuple[int, int] | None:
    """Where an injection that numbs is named."""
    found = _ANAESTHETIC.search(text)
    return found.span() if found else None
