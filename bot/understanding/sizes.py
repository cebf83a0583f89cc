"""Sizes of a part that came out: millimetres, inches, fractions, "4 x 11", and household comparisons."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Any

import pint

from bot.understanding import comparisons
from bot.understanding import size_grammar as grammar
from bot.understanding.numerals import MOST, Amount, amount, windows
from bot.understanding.types import Finding

LONGEST_MM, SHORTEST_MM, WIDEST_MM = 60.0, 0.3, 8.0
_REGISTRY: pint.UnitRegistry[Any] = pint.UnitRegistry(cache_folder=None)
_MM_PER = {
    unit: float(_REGISTRY.Quantity(1.0, name).to("millimeter").magnitude)
    for unit, name in (("m", "millimeter"), ("c", "centimeter"), ("i", "inch"))
}


def find(text: str) -> list[Finding]:
    """Sizes of a part in millimetres: `part_size_mm` and `thread_width_mm`, with offsets into `text`.

    A range gives its middle with attributes `low` and `high`; "less than" and "more than" give the number said,
    uncertain, with `bound` max or min. A size of anything else (gap, pocket, swelling, bone) is left out.
    """
    found: list[Finding] = []
    for start, end in windows(grammar.COULD_MEASURE, text):
        found += _crosses(text, start, end)
        found += [f for f in _lengths(text, start, end) if not any(f.start < o.end and o.start < f.end for o in found)]
    found = found or _unitless(text)
    if not any(f.name == "part_size_mm" for f in found):  # a measure is surer than a comparison
        found += [f for f in _comparisons(text) if not any(f.start < o.end and o.start < f.end for o in found)]
    whole = [f for f in found if f.name == "part_size_mm" and grammar.IN_ALL.match(text, f.end)]
    if whole:
        found = [f for f in found if f.name != "part_size_mm" or f in whole]
    return _widths_alone(found)


def _lengths(text: str, start: int, end: int) -> list[Finding]:
    found = []
    for match in islice(grammar.LENGTH.finditer(text, start, end), MOST):
        size = amount(match["n"])
        if size is None or _is_quoted(text, match) or _of_something_else(text, match.start(), match.end()):
            continue
        unit = _MM_PER[_unit_letter(match["u"][len(match["g"]) :])]
        low, high = size.low * unit, size.high * unit
        if match["half"]:
            low, high = low + unit / 2, high + unit / 2
        if match["more"]:
            second = amount(match["n2"]) if match["n2"] else Amount(2.0, 2.0)
            letter = (
                _unit_letter(re.split(r"[\d\s.½¼¾⅛⅜⅝⅞-]+", match["more"])[-1])
                if match["n2"]
                else _unit_letter(match["u"])
            )
            last = second.value * _MM_PER.get(letter, unit) if second else high
            low, high = min(low, last), max(high, last)
        found.append(_finding(text, match.start(), match.end(), low, high, vague=size.vague))
    return [finding for finding in found if finding is not None]


def _unitless(text: str) -> list[Finding]:
    """Millimetres that the ruler makes clear: "measured it: 6.5"."""
    found = []
    for match in grammar.RULER.finditer(text):
        size = float(match["a"] or match["b"])
        if 2 <= size <= 30:
            start, end = match.span("a" if match["a"] else "b")
            found.append(Finding("part_size_mm", size, start=start, end=end, text=text[start:end]))
    return found


def _crosses(text: str, start: int, end: int) -> list[Finding]:
    """Width by length: "4 x 11", "4mm by 11mm"."""
    found: list[Finding] = []
    for match in islice(grammar.CROSS.finditer(text, start, end), MOST):
        first = amount(match["a"])
        near = text[max(0, match.start() - 60) : match.end() + 60]
        if (
            first is None
            or not (match["u"] or grammar.PART.search(near))
            or _of_something_else(text, match.start(), match.end())
        ):
            continue
        unit = _MM_PER[_unit_letter(match["u"])] if match["u"] else 1.0
        small, large = sorted((first.value * unit, float(match["b"]) * unit))
        if not 2.0 <= large <= LONGEST_MM or small < SHORTEST_MM:
            continue
        found.append(Finding("part_size_mm", round(large, 2), start=match.start(), end=match.end(), text=match.group()))
        if small <= WIDEST_MM:
            found.append(replace(found[-1], name="thread_width_mm", value=round(small, 2)))
    return found


def _comparisons(text: str) -> list[Finding]:
    found = []
    for like in comparisons.find(text):
        if not _of_something_else(text, like.start, like.end):
            dimension = "thickness" if like.thick else None
            found.append(
                _finding(text, like.start, like.end, like.low, like.high, dimension=dimension, bound=like.bound)
            )
    return [finding for finding in found if finding is not None]


def _finding(
    text: str,
    start: int,
    end: int,
    low: float,
    high: float,
    dimension: str | None = None,
    bound: str | None = None,
    vague: bool = False,
) -> Finding | None:
    value = round((low + high) / 2, 2)
    if not SHORTEST_MM <= value <= LONGEST_MM:
        return None
    before = text[max(0, start - 40) : start]
    after = grammar.WIDTH.match(text, end)
    said = after or grammar.WIDTH_BEFORE.search(before)
    if said and dimension is None:
        dimension = "diameter" if grammar.ROUND.search(said.group()) else "width"
    limit = grammar.BOUND.search(before)
    if limit and bound is None:
        bound = "max" if limit["max"] else "min"
    attributes: dict[str, Any] = {} if low == high else {"low": round(low, 2), "high": round(high, 2)}
    if bound:
        attributes["bound"] = bound
    if dimension:
        attributes["dimension"] = dimension
    return Finding(
        "thread_width_mm" if dimension and value <= WIDEST_MM else "part_size_mm",
        value,
        uncertain=bool(bound) or vague,
        start=start,
        end=end,
        text=text[start:end],
        attributes=attributes,
    )


def _widths_alone(found: list[Finding]) -> list[Finding]:
    """With no length told, a diameter or a coin's thickness is the only size there is, so it is the part's size."""
    if any(f.name == "part_size_mm" for f in found):
        return found
    return [
        replace(f, name="part_size_mm") if f.attributes.get("dimension") in ("diameter", "thickness") else f
        for f in found
    ]


def _of_something_else(text: str, start: int, end: int) -> bool:
    if grammar.OPENING.search(text[max(0, start - 80) : start]):
        return True
    if grammar.ELSE_AFTER.match(text, end) or grammar.MOVED_AFTER.match(text, end):
        return True
    if grammar.MOVES.search(text[max(0, start - 60) : start]) or _is_printed(text, start, end):
        return True
    if not grammar.ELSE_LINKED.search(text, max(0, start - 90), start):
        return False
    before = grammar.ELSE_BEFORE.search(text[max(0, start - 90) : start])
    return bool(before and not grammar.CAME_OUT_OF.search(before["lead"]))


def _is_printed(text: str, start: int, end: int) -> bool:
    low = max(
        (match.end() for match in grammar.SENTENCE.finditer(text, max(0, start - 160), start)),
        default=max(0, start - 160),
    )
    close = grammar.SENTENCE.search(text, end, end + 120)
    high = close.start() if close else min(len(text), end + 120)
    here = grammar.CLAUSE.split(text[low:start])[-1] + text[start:end] + grammar.CLAUSE.split(text[end:high])[0]
    if grammar.MEASURED.search(here):
        return False
    return bool(grammar.PRINTED.search(text[low:high]) or grammar.SEEN.search(here) or grammar.PLANNED.search(here))


def _is_quoted(text: str, match: re.Match[str]) -> bool:
    """The inch mark after "4" closes a quotation when an odd number of marks stands before it."""
    return match["u"].strip() == '"' and text.count('"', max(0, match.start() - 200), match.start()) % 2 == 1


def _unit_letter(unit: str) -> str:
    unit = unit.strip().strip("-").strip().lower()
    return "i" if unit[0] in 'i"' else unit[0]
