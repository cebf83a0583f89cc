"""Numbers with a clinical meaning: part size, fever, pain severity, age, tooth number, how many came out."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Any

import pint

from bot.understanding import ages, severity, sizes
from bot.understanding.numerals import MOST, NOT_COUNTING, amount, any_of
from bot.understanding.quick import Quick
from bot.understanding.types import Finding

COLDEST_C, HOTTEST_C = 34.0, 43.0
"""No living patient is outside: a "temperature" beyond is a typing error or another number."""
_REGISTRY: pint.UnitRegistry[Any] = pint.UnitRegistry(cache_folder=None)


def find(text: str) -> list[Finding]:
    """All measured findings of `text` in order of place.

    `part_size_mm`, `thread_width_mm`, `count`, `fever_c` (degrees Celsius), `pain_severity` (0-10, or mild, moderate,
    severe), `age` (years), `tooth_location` ("tooth 8"). Assertion and subject are the caller's to add. Never raises.
    """
    plain = _DECIMAL_COMMA.sub(".", text) if "," in text and _COMMA.search(text) else text
    found = [*sizes.find(plain), *_fevers(plain), *_counts(text), *severity.find(text), *ages.find(text), *_teeth(text)]
    if plain != text:
        found = [replace(finding, text=text[finding.start : finding.end]) for finding in found]
    return sorted(found, key=lambda finding: (finding.start, finding.end))


_COMMA = re.compile(r",\d")
_DECIMAL_COMMA = re.compile(
    r"(?<=\d),(?=\d{1,2}\s?(?:mm|cm|inch|celsius|degrees?|°|c\b))|(?<=\b3[5-9]),(?=\d\b)|(?<=\b4[0-2]),(?=\d\b)",
    re.IGNORECASE,
)
"""Before the digits of "38,6" and "0,8 cm": written with a comma for the point."""
_KIND = any_of(
    "screws? implants? abutments? caps? posts? pieces? parts? crowns? teeth tooth studs? covers? things? bits? "
    "ones them stitches"
)
_OUT = (
    r"(?:(?:c[ao]me|coming|fell|fallen|falling|popp(?:ed|ing)|dropp(?:ed|ing)|work(?:ed|ing))"
    r"\s+(?:(?:right|completely|straight|loose\s+and)\s+)?(?:out|off)\b)"
)
_DESCRIBING = any_of(
    "out_of of the my her his those these shorter longer short long small little tiny front back upper lower top "
    "bottom "
    "left right metal "
    "healing cover dental implant implanted that which have has had just both also already now new prosthetic "
    "titanium 4 four 3 three 6 six 2 two"
)
_COUNTED = r"(?P<n>1?\d|one|two|three|four|five|six|eight|both|(?:a\s+)?couple(?:\s+of)?)\b\)?"
_COUNTS = tuple(
    Quick(grammar)
    for grammar in (
        r"(?<!\bthis )(?<!\bthat )(?<!\bthe )(?<!\bno )(?<!\bday )(?<!\bnew )(?<!\bold )(?<!\bother "
        r")(?<![\w#$/.-])(?<!# )"
        rf"{_COUNTED}(?P<mid>(?:\s+{_DESCRIBING})*?(?:\s+(?P<kind>{_KIND}))?(?:\s+{_DESCRIBING})*?)\s+{_OUT}",
        r"\bthe\s+(?P<n>[2-9]|two|three|"
        rf"four)\s+(?P<mid>(?:{_DESCRIBING}\s+)*?)(?P<kind>{_KIND})(?:\s+{_DESCRIBING})*?\s+{_OUT}",
        r"\b(?:lost|swallowed|missing)\s+(?P<n>both|two|three|four|"
        rf"[2-9])\s+(?P<mid>(?:{_DESCRIBING}\s+)*?)(?P<kind>{_KIND})\b",
    )
)
_WAYS_OUT = Quick(rf"\b(?:{_OUT}|lost|swallowed|missing)\b")


def _counts(text: str) -> list[Finding]:
    """How many parts came out: "2 screws came out", "both fell out", "one of my implants came out"."""
    if not _WAYS_OUT.search(text):
        return []
    found: list[Finding] = []
    for grammar in _COUNTS:
        for match in grammar.finditer(text):
            said, kind, between = match["n"].lower(), (match["kind"] or "").lower(), match["mid"].lower().split()
            number = amount("two" if said == "both" else said)
            if (
                number is None
                or not 1 <= number.value <= 12
                or any(f.start < match.end() and match.start() < f.end for f in found)
            ):
                continue
            plural = kind.endswith("s") or kind in ("teeth", "them")
            owner = bool({"my", "her", "his", "the"} & set(between)) and "of" not in between and said != "both"
            # "day 2 my screw came out": before a singular, or an owner without "of", the number counts something else
            if number.value > 1 and ((kind and not plural) or owner):
                continue
            found.append(_make("count", number.value, text, match.start("n"), match.end()))
    return found


_WARMTH = (
    r"(?:(?:3[4-9]|4[0-3]|9\d|10\d)(?:\.\d{1,2})?(?:\s*(?:-|–|to|or|and)\s*(?:3[4-9]|4[0-3]|9\d|10\d)(?:\.\d{1,2})?)?"
    r"|(?:(?:a|one)\s+)?hundred(?:\s+(?:and\s+)?(?:one|two|three|four|five|six))?(?:\s+point\s+\w+)?|"
    r"one\s+oh\s+\w+|(?:thirty|forty|ninety)(?:[\s-](?:one|two|three|four|five|six|seven|eight|"
    r"nine))?\s+point\s+\w+)(?![\d])"
)
_NEW = r"(?<![\w$€£#])(?<!\d[.,/:])"
_DEGREE = r"(?:\s*(?:°|º|degrees?\b|deg\b\.?)|o(?=\s?[fc]?\b))"
_HEAT = r"(?:fiebre|temperatura|calentura|measured|fevers?|temps?|temperature|thermometer|feverish)"
_HEAT_LINK = any_of(
    "de normal fine okay a_bit of is was at to about around up the went got reached hit running reads? reading now "
    "currently it's it has "
    "been high low as over above just "
    "an? my like says? said spiked climbed still only nearly almost peaked this last morning night today "
    "yesterday tonight came back showed "
    "measured from between and in fever grade stayed hovering taken under roughly maybe approximately anymore but "
    "though"
)
_FEVERS = tuple(
    Quick(grammar)
    for grammar in (
        rf"{_NEW}(?P<n>{_WARMTH}){_DEGREE}?\s*(?P<u>fahrenheit|celsius|centigrade|[FC]\b(?![-']))",
        rf"(?<!angled )(?<!angle of ){_NEW}(?P<n>{_WARMTH}){_DEGREE}(?=[\s.,;!?)]|$)(?!\s*(?:angle|turn|rotat|"
        r"outside|weather|water|oven|out\b|"
        r"tilt|in\s+the\s+shade))",
        rf"\b{_HEAT}\b(?:[\s,:=(]+{_HEAT_LINK}\b){{0,8}}[\s,:=(~]*-?{_NEW}(?P<n>{_WARMTH})(?![\w/]){NOT_COUNTING}",
        rf"{_NEW}(?P<n>{_WARMTH})(?:\s*-?\s*degrees?)?\s+(?:\w+\s+)?{_HEAT}\b",
        rf"{_NEW}(?P<n>{_WARMTH})\s+(?:on|by|with|under)\s+(?:the|my|a|an|his|her)\s+(?:\w+\s+)?(?:thermometer|arm|"
        rf"tongue|armpit)\b",
        r"(?P<n>(?:(?:a|one)\s+)?hundred\s+(?:and\s+)?(?:one|two|three|four)\s+point\s+\w+)",
        r"\b(?:have|has|had|got|at|of|is|was|says?|reads?|hit)\s+(?P<n>(?:a|one)\s+hundred\s+and\s+(?:one|two|three|"
        r"four))\b(?!\s+\w+s\b)",
        rf"\bburning\s+up\b[^.!?\d]{{0,15}}{_NEW}(?P<n>{_WARMTH})(?![\w/]){NOT_COUNTING}",
        r"\b(?:running|ran|spiked|spiking|burning\s+up\s+at)\s+(?:an?\s+|at\s+|"
        rf"to\s+)*{_NEW}(?P<n>{_WARMTH})(?![\w/]){NOT_COUNTING}",
        rf"(?<![\w$#/-])(?<!\w\.)(?P<n>(?:99|10[0-6])\.\d)(?![\w/]){NOT_COUNTING}(?!\s*(?:f\.?m|dollars))",
        rf"(?<![\w$#/-])(?<!\w\.)(?<!\d[xX×] )(?P<n>3[5-9]\.\d|4[0-2]\.\d)(?![\w/\"]){NOT_COUNTING}"
        r"(?!\s*(?:ncm|n\s?cm|kg|kilo\w*|km|x\s?\d|by\s+\d|million|bucks|dollars|euros?|bmi|k\b))",
        r"^\W*(?:(?:it's|its|it\s+is|it\s+was|about|around)\s+)*(?P<n>3[5-9]\.\d|4[0-2]\.\d|hundred\s+and\s+\w+|"
        r"a\s+hundred\s+and\s+\w+)\W*$",
    )
)
_COULD_BE_FEVER = Quick(r"\b(?:3[4-9]|4[0-3]|9\d|10\d|hundred|oh|ninety|thirty|forty)")


def _fevers(text: str) -> list[Finding]:
    if not _COULD_BE_FEVER.search(text):
        return []
    found: list[Finding] = []
    for grammar in _FEVERS:
        for match in islice(grammar.finditer(text), MOST):
            degrees = amount(match["n"])
            unit = (match.groupdict().get("u") or "").lower()[:1]
            rose = re.search(r"\bfrom\s+$", text[max(0, match.start("n") - 8) : match.start("n")], re.IGNORECASE)
            celsius = None if degrees is None else _celsius(degrees.high if rose else degrees.value, unit)
            if celsius is not None and not any(f.start < match.end() and match.start() < f.end for f in found):
                found.append(_make("fever_c", celsius, text, match.start("n"), match.end()))
    return sorted(found, key=lambda f: (not _is_now(text, f), -float(f.value or 0)))[:1]


def _is_now(text: str, reading: Finding) -> bool:
    """Whether a reading is told as today's: with none such the highest counts."""
    if _NOW_BEFORE.search(text[max(0, reading.start - 30) : reading.start]):
        return True
    return bool(_NOW.match(text, reading.end))


_NOW = re.compile(
    r"[^.;!?\d]{0,12}\b(?:now|today|currently|tonight|this\s+(?:morning|evening|afternoon))\b", re.IGNORECASE
)
_NOW_BEFORE = re.compile(
    r"\b(?:now|today|currently|tonight|this\s+(?:morning|evening|afternoon))\b[^.;!?\d]{0,15}$", re.IGNORECASE
)


def _celsius(degrees: float, unit: str) -> float | None:
    """Degrees Celsius from unit "c", "f" or "" (the plausible scale). None when no body can be so warm."""
    for scale in (unit,) if unit else ("c", "f"):
        value = degrees
        if scale == "f":
            value = float(_REGISTRY.Quantity(degrees, "degF").to("degC").magnitude)
        if COLDEST_C <= value <= HOTTEST_C:
            return round(value, 2)
    return None


_NUMBERED = r"\d{1,2}(?!\d|[.,/]\d|\s*(?:%|mm|cm|x\s?\d))"
_MORE_TEETH = rf"(?:\s*(?:,|and|&|,\s*and|or|-|to)\s*(?:#|number\s+|tooth\s+)*\s*{_NUMBERED})"
_TEETH = tuple(
    Quick(grammar)
    for grammar in (
        r"\b(?:tooth|teeth|molar)\s*(?:\((?=\d{1,2}[,)]))?(?:is\s+|was\s+)?(?:#|nr\.?\s|no\.?\s|number\s|numbers\s|"
        rf"num\s)?\s*(?P<list>{_NUMBERED}{_MORE_TEETH}{{0,5}}){NOT_COUNTING}",
        rf"(?:(?<![\w#])#\s?|\b(?:number|no\.|nr\.?|numbers)\s)(?P<list>{_NUMBERED}{_MORE_TEETH}{{0,5}}){NOT_COUNTING}"
        r"(?!\s*(?:of\b|one\b|questions?|reasons?|priority|concerns?|dentist|pencil|cause|fan|thing|choice|times|"
        r"way|rated|spot|goal|st\b|nd\b))",
    )
)
_COUNTS_SOMETHING = re.compile(
    r"\b(?:screws?|questions?|days?|weeks?|visits?|attempts?|options?|surgery|opinion|phone|call|case|order|ref|"
    r"reference|room|file|account|"
    r"chart|my|phone\s+is|ticket|lot|batch|implants?|apt|unit|suite|dose|day's|cell|contact|patient|part|model|"
    r"insurance|member|policy|serial)\s*"
    r"(?:is\s+)?$",
    re.IGNORECASE,
)
_FDI = {10 * quadrant + place for quadrant in (1, 2, 3, 4) for place in range(1, 9)}


def _teeth(text: str) -> list[Finding]:
    """Numbered teeth, one finding each: universal numbers 1-32, and two-digit FDI numbers as said."""
    found: list[Finding] = []
    for place, grammar in enumerate(_TEETH):
        for match in islice(grammar.finditer(text), MOST):
            before = _COUNTS_SOMETHING.search(text[max(0, match.start() - 20) : match.start()])
            # "implant #2" counts implants, "implant #30" names a tooth
            if place == 1 and before and not (before.group().lower().startswith("implant") and len(match["list"]) > 1):
                continue
            for digits in re.finditer(r"\d{1,2}", match["list"]):
                number, start = int(digits.group()), match.start("list") + digits.start()
                if (1 <= number <= 32 or number in _FDI) and not any(f.start <= start < f.end for f in found):
                    first = match.start() if digits.start() == 0 else start
                    found.append(_make("tooth_location", f"tooth {number}", text, first, start + len(digits.group())))
    return found


def _make(name: str, value: str | float, text: str, start: int, end: int) -> Finding:
    return Finding(name, value, start=start, end=end, text=text[start:end])
