"""Household comparisons for a size ("a grain of rice", "half a dime"): comparisons.yml as one grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import content
from bot.understanding.quick import Quick

HERE = Path(__file__).parent
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "twice": 2.0, "double": 2.0}
_SMALLER = ("smaller", "shorter", "thinner", "less")


@dataclass(frozen=True)
class Likeness:
    """A thing of `low` to `high` mm at `start`:`end`. `thick`: only its thickness is meant. `bound`: max or min."""

    low: float
    high: float
    start: int
    end: int
    thick: bool
    bound: str | None


def find(text: str) -> Iterator[Likeness]:
    """Every comparison in `text`, left to right."""
    grammar, names, things = _grammar()
    if not names.search(text):
        return
    for match in grammar.finditer(text):
        thing = things[re.sub(r"\s+", " ", (match["thing"] or match["sized"] or match["whole"]).lower())]
        thick = bool(match["thick"] or match["thick2"]) and "thickness_mm" in thing
        low, high = thing["thickness_mm" if thick else "size_mm"]
        part = (match["part"] or match["part2"] or match["part3"] or "").lower()
        factor = next((value for word, value in _FRACTIONS.items() if word in part), 1.0)
        bound = None
        if match["than"]:
            bound = "max" if match["no"] or match["than"].lower().startswith(_SMALLER) else "min"
        yield Likeness(low * factor, high * factor, match.start(), match.end(), thick, bound)


@lru_cache(maxsize=1)
def _grammar() -> tuple[Quick, Quick, dict[str, Any]]:
    rows = content.load(HERE / "comparisons.yml", HERE / "comparisons.schema.json")["comparisons"]
    things = {name: row for row in rows for name in row["names"]}
    names: list[str] = []
    whole: list[str] = []
    for name in sorted(things, key=len, reverse=True):
        stop = things[name].get("not_before")
        unless = rf"(?!\s*-?\s*(?:{'|'.join(stop)})\b)" if stop else ""
        (whole if name.startswith("half") else names).append(name.replace(" ", r"\s+") + rf"\b{unless}")
    part = r"(?:half|an?\s+third|an?\s+quarter|twice|double)"
    article = r"(?:an?|one|the|my|your|us|this|small|little|tiny|large|big|single|regular|typical|american)"
    grammar = (
        rf"\b(?:(?:(?:like|about|maybe|roughly|around)\s+)?(?P<whole>{'|'.join(whole)})"
        r"|(?:"
        rf"(?:(?P<part>{part})\s+(?:of\s+)?)?(?:the\s+)?(?:same\s+)?(?:size|leng(?:th|ht)|lenth|width|diameter|height|"
        r"(?P<thick>thickness))\s+(?:of|as)"
        r"|(?:as\s+)?(?:big|small|large|long|wide|tall|short|thin|(?P<thick2>thick))\s+as"
        r"|(?P<no>(?:no|not|isn't|wasn't)\s+(?:much\s+|any\s+)?)?(?P<than>(?:bigg|larg|long|thick|wid|small|"
        r"short|thinn)er|less|more)\s+than"
        r"(?:\s+the\s+size\s+of)?"
        rf"|(?:like|about|maybe|roughly|around|(?P<part2>{part}))(?=\s+(?:about\s+|maybe\s+)?(?:an?|one|the|half)\b)"
        rf")(?:\s+(?:about|maybe|(?P<part3>half)|{article}))*\s+(?P<thing>{'|'.join(names)})"
        rf"|(?P<sized>{'|'.join(names)})(?:'s)?\s*-?\s*(?:sized?|length)\b)"
    )
    return Quick(grammar), Quick(rf"\b(?:{'|'.join(names)})"), things
