"""How bad the pain is: a score out of ten, or mild, moderate, severe where only that is said."""

from __future__ import annotations

import re

from bot.understanding.numerals import NOT_COUNTING, amount, any_of, windows
from bot.understanding.quick import Quick
from bot.understanding.types import Finding

PAIN = r"(?:pain\w*|hurt\w*|ach(?:e[sd]?|ing|y)|sore(?:ness)?|throb\w*|toothache|headache|earache|tender\w*|discomfort)"
_TO_TEN = any_of("10 ten one two three four five six seven eight nine")
_SCORE = rf"(?P<n>(?:10|\d(?:\.\d)?)(?:\s?(?:-|to|or)\s?(?:10|\d))?\+?|{_TO_TEN}(?:\s+(?:to|or)\s+{_TO_TEN})?)"
_LINK = any_of(
    "is was it's its it at about around an? of like now level currently still probably maybe i'd i would say "
    "rate as up to went right "
    "today the has been reached hit hovering between sits solid from scale score rating this morning then just "
    "down only so really "
    "feels rated be honestly easily my would_be with constant steady"
)
_OTHER_COUNT = any_of(
    r"implants? screws? teeth tooth of or(?!\s+so) abutments? ibuprofen tylenol advil a\.m p\.m spots? places sides? "
    r"to_ten to_10 things? more bits? "
    r"little lot good bad x after since from in on at more different other times areas"
)
_TEN = r"(?:10|ten)\b"
_SCORES = tuple(
    Quick(grammar)
    for grammar in (
        rf"\bfrom\s+(?:an?\s+)?(?:10|\d)\s+to\s+(?:an?\s+|like\s+)*(?P<n>10|\d)(?=[\s.,;!?)]|"
        rf"$){NOT_COUNTING}(?!\s+{_OTHER_COUNT}\b)",
        rf"\b{PAIN}\b[^.!?\d]{{0,30}}\d[^.!?\d]{{0,25}}\bnow\s+(?:it's\s+|its\s+|at\s+|an?\s+|more\s+like\s+|"
        rf"about\s+)*(?P<n>10|\d)(?=[\s.,;!?)]|$)"
        rf"{NOT_COUNTING}(?!\s+{_OTHER_COUNT}\b)",
        r"\b(?:it's|its|that's)\s+(?:about\s+|maybe\s+|like\s+|only\s+)*an?\s+(?P<n>10|\d)\s+(?:at\s+(?:most|worst|"
        r"best|rest|the\s+moment|times)|or\s+so|tops|max)\b",
        rf"\b{PAIN}\b[^.!?\d]{{0,20}}\b(?:10|\d)(?:\s?/\s?10)?\s+(?:yesterday|last\s+night|before|(?:the\s+)?first\s+\w+|"
        rf"on\s+\w+)[,;]?[^.!?\d]{{0,20}}\b(?P<n>10|\d)(?:\s?/\s?10)?\s+(?:today|now|tonight|this\s+\w+)\b",
        rf"\b(?:{PAIN}|kills?|killing)\b[^.!?\n]{{0,50}}?[,;(:]\s*(?:(?:maybe|about|like|say|probably|around|at|it's|"
        rf"i'd\s+say)\s+)*an?\s+{_SCORE}(?=\s*[.,;!?)]|$)",
        rf"\b{_SCORE}\s+on\s+(?:the|a|my|your|that)\s+(?:\w+\s+)?scale\b",
        r"^\W*(?:(?:it's|its|about|maybe|like|probably|around|i'd\s+say|i\s+would\s+say)\s+)*(?:an?|"
        r"maybe\s+an?)\s+(?P<n>10|\d)(?=\s*(?:[.,;!?)]|$))",
        rf"\brat(?:e|ing)\s+(?:it|that|this|the\s+{PAIN}|my\s+{PAIN})\s+(?:at\s+)?(?P<n>10|\d|"
        rf"{_TO_TEN})(?=[\s.,;!?)]|$)",
        r"\bscale\b\s*(?:of|from|is)?\s*(?:(?:1|one|0|zero)\s*(?:to|-|"
        rf"through)\s*)?{_TEN}(?:[\s,]+{_LINK}\b){{0,8}}[\s,]+{_SCORE}\b{NOT_COUNTING}",
        r"(?<![\d./])"
        r"(?P<n>(?:10|\d(?:\.\d)?)(?:\s?(?:-|to|or)\s?(?:10|\d(?:\.\d)?))?)\+?\s?/\s?10(?![/\d]|"
        r"\.\d)(?!\s*(?:inch|mm|cm|would|recommend|\"))",
        rf"\b{_SCORE}\s+(?:out\s+of|outta|of|over)\s+(?:a\s+possible\s+)?{_TEN}"
        rf"(?!\s*{any_of('dentists? people patients? implants? times days doctors? screws? teeth cases')})",
        rf"\b{PAIN}(?:'s)?\b(?:[\s,:=]+{_LINK}\b){{0,9}}[\s,:=~(]*\b{_SCORE}(?=[\s.,;!?)]|"
        rf"$){NOT_COUNTING}(?!\s+{_OTHER_COUNT}\b)",
        rf"\blevel\s+{_SCORE}\s+(?:\w+\s+)?{PAIN}\b",
        rf"\b(?:rate|rating|rated|call|calling|say)(?:\s+(?:it|that|the\s+{PAIN}|my\s+{PAIN}))?"
        r"(?:\s+(?:is|it's|as|at|about|around|like)){0,3}"
        rf"\s+(?:an?|as|at|about)\s+{_SCORE}\b(?=[\s.,;!?)]|$){NOT_COUNTING}(?!\s+\w+\s+(?:ago|old)|"
        rf"\s+{_OTHER_COUNT}\b)",
    )
)
_DATE_BEFORE = re.compile(
    r"\b(?:on|since|from|dated?|(?:surgery|placed|done|implants?|crowns?|visit|appointment|appt|stitches|out|"
    r"off)(?:\s+(?:was|is|were))?)"
    r"(?:\s+on)?\s+$",
    re.IGNORECASE,
)
_COULD_SCORE = re.compile(rf"\d|\b{_TO_TEN}\b", re.IGNORECASE)
_ONCE = re.compile(
    r"\b(?:was|were|used\s+to\s+be|had\s+been|from|yesterday|at\s+first|last\s+night)\b[^.;,!?]{0,15}$", re.IGNORECASE
)
"""Before a score: it is that of another day."""
_DENIED = re.compile(
    r"\b(?:no|not|without|never|isn't|wasn't|don't\s+have|didn't\s+have)\s+(?:(?:any|in|an?|really|that|having|the)\s+){0,3}$",
    re.IGNORECASE,
)
"""Before severe or moderate: it is what the pain is not."""
_PROCEDURE = (
    r"(?:surger(?:y|ies)|procedures?|operations?|placements?|process|removal|extractions?|implants?|"
    r"(?:bone\s+)?graft\w*)"
)
_OF_PROCEDURE = re.compile(
    r"\b(?:is|are|was|will|would|does|how)\s+(?:(?:the|an?|this|that|my|getting|having|dental|tooth|it|for)\s+)*"
    rf"{_PROCEDURE}"
    r"\s+(?:(?:be|going\s+to\s+be|really|generally|usually|placement|surgery)\s+)*$",
    re.IGNORECASE,
)
_TO_HAVE = re.compile(r"\s+(?:to\s+(?:get|have|place|put|remove|do)\b|procedure|surgery|operation)", re.IGNORECASE)
"""Around "very painful" in a question: how an operation is, not how the patient feels."""
_HAS_PAIN = Quick(rf"\b{PAIN}\b")

_BETWEEN = (
    r"(?:,?\s+(?:(?:and|but)\s+)?"
    + any_of(
        "throbbing sharp stabbing jaw tooth teeth ear gum facial face nerve constant shooting aching dull burning "
        "mouth head deep electric "
        "radiating continuous bone bite sinus neck of localized occasional intermittent dental post-op ongoing "
        "pulsing pounding implant"
    )
    + r")"
)
_SEVERE = r"(?:(?:really|very|so|real|super|pretty|quite)\s+)?" + any_of(
    "severe terrible horrible horrendous horrific intense extreme awful bad unreal crazy insane unbelievable "
    "incredible serious massive killer worst "
    "brutal nasty wicked strong"
)
_MILD = (
    r"(?:mild|dull|slight|minor|minimal|faint|light|low[\s-]level|(?:just\s+|only\s+)?(?:an?\s+)?(?:little|tiny|"
    r"wee)(?:\s+bit)?(?:\s+of)?"
    r"|(?:an?\s+)?bit(?:\s+of)?)"
)
_MODERATE = any_of("moderate medium so-so")
_VERB = (
    r"(?:\s+"
    + any_of(
        "is was are it's has been gets? got getting feels? felt became becoming now still just really very so pretty "
        "quite too super extremely "
        "only also there here though seems"
    )
    + ")"
)
_BADLY = (
    r"(?:(?:like|as)\s+(?:hell|crazy|the\s+devil|mad)|(?:(?:really|so|very|real|pretty|super|quite|"
    r"extremely)\s+)?(?:bad(?:ly)?|terribly|awfully|"
    r"severely|horribly|intensely)|a\s+(?:whole\s+)?lot|so\s+much|tremendously)"
)
_A_LITTLE = r"(?:(?:just\s+|only\s+)?an?\s+(?:little|tiny|wee)?\s*(?:bit)?|slightly|mildly|a\s+touch)"
_NOT_BAD = r"(?:not|isn't|wasn't|ain't)\s+(?:too|so|that|very|really|all\s+that)\s+(?:bad|severe|terrible)"
_EVER = (
    r"(?:ever|(?:of|in)\s+my\s+(?:entire\s+|whole\s+)?life|imaginable|possible|i(?:'ve|\s+have)\s+(?:ever|had|felt))"
)
_WORST = Quick(
    rf"\bworst\s+(?:\w+\s+){{0,3}}?{PAIN}\b(?:\s+\w+){{0,3}}?\s+{_EVER}\b|"
    rf"\b{PAIN}(?:\s+\w+){{0,4}}\s+worst\s+(?:\w+\s+)?{_EVER}\b"
    rf"|\bmost\s+(?:severe\s+|intense\s+)?pain(?:ful)?(?:\s+\w+){{0,2}}?\s+{_EVER}\b"
)
_OWN_WORDS = Quick(r"\b(?:excruciating(?:ly)?|unbearabl[ey]|intolerable|agony|agoni[sz]ing)\b")
_WORDS = tuple(
    (value, Quick(grammar))
    for value, grammar in (
        (
            "mild",
            rf"\b{PAIN}{_VERB}{{0,3}}\s+{_NOT_BAD}\b|\b{_NOT_BAD}\s+(?:of\s+)?(?:an?\s+)?{PAIN}\b|"
            rf"\b{_NOT_BAD}[,\s]+just\s+(?:\w+\s+)?{PAIN}\b",
        ),
        (
            "mild",
            rf"\b(?:hardly|barely|scarcely)\s+(?:any\s+)?{PAIN}\b|\bnot\s+a\s+(?:lot|ton)\s+of\s+{PAIN}\b|"
            r"\b(?:doesn't|does\s+not|isn't|is\s+not|not|didn't|don't)\s+(?:really\s+|even\s+)?hurt(?:ing|s)?\s+"
            r"(?:(?:too|that|so|very|all\s+that)\s+)?(?:much|bad(?:ly)?|a\s+lot)\b|"
            r"\b(?:not|isn't|wasn't)\s+(?:(?:too|that|so|very|all\s+that|really|particularly)\s+)?(?:much\s+|of\s+)*"
            rf"(?:(?<=much\s)|(?<=too\s)|(?<=that\s)|(?<=very\s)|(?<=so\s)|(?<=really\s)|(?<=particularly\s)){PAIN}\b",
        ),
        ("severe", rf"\b{_SEVERE}\b{_BETWEEN}{{0,4}},?\s+{PAIN}\b"),
        ("severe", rf"\b{PAIN}{_VERB}{{1,4}}\s+{_SEVERE}\b(?!\s+(?:taste|smell|breath|when|but|at\s+times))"),
        (
            "severe",
            rf"\b(?:hurt(?:s|ing)?|ach(?:es|ing)|throb(?:s|bing))\s+(?:\w+\s+)?{_BADLY}\b(?!\s+(?:taste|smell))",
        ),
        (
            "severe",
            r"\b(?:extremely|severely|terribly|incredibly|horribly|unbelievably|insanely|intensely)\s+(?:painful|"
            r"sore|tender)\b",
        ),
        ("severe", rf"\b(?:(?:a\s+)?(?:lots?|tons?)\s+of|so\s+much)\s+{PAIN}\b|\b(?:very|so|really|super)\s+painful\b"),
        (
            "moderate",
            rf"\b{_MODERATE}\b{_BETWEEN}{{0,3}}\s+{PAIN}\b|\b{PAIN}{_VERB}{{1,3}}\s+{_MODERATE}\b|"
            r"\bmoderately\s+(?:painful|sore)\b",
        ),
        ("mild", rf"\b{_MILD}\b{_BETWEEN}{{0,3}}\s+{PAIN}\b"),
        ("mild", r"\b(?:call|say|describe|rate)\s+(?:(?:it|that|this)\s+)?(?:as\s+|is\s+|it's\s+)?mild\b"),
        ("moderate", r"\b(?:call|say|describe|rate)\s+(?:(?:it|that|this)\s+)?(?:as\s+|is\s+|it's\s+)?moderate\b"),
        ("severe", r"\b(?:call|say|describe|rate)\s+(?:(?:it|that|this)\s+)?(?:as\s+|is\s+|it's\s+)?severe\b"),
        ("mild", rf"\b{PAIN}{_VERB}{{1,3}}\s+(?:mild|slight|minor|minimal)\b"),
        (
            "mild",
            rf"\b(?:hurts?|hurting|aches?|aching|throbs?)(?:,?\s+but(?:\s+it's)?)?\s+{_A_LITTLE}(?=[\s.,;!?)]|"
            r"$)(?!\s*(?:more|less|better|"
            r"worse|lot|ton|whole))",
        ),
        ("mild", r"\b(?:slightly|mildly|somewhat)\s+(?:painful|sore|tender|achy|uncomfortable)\b"),
    )
)


def find(text: str) -> list[Finding]:
    """`pain_severity` findings: floats 0-10, today's first, or where no number is told mild, moderate or severe."""
    found: list[Finding] = []

    def add(value: str | float, match: re.Match[str]) -> None:
        if not any(f.start < match.end() and match.start() < f.end for f in found):
            found.append(Finding("pain_severity", value, start=match.start(), end=match.end(), text=match.group()))

    if _COULD_SCORE.search(text):
        for grammar in _SCORES:
            for match in grammar.finditer(text):
                score = amount(match["n"].rstrip("+"))
                is_date = "/" in match.group() and _DATE_BEFORE.search(text[max(0, match.start() - 24) : match.start()])
                if score is not None and score.high <= 10 and not is_date:
                    add(score.value, match)
    if found:
        return sorted(found, key=lambda f: (bool(_ONCE.search(text[max(0, f.start - 30) : f.start])), f.start))
    for match in _OWN_WORDS.finditer(text):
        add("severe", match)
    for match in _WORST.finditer(text):
        add("severe", match)
    near = windows(_HAS_PAIN, text)
    for value, words in _WORDS:
        for match in (match for stretch in near for match in words.finditer(text, *stretch)):
            before = text[max(0, match.start() - 60) : match.start()]
            if value == "mild" or not (_DENIED.search(before) or _is_asked(text, before, match.end())):
                add(value, match)
    return found


def _is_asked(text: str, before: str, end: int) -> bool:
    """Whether the words belong to a question about an operation: "is the surgery very painful?"."""
    if "?" not in text[end : end + 80]:
        return False
    return bool(_OF_PROCEDURE.search(before) or (_TO_HAVE.match(text, end) and re.search(r"\b(?:is|how)\b", before)))
