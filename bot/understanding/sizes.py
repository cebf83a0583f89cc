"""Sizes of a part that came out: millimetres, inches, fractions, "4 x 11", and household comparisons."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pint

from bot.understanding import comparisons
from bot.understanding.numerals import NUMBER, RANGE, Amount, amount, windows
from bot.understanding.types import Finding

LONGEST_MM, SHORTEST_MM, WIDEST_MM = 60.0, 0.3, 8.0
_REGISTRY: pint.UnitRegistry[Any] = pint.UnitRegistry(cache_folder=None)
_MM_PER = {
    unit: float(_REGISTRY.Quantity(1.0, name).to("millimeter").magnitude)
    for unit, name in (("m", "millimeter"), ("c", "centimeter"), ("i", "inch"))
}

_UNIT = (
    r"(?:mms?\b(?!\s*hg)|m\.\s?m\b\.?|mil{1,2}[ie]m(?:et(?:er|re)|iter)s?\b|mill?s?\b|cms?\b|c\.\s?m\b\.?"
    r"|cent[ia]m(?:eter|etre|iter)s?\b|inch(?:es)?\b"
    r'|(?<=[\d½¼¾⅛⅜⅝⅞])\s?"|(?<=\d)\s+in\b(?=\s+(?:long|wide|thick|tall|across|in\s+(?:length|width|diameter))\b|\s*[.,;)!?]|\s*$))'
)
_GLUE = r"(?:\s*-?\s*|\s+(?:of\s+)?an?\s+)"
_BOUND = re.compile(
    r"(?:(?P<max>(?:less|smaller|shorter|thinner|no\s+(?:more|bigger|larger|longer)|not\s+(?:more|even|quite|"
    r"bigger|larger|longer))"
    r"(?:\s+than)?|under|up\s+to|at\s+most|barely)|(?P<min>(?:more|bigger|larger|longer|greater|taller)\s+than|"
    r"over|at\s+least))"
    r"(?:\s+(?:an?|the|size|of|about|maybe))*\s*$",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"(?P<n>{RANGE})(?P<u>(?P<g>{_GLUE}){_UNIT})(?P<half>\s+and\s+a\s+half\b)?"
    rf"(?P<more>\s*(?:-|–|\bto\b|\bor\b)\s*(?:two\b(?!\s+\w*m)|(?P<n2>{NUMBER}){_GLUE}{_UNIT}))?",
    re.IGNORECASE,
)
_CROSS = re.compile(
    rf"(?P<a>{NUMBER})(?:\s?{_UNIT})?\s*(?:[x×*]|\bby\b)\s*(?P<b>\d{{1,2}}(?:\.\d{{1,2}})?)(?!\d|\s*(?:mg|mcg|ml|"
    r"g|days?|times|hours?|"
    rf"hrs?|weeks?|a|per|%|/)\b)(?P<u>\s?{_UNIT})?",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:implants?|screws?|abutments?|caps?|posts?|pieces?|parts?|size|measur\w+|metal|thing|mm|long)\b",
    re.IGNORECASE,
)
_WIDTH = re.compile(
    r"\s*(?:or\s+so\s+)?(?:in\s+)?(?:wide|width|thick(?:ness)?|across|(?:in\s+)?diameter)\b", re.IGNORECASE
)
_WIDTH_BEFORE = re.compile(
    r"\b(?:width|diameter|thickness|across|wide|thick)(?:\s+(?:is|was|of|about|around|at|the|it|it's|roughly|"
    r"maybe|only|just))*\s*$",
    re.IGNORECASE,
)
_ROUND = re.compile(r"across|diameter", re.IGNORECASE)

_ELSE = (
    r"(?:gaps?|pockets?|pocketing|holes?|sockets?|swell\w*|swollen|lumps?|bumps?|opening|opens?|opened|"
    r"bone(?:\s+(?:loss|level|width|"
    r"height))?|gums?|recession|reced\w+|incisions?|cuts?|tongue|spaces?|depths?|prob\w+|cysts?|abscess\w*|"
    r"bruis\w*|clots?|blisters?|"
    r"sores?|mouth|jaw|torque|drill\w*|distance|sinus|nerve|tissue|crack|ridge|lesion|spot|graft|needle|ulcer|"
    r"boil|pimple|defect|"
    r"dehiscence|patch(?:es)?|areas?|overbite|overjet|gauze|hair|scar|tear)"
)
_ELSE_AFTER = re.compile(
    r"\s*(?:-|,)?\s*(?:(?:big|deep|wide|long|large|small|tiny|hard|round|red|white|little|size[d]?|bony|"
    r"periodontal|gum)\s+)*"
    rf"(?:{_ELSE}\b|of\s+(?!(?:the\s+|my\s+|a\s+)?(?:screw|metal|thread|it\b|that\b|post|implant|rod|pin|stud|shaft|stem|wire|this\b))|deep\b|too\s|"
    r"\)?\s*(?:in\s+)?between\s+(?:my|the)|deeper\b|"
    r"apart\b|away\b|"
    r"from\b|short\b|higher\b|"
    rf"lower\b|below\b|above\b|gauze|film|camera)",
    re.IGNORECASE,
)
_LINK = (
    r"(?:is|was|were|are|of|about|around|roughly|maybe|like|at|by|to|measures?|measured|measuring|only|just|now|"
    r"approximately|nearly|"
    r"almost|a|an|it's|it|has|been|have|my|in|there|here|left|on|the|size|big|as|that|than|or|between|width|"
    r"height|i|can|more|less|and|gums?|implants?|crown|tooth|teeth|most|its|"
    r"bigger|larger|smaller|no|up|least|wide|under|side|cheek|face|gum|got|looks|half)"
)
_ELSE_BEFORE = re.compile(rf"(?P<lead>[^.;!?\n]{{0,40}})\b{_ELSE}(?:,?\s+{_LINK}\b){{0,8}}\s*(?:-\s*)?$", re.IGNORECASE)
_OPENING = re.compile(
    r"\b(?:can(?:no|')?t|can\s+(?:only|barely)|only|barely|able\s+to)\s+open[^.;!?]{0,45}$", re.IGNORECASE
)
_CAME_OUT_OF = re.compile(r"\b(?:out|off|from|lost)(?:\s+(?:of|from|my|the|her|his|in))*\s+(?:\w+\s+)?$", re.IGNORECASE)

_SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n")
_PRINTED = re.compile(
    r"\baccording\s+to|\b(?:chart|pass|passport|card|papers?|report|plan|records?|sheet|letter|notes?|box|website|brochure|"
    r"catalog\w*|invoice)\s+(?:says?|said|reads?|shows?|lists?|states?|it)\b|\bn\s?cm\b|\btorqued?\b|\bplanned\b|"
    r"\b(?:usually|normally|typically|average|standard)\b|^\W*(?:and\s+)?(?:how\s+(?:big|long|large|wide|tall)|what\s+size|which\s+size)\b"
    r"|\bwall\s+plugs?\b",
    re.IGNORECASE,
)
"""In the sentence: the number was planned, printed or asked for."""
_SEEN = re.compile(r"\b(?:shows?|showing|visible|exposed|poking|stick(?:s|ing)?\s+out|protrud\w+)\b", re.IGNORECASE)
"""In the clause: the number tells how much of a part can be seen."""
_CLAUSE = re.compile(r"[,;:()]|\s-\s|\b(?:and|but|so|because|which|while)\b", re.IGNORECASE)
_MOVES = re.compile(
    r"\b(?:twist|mov(?:e[sd]?|ing)|wiggl\w+|turn(?:s|ed)?|pops?\s+up|r[io]ses?|sank|sinks|shift(?:s|ed)?|pushed|rock(?:s|ed)?|lifts?|"
    r"lifted|slid|slides?|tilt\w*|rotat\w+|backed\s+out|sits?|sticks?|give|play)\b(?:\s+(?:it|back|in|up|out|down|by|about|around|a|"
    r"maybe|at|least|off|to|the|side|like|only|roughly|over|probably|almost|sideways|forward|inwards?)){0,6}\s*$",
    re.IGNORECASE,
)
_MOVED_AFTER = re.compile(
    r"\s*(?:left\s+and\s+right|right\s+and\s+left|up\s+and\s+down|back\s+and\s+forth|sideways|to\s+(?:the|each|one)\s+side|each\s+way|"
    r"either\s+way|of\s+(?:movement|play|wiggle|give)|during|every|further|more\s+than)\b",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"\s*(?:or\s+so\s+)?(?:in\s+all|in\s+total|total|altogether|all\s+together|overall|all\s+in\s+all)\b", re.IGNORECASE)

_COULD_MEASURE = re.compile(
    r'[\d½¼¾⅛⅜⅝⅞]\s?["mMcCxX×]|m\.?\s?m\b|mil|inch|cent|\bcms?\b|\d\s+in\b|\bby\s+\d', re.IGNORECASE
)


def find(text: str) -> list[Finding]:
    """Sizes of a part in millimetres: `part_size_mm` and `thread_width_mm`, with offsets into `text`.

    A range gives its middle with attributes `low` and `high`; "less than" and "more than" give the number said,
    uncertain, with `bound` max or min. A size of anything else (gap, pocket, swelling, bone) is left out.
    """
    found: list[Finding] = []
    for start, end in windows(_COULD_MEASURE, text):
        found += _crosses(text, start, end)
        found += [f for f in _lengths(text, start, end) if not any(f.start < o.end and o.start < f.end for o in found)]
    if not any(f.name == "part_size_mm" for f in found):  # a measure is surer than a comparison
        found += [f for f in _comparisons(text) if not any(f.start < o.end and o.start < f.end for o in found)]
    whole = [f for f in found if f.name == "part_size_mm" and _IN_ALL.match(text, f.end)]
    if whole:
        found = [f for f in found if f.name != "part_size_mm" or f in whole]
    return _widths_alone(found)


def _lengths(text: str, start: int, end: int) -> list[Finding]:
    found = []
    for match in _LENGTH.finditer(text, start, end):
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
                else match["u"].strip(" -")[0]
            )
            last = second.value * _MM_PER.get(letter, unit) if second else high
            low, high = min(low, last), max(high, last)
        found.append(_finding(text, match.start(), match.end(), low, high, vague=size.vague))
    return [finding for finding in found if finding is not None]


def _crosses(text: str, start: int, end: int) -> list[Finding]:
    """Width by length: "4 x 11", "4mm by 11mm"."""
    found: list[Finding] = []
    for match in _CROSS.finditer(text, start, end):
        first = amount(match["a"])
        near = text[max(0, match.start() - 60) : match.end() + 60]
        if (
            first is None
            or not (match["u"] or _PART.search(near))
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
    after = _WIDTH.match(text, end)
    said = after or _WIDTH_BEFORE.search(before)
    if said and dimension is None:
        dimension = "diameter" if _ROUND.search(said.group()) else "width"
    limit = _BOUND.search(before)
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
    if _OPENING.search(text[max(0, start - 80) : start]):
        return True
    if _ELSE_AFTER.match(text, end) or _MOVED_AFTER.match(text, end):
        return True
    if _MOVES.search(text[max(0, start - 60) : start]) or _is_printed(text, start, end):
        return True
    before = _ELSE_BEFORE.search(text[max(0, start - 90) : start])
    return bool(before and not _CAME_OUT_OF.search(before["lead"]))


def _is_printed(text: str, start: int, end: int) -> bool:
    low = max((match.end() for match in _SENTENCE.finditer(text, max(0, start - 160), start)), default=max(0, start - 160))
    close = _SENTENCE.search(text, end, end + 120)
    high = close.start() if close else min(len(text), end + 120)
    here = _CLAUSE.split(text[low:start])[-1] + text[start:end] + _CLAUSE.split(text[end:high])[0]
    return bool(_PRINTED.search(text[low:high]) or _SEEN.search(here))


def _is_quoted(text: str, match: re.Match[str]) -> bool:
    """The inch mark after "4" closes a quotation when an odd number of marks stands before it."""
    return match["u"].strip() == '"' and text.count('"', max(0, match.start() - 200), match.start()) % 2 == 1


def _unit_letter(unit: str) -> str:
    unit = unit.strip(" -").lower()
    return "i" if unit[0] in 'i"' else unit[0]
