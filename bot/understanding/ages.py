"""A person's age in years, never an implant's."""

from __future__ import annotations

import re

from bot.understanding import spans
from bot.understanding.numerals import NOT_COUNTING, amount, any_of
from bot.understanding.quick import Quick
from bot.understanding.types import Finding

OLDEST = 110
_KIN = any_of(
    "mom mum mother dad father husband wife partner son daughter child kid grand(?:mother|father|ma|pa|son|"
    "daughter) nan(?:a|ny)? sister brother "
    "aunt uncle niece nephew friend boyfriend girlfriend patient he she"
)
_KIN_NOUN = any_of(
    r"mom mum mother dad father husband wife partner son daughter child kid grand(?:mother|father|ma|pa|son|daughter) "
    "grandad nan(?:a|ny)? sister brother aunt uncle niece nephew boyfriend girlfriend patient boy girl"
)
_NOT_ELSE = (
    r"(?!\s*-?\s*(?:%|mm|cm|mg|days?|weeks?|months?|hours?|minutes?|implants?|teeth|times|screws?|pills?|tablets?|"
    r"stitches|o'?clock|am\b|pm\b|"
    r"(?:st|nd|rd|th)\b|[/:.]\d|years?\s+ago))"
)
_THING = any_of(
    "implants? crowns? bridges? dentures? screws? abutments? teeth tooth fillings? caps? bone_grafts? veneers? x-?rays?"
)
_DESCRIBING = any_of(
    "the my dental titanium upper lower front back single metal porcelain tooth top bottom of this first"
)
_TENS = any_of("twenty thirty forty fifty sixty seventy eighty ninety")
_SPELLED = rf"(?:{_TENS}(?:[\s-]\w+)?|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_SMALL = any_of("one two three four five six seven eight nine ten eleven twelve")
_YEARS = r"(?:years?|yrs?|yr)"
_DESCRIBED = any_of(
    "healthy health smoker smoke smoking diabetic fit well retired asthmatic pensioner widow(?:er|ed)? nurse teacher "
    "engineer driver "
    "builder farmer man woman lady mum mom mother father dad grandmother grandfather single married active pregnant"
)
_GRAMMARS = tuple(
    Quick(grammar)
    for grammar in (
        rf"(?<![\w$.,/])(?P<n>\d{{1,3}}|{_SPELLED}|{_SMALL})[\s-]*(?:{_YEARS}[\s-]*(?:of\s+age|olds?|young)|y/o|"
        rf"y\.\s?o\b\.?|yo\b)(?!\s+(?:the|my)\s+{_THING})",
        rf"(?:\bI(?:'m|\s+am|m)|\b{_KIN}(?:'s|\s+is))\s+(?:(?:only|just|now|already|about|almost|nearly|"
        r"currently|turning|over|a|like)\s+){0,2}"
        rf"(?P<n>\d{{1,3}}|{_SPELLED})(?=[\s.,;!?)]|[fm]\b|$){NOT_COUNTING}(?!\s*(?:{_YEARS}\b|x\b|of\b|to\b|"
        r"or\s+so\s+(?:weeks|days)|days|hundred))",
        r"(?<!at )(?<!by )(?<!from )(?<!since )(?<!the )\b(?:aged?|age\s*:|age\s+is|am\s+age|"
        r"of\s+age)\s+(?:is\s+|of\s+)?(?P<n>\d{1,3}|"
        rf"{_SPELLED})\b(?!\s*(?:days|weeks|months))",
        r"(?<![\w.$#/-])(?P<n>1[3-9]|[2-9]\d)\s?,?\s?(?:[FM]\b|(?:male|female|woman|man|lady|gentleman)\b)(?!['-])",
        r"(?<!['\d.])(?<!\d\s)\b(?:[FM],?|(?:male|female|woman|man|lady|gentleman)(?:,|\s+of)?)\s?(?P<n>1[3-9]|"
        rf"[2-9]\d)\b{NOT_COUNTING}",
        r"(?:^|[.,;:!?\n]\s*|\b(?:and|but|years?)\s+)am\s+(?:now\s+|only\s+|already\s+|almost\s+)?(?P<n>[1-9]\d)"
        rf"(?=[\s.,;!?)]|$){NOT_COUNTING}",
        # written aside: "my sons 15 and", "grumpy old man (79)", "I smoke, 61.", "retired nurse, 67, healthy"
        rf"\bmy\s+(?:\w+\s+)?{_KIN_NOUN}s\s+(?:only\s+|just\s+|now\s+)?(?P<n>\d{{1,3}})(?=\s*[,.;!?)]|\s+and\b|"
        rf"\s*$){_NOT_ELSE}",
        rf"\b(?:{_KIN_NOUN}|man|lady|guy|bloke|gent|gentleman|person|pensioner|retiree|smoker|teacher|nurse|"
        rf"grandparent|me|in[\s-]law)"
        r"\s*[(\[]\s*(?:age[d:]?\s*|i'm\s+)?(?P<n>1[3-9]|[2-9]\d)\s*[)\],]",
        rf"\bmy\s+age\s*(?:is|was|=|:|,|-)?\s*(?P<n>[1-9]\d)\b{NOT_COUNTING}",
        rf"\b(?:i'm|i\s+am|im|i|am)\s+(?:(?:otherwise|very|quite|in|an?|also|pretty|still|perfectly|generally|fairly|"
        rf"not|never|don't|a\s+bit|of|"
        rf"both|type|heavy|ex|ex-|former|light|non|non-|retired)\s*)*{_DESCRIBED}(?:\s+(?:health|shape|smoker|"
        rf"diabetic|man|woman|lady|mother|"
        rf"teacher|nurse|person)){{0,2}},\s*(?P<n>1[89]|[2-9]\d)(?=\s*[,.;!?)]|\s*$|\s+(?:and|with|"
        rf"but)\b){NOT_COUNTING}",
        rf"(?:^|[.!?\n]\s*)(?:(?:an?|otherwise|retired|healthy|type\s+\d|old|fit|single|married|ex|"
        rf"non)[\s-]+){{0,3}}{_DESCRIBED},\s*"
        rf"(?P<n>1[89]|[2-9]\d)(?=\s*[,.;!?)]|\s*$){NOT_COUNTING}",
        r"(?:^|[.;!?(\n,]\s*)(?P<n>1[89]|[2-9]\d)(?=,\s*(?:and\s+)?(?:otherwise|healthy|non-?\s?smok\w*|diabetic|"
        r"smoker|never\s+smoked|"
        r"retired|(?:fit|good)\s+(?:and|health)|no\s+(?:health|medical|other|meds|medication|illness\w*)|"
        r"don't\s+smoke|i\s+smoke)\b)",
        r"\b(?:last|lasts|expect|lifespan)\b[^.?!\d]{0,40}\bat\s+(?P<n>[2-9]\d)(?=\s*\?)",
        r"\b(?:just\s+)?turned\s+(?P<n>1[3-9]|[2-9]\d)\b(?!\s*(?:deg|%))",
        rf"\bmy\s+(?:\w+\s+)?{_KIN}(?:\s*\((?:age\s*)?|,\s*(?:age\s*)?)(?P<n>\d{{1,3}})(?=[),.;:!?]|\s*$|\s+(?:and|"
        rf"who|has|is|had|was|just|got)\b)",
        rf"\b{_KIN_NOUN}\s*(?:[,(:]\s*)?(?:is\s+|aged?\s+|of\s+)?(?P<n>[1-9]\d)(?:\s*(?:{_YEARS}|"
        rf"y/?o)\b(?!\s+ago))?(?=[\s,.;:!?)]|$)"
        rf"{_NOT_ELSE}",
        rf"\bi(?:'m|\s+am|m)?,?\s+(?P<n>[1-9]\d)\s*{_YEARS}(?=[\s,.;:!?)]|$)(?!\s+(?:ago|since|with|into|post|out|"
        rf"after|in|now|later)\b)",
        r"\bi,\s+(?P<n>[1-9]\d),",
        r"\b(?:me\s*[:,(]|my\s+age\s*[(,:]|pushing|approaching|being|just\s+turned|recently\s+turned)\s*"
        rf"(?P<n>[1-9]\d|{_SPELLED})(?=[\s,.;:!?)]|$){NOT_COUNTING}",
        r"\b(?P<n>[1-9]\d)(?:st|nd|rd|th)\s+birthday\b",
        r"\bat\s+(?:the\s+)?age\s+(?:of\s+)?(?P<n>49|[5-9]\d)\b",
        r"(?:^|[.!?\n]\s*|\b(?:hi|hello|hey),?\s+)(?P<n>[2-9]\d)(?=\s+here\b|\s+and\s+(?:still|in\s+good|healthy|"
        r"otherwise|fit|on\b|never|retired)|,\s*(?:female|"
        r"male|healthy|non|no\s|otherwise|diabetic|smoker|on\s|with\s|type|fit|single|married|retired|[fm]\b))",
        r"\b(?:is|am|i'm|are|being|at)\s+(?P<n>\d{2})\s+(?:(?:just|simply|way|a\s+bit)\s+)?(?:too\s+(?:old|young)|"
        r"old\s+for)\b",
        rf"\b(?:is|are)\s+(?P<n>{_SPELLED})\s+too\s+(?:old|young)\b",
        rf"\b(?:{_KIN}|someone|somebody|anyone|person|people),?\s+who(?:'s|\s+is)\s+(?:now\s+)?(?P<n>\d{{1,3}}|"
        rf"{_SPELLED})(?=[\s.,;!?)]|$){NOT_COUNTING}",
        r"(?:^|[.,;!?]\s+|\b(?:and|but|so|because)\s+)at\s+(?P<n>2[5-9]|[3-9]\d)\s+(?=(?:i|my|he|she|you|one|it)\b)",
        r"\btoo\s+(?:old|young)\s+at\s+(?P<n>\d{2})\b",
        r"(?<!tooth )\bat\s+(?P<n>49|[5-8]\d|9[0-9])(?=\s*(?:[?.!,;]|$))",
        r"(?:^|[,;(.!?\n])\s*(?P<n>2[5-9]|[3-9]\d)\s+years?(?=\s*[,;).!?\n])",
        r"\bat\s+(?:my\s+age\s+(?:of\s+)?|(?:the\s+)?age\s+(?:of\s+)?|)(?P<n>1[3-9]|[2-9]\d)(?=\s+(?:am\s+i|"
        r"is\s+(?:it|he|she)|can\s+i|i\s+am|i'm|would)\b)",
    )
)
_DECADE = re.compile(
    rf"(?:\bI(?:'m|\s+am|m)|\b{_KIN}(?:'s|\s+is)|\b(?:woman|man|female|male|lady|person|someone|patient|"
    r"guy)|(?P<free>))\s*(?:now\s+|still\s+|only\s+|already\s+)?"
    r"\bin\s+(?:my|his|her|their)\s+(?P<part>early|mid|late)?[\s-]*(?:(?P<n>[2-9])0'?s|(?P<w>twen|thir|for|fif|six|"
    r"seven|eigh|nine)ties)\b",
    re.IGNORECASE,
)
_IN_THEIR = Quick(r"\bin\s+(?:my|his|her|their)\b")
"""Quickly whether _DECADE can match at all."""
_DECADE_WORDS = ("twen", "thir", "for", "fif", "six", "seven", "eigh", "nine")
_OF_A_THING = re.compile(
    rf"\b(?:{_THING}|it|its|it's|this|that|they|these|those|they're|ones?|mine|ours|both)(?:\s+(?:is|are|was|were|"
    rf"about|now|"
    r"already|only|just|over|almost|like|must|be|"
    r"at|least|roughly|around|maybe|probably|i|think))*\s*(?:an?\s+)?$",
    re.IGNORECASE,
)
_CHILD = 15
_TO_A_CHILD = re.compile(r"\b(?:to|like)\s+an?\s+$", re.IGNORECASE)
_CHILDREN = re.compile(r"\b(?:kids|children|sons|daughters|boys|girls|twins|grand(?:kids|children))\b", re.IGNORECASE)
_MORE_AGES = re.compile(rf"\s*(?:and|,|&)\s*\d{{1,2}}(?=[\s.,;!?)]|$){NOT_COUNTING}", re.IGNORECASE)
"""After the age of one of several children: another's ("kids aged 5 and 8"), so neither is the patient."""
_LONG_AGO = re.compile(r"\b(?:when|since|from\s+when|after|until|till|before)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)


def find(text: str) -> list[Finding]:
    """`age` findings in years. "In my 60s" gives 65, uncertain. Ages of implants and ages long past are left out."""
    found: list[Finding] = []

    def add(value: float, match: re.Match[str], uncertain: bool = False) -> None:
        if not any(f.start < match.end() and match.start() < f.end for f in found):
            found.append(
                Finding("age", value, uncertain=uncertain, start=match.start(), end=match.end(), text=match.group())
            )

    for place, grammar in enumerate(_GRAMMARS):
        for match in grammar.finditer(text):
            years = amount(match["n"])
            before = text[max(0, match.start() - 60) : match.start()]
            if years is None or not 1 <= years.value <= OLDEST or years.value != int(years.value):
                continue
            if years.value <= _CHILD and _TO_A_CHILD.search(before):
                continue
            if place == 0 and spans.is_parts_age(text, match.start(), match.end(), years.value):
                continue
            if _CHILDREN.search(before + match.group()) and _MORE_AGES.match(text, match.end()):
                continue
            if _LONG_AGO.search(before) or (place == 0 and _is_of_a_thing(text, before, match)):
                continue
            add(years.value, match)
    for match in _DECADE.finditer(text) if _IN_THEIR.search(text) else ():
        tens = int(match["n"]) if match["n"] else _DECADE_WORDS.index(match["w"].lower()) + 2
        part = {"early": 2.0, "late": 8.0}.get((match["part"] or "").lower(), 5.0)
        if match["free"] is not None and tens < 5:  # "in my late twenties I lost it"
            continue
        if not _LONG_AGO.search(text[max(0, match.start() - 60) : match.start()]):
            add(tens * 10 + part, match, uncertain=True)
    return found


def _is_of_a_thing(text: str, before: str, match: re.Match[str]) -> bool:
    """ "15 years old implant", "the crown is 5 years old", "it's 15 years old the implant"."""
    return bool(
        _OF_A_THING.search(before)
        or re.match(
            rf"[\s,-]*(?:{_DESCRIBING}\s+){{0,3}}{_THING}\b", text[match.end() : match.end() + 60], re.IGNORECASE
        )
    )
