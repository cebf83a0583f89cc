"""How patients write times: one regular expression per form, tried in this order; an earlier one takes the words."""

from __future__ import annotations

import re

from bot.understanding.numerals import NUMBER, RANGE, any_of

_PART = any_of("implants? crowns? bridges? dentures? screws? abutments? caps? posts? all-on-4")
_SURGERY = (
    r"(?:(?:they|he|she|you|(?:the|my)\s+(?:dentist|surgeon))\s+(?:placed|put\s+in)|placing|"
    r"(?:"
    + any_of(
        "my the an? her his having getting being this that dental oral first second last tooth titanium initial "
        "lower upper bottom top "
        "front back left right single new full bone two 2 placed"
    )
    + r"\s+){0,4}"
    + any_of(
        "implants? implantation surgery surgeries placement procedure operation op extractions? graft(?:ing)? "
        "sinus_lift"
    )
    + r"\b(?!\s+(?:\w+\s+)?(?:came|come|fell|fail\w*|broke|popped|loosened|was\s+(?:removed|taken))))"
)
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|mos|mths?|years?|yrs?)\b"
_GLUE = r"(?:\s*-?\s*|\s+(?:of\s+)?an?\s+|\s+(?:full|whole|solid|good|long|more)\s+)"
_COUNT = rf"(?P<n>{RANGE}){_GLUE}"
_TAIL = (
    rf"(?P<half>\s+and\s+(?:an?\s+)?half\b)?(?:,?\s+(?:and\s+)?(?P<n2>{NUMBER})\s*-?\s*(?P<u2>{_UNIT}))?"
    r"(?:\s+or\s+so\b|\s+plus\b)?"
)
_SPAN = rf"{_COUNT}(?P<u>{_UNIT}){_TAIL}"
_HEDGE = (
    r"(?:"
    + any_of(
        "about around roughly approximately approx nearly almost like maybe at_least over more_than less_than "
        "just only under well "
        "close_to a_good probably the"
    )
    + r"\s+){0,3}"
)
_ELSEWHERE = (
    r"(?!\s+"
    + any_of(
        "later before earlier prior until till from_now away notice old of_age to_heal to_wait to_go to_come "
        "to_get to_see follow check "
        "warranty supply apart each per after post"
    )
    + r"\b)"
)
_SYMPTOM = (
    r"(?:pain\w*|swell\w*|swollen|bleed\w*|numb(?:ness)?|sore\w*|ach\w+|throb\w*|fever\w*|hurt\w*|tingl\w*|agony|"
    r"discomfort|infection|pus|"
    r"loose|oozing|bruis\w*|itch\w*)"
)
_DAY_FULL = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
_DAY_SHORT = r"(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b"
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?)\b(?:\.(?=\s*\d))?"
)
_YEAR = r"(?:19[5-9]\d|20\d\d)\b"
_MERIDIEM = r"(?:1[0-2]|0?[1-9])(?::[0-5]\d)?\s?[ap]\.?\s?m\b\.?"
_CLOCK = (
    r"(?:(?P<h>1[0-2]|0?[1-9])(?::(?P<m>[0-5]\d))?\s?(?P<ap>[ap])\.?\s?m\b\.?|(?P<word>noon|midnight)\b"
    r"|(?P<h24>1[3-9]|2[0-3]):(?P<m24>[0-5]\d)\b)"
)
_BARE_CLOCK = r"(?P<h>1[0-2]|[1-9])(?::(?P<m>[0-5]\d))?(?:\s+o'?clock)?"
_AT = r"(?:(?:at|around|about|since|@|by)\s+){0,2}"
_RELATIVE = (
    r"(?P<rel>(?:the\s+)?day\s+before\s+yesterday|(?:the\s+)?night\s+before\s+last|yesterday(?:\s+(?:morning|"
    r"afternoon|evening|night))?|"
    r"last\s+(?:night|evening)|(?:earlier\s+)?today|(?:earlier\s+)?this\s+(?:morning|afternoon|evening)|tonight|"
    r"overnight)\b"
)
COMPARED = re.compile(r"\b(?:than|like|as)\s+$", re.IGNORECASE)
"""Before "yesterday": a comparison, not a time."""
NOT_PAST = re.compile(
    r"\b(?:(?<!fine )(?<!ok )(?<!okay )(?<!good )(?<!great )(?:until|till|til)|than|like|next|by|coming|before|"
    r"now|it's|is|every)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""Before a date, month or day of the week: it lies ahead, or is today's name."""
_LAST = r"(?:last|past|previous)\s+"
_DAY_LEAD = r"(?:(?:since|on|from|around|about|this\s+past|last|past|this)\s+)"
_DAY_TAIL = rf"(?:\s+(?:morning|afternoon|evening|night))?(?:,?\s+(?:at|around|about)\s+{_MERIDIEM})?"
_MONTH_LEAD = (
    r"(?:(?:last|this\s+past|past|(?:back\s+|early\s+|late\s+|sometime\s+)?in|since|around|during|early|mid|late|"
    r"of|from|about|"
    r"(?:the\s+)?(?:end|beginning|start|middle)\s+of)[\s-]+)"
)
GRAMMARS: tuple[tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]], ...] = tuple(
    (re.compile(need, re.IGNORECASE), tuple((re.compile(grammar, re.IGNORECASE), kind) for grammar, kind in grammars))
    for need, grammars in (
        (
            rf"\b(?:day|night|week|post|pod|p\.o)|{_UNIT}",
            (
                (rf"{_SPAN}\s+(?:ago|back(?!\s+(?:to|in|at|on|pain)\b))\b", "ago"),
                (rf"{NUMBER}{_GLUE}{_UNIT}\s+(?:later|before|earlier|prior|from\s+now|until|till|away)\b", "blocked"),
                (
                    r"(?P<skip>\b(?:stop(?:s|ped|ping)?|slowed(?:\s+down)?|slept|eaten|improved|changed|"
                    r"better)\s+in\s+)"
                    rf"{_HEDGE}{_SPAN}",
                    "for",
                ),
                (
                    r"(?P<skip>\b(?:had|have|'ve\s+had)\s+(?:it|them|this|these|(?:(?:my|the|an?|these|"
                    r"this)\s+)?implants?)\s+)"
                    rf"{_HEDGE}{_COUNT}(?P<u>(?:months?|years?|yrs?)\b)",
                    "age_of_part",
                ),
                (
                    r"\b(?:in|within|every|another|next|wait|after|until|by|takes?|took|per|once|twice|"
                    rf"times)\s+{_HEDGE}(?:(?:next|another)\s+)?"
                    rf"{RANGE}{_GLUE}{_UNIT}(?!\s+(?:after|post))",
                    "blocked",
                ),
                (rf"\bfor\s+(?:the\s+)?(?:at\s+least\s+)?(?:next|another)\s+(?:{RANGE}{_GLUE})?{_UNIT}", "blocked"),
                (
                    rf"(?P<n>{NUMBER})[\s-]*(?P<u>{_UNIT})[\s-]*olds?,?\s+"
                    r"(?:(?:the|my|dental|titanium|upper|lower|front|back|single|metal|tooth|top|"
                    rf"bottom)\s+){{0,3}}{_PART}\b",
                    "age_of_part",
                ),
                (
                    rf"\b(?:{_PART}|it|they|these|this)(?:\s+(?:is|are|was|were|only|about|now|already|over|"
                    r"almost|just|"
                    r"like)|'s|'re)+\s+"
                    rf"(?P<n>{NUMBER})[\s-]*(?P<u>{_UNIT})[\s-]*old\b(?!\s+(?:girl|boy|son|daughter|man|woman))",
                    "age_of_part",
                ),
                (
                    rf"\b(?:for|first|within|lasted)\s+{_HEDGE}{RANGE}{_GLUE}{_UNIT}\s+(?:after|following|post)\b",
                    "blocked",
                ),
                (
                    rf"{_SPAN}\s*-?\s*(?:post(?:[\s-]*(?:op\w*|surg\w*|implant\w*|placement|procedure|extraction|graft|"
                    r"insertion))?\b"
                    r"(?!\s+(?:fell|came|is|was|broke))|(?:after|since|following|past|from|out\s+from|"
                    rf"into)\s+(?:{_SURGERY}|healing|recovery)|out\b(?!\s+of))",
                    "after_surgery",
                ),
                (r"\b(?:post[\s-]?op(?:erative)?\s+day|p\.?o\.?d\.?)\s*#?\s*(?P<n>\d{1,2})\b", "day_after_surgery"),
                (
                    rf"\b(?:day|night)\s+(?:#\s?)?(?P<n>{NUMBER})\s+(?:(?:after|post|since|"
                    rf"following)\b[\s-]*(?:{_SURGERY}|op\b)?|"
                    rf"(?:of|from)\s+(?:{_SURGERY}|healing|recovery))",
                    "day_after_surgery",
                ),
                (rf"\bday\s+(?:#\s?)?(?P<n>{NUMBER})\s+of\b", "day_of"),
                (
                    rf"(?<!\ba )(?<!every )(?<!each )(?<!per )\bday\s+(?:#\s?)?(?P<n>{NUMBER})(?=\s*(?:and\b|"
                    r"[,.;!?]|$))",
                    "day_after_surgery",
                ),
                (
                    r"\b(?:i'm|i\s+am|it's|its|now|on|this\s+is|only)\s+(?:on\s+|at\s+|now\s+|only\s+)*"
                    rf"day\s+(?:#\s?)?(?P<n>{NUMBER})\b(?!\s*(?:%|mg|mm))",
                    "day_after_surgery",
                ),
                (
                    rf"\b(?P<u>week)\s+(?P<n>{NUMBER})\s+(?:after|post|since|following|of)\b[\s-]*(?:{_SURGERY}|op\b|"
                    r"healing)",
                    "after_surgery",
                ),
                (rf"{RANGE}{_GLUE}{_UNIT}\s+(?:after|following)\b", "blocked"),
                (
                    r"\b(?:(?:for|over|in|during|within|since|from)\s+(?:the\s+|these\s+|this\s+)?|the\s+|"
                    rf"these\s+){_HEDGE}{_LAST}{_HEDGE}"
                    rf"(?:{_COUNT})?(?P<u>{_UNIT}){_TAIL}",
                    "for",
                ),
                (rf"\b{_LAST}{_HEDGE}{_COUNT}(?P<u>{_UNIT})", "for"),
                (rf"\b(?:for|since|from|going\s+on|been|lasted|lasting)\s+{_HEDGE}{_SPAN}{_ELSEWHERE}", "for"),
                (
                    rf"{_SPAN}\s+(?:now|straight|running|in\s+a\s+row|and\s+counting|non-?stop|already|so\s+far)\b",
                    "for",
                ),
                (rf"{_SPAN}\s+of\s+(?:\w+\s+){{0,2}}{_SYMPTOM}", "for"),
                (rf"(?P<skip>\b{_SYMPTOM}\s+)(?:is\s+|x\s+)?{_SPAN}{_ELSEWHERE}", "for"),
            ),
        ),
        (
            rf"\b{_MONTHS}",
            (
                (
                    rf"\b(?P<date>{_MONTHS}\s+\d{{1,2}}(?:(?:st|nd|rd|th)\b|(?![\d/:.]\d|\d|\s+(?:\w*screw|implant|"
                    rf"{_UNIT})))(?:,?\s+{_YEAR})?)",
                    "date",
                ),
                (
                    rf"\b(?P<date>\d{{1,2}}(?:(?:st|nd|rd|th)\s+(?:of\s+)?|\s+(?:of\s+)?(?!may|"
                    rf"mar)){_MONTHS}(?:,?\s+{_YEAR})?)",
                    "date",
                ),
                (rf"\b{_MONTH_LEAD}?(?P<month>{_MONTHS}),?\s+(?:of\s+)?(?P<year>{_YEAR})", "month"),
                (rf"\b{_MONTH_LEAD}(?P<month>{_MONTHS})(?!\s*\d)", "month"),
                (
                    r"\b(?P<month>(?-i:January|February|April|June|July|August|September|Sept|October|November|"
                    r"December))\b(?!\s*\d)",
                    "month",
                ),
            ),
        ),
        (
            r"\d[/.-]\d|\d(?:st|nd|rd|th)\b|\b(?:19|20)\d\d\b",
            (
                (
                    rf"(?<![\d/.-])(?P<date>\d{{1,2}}([/.-])\d{{1,2}}\2(?:20|19)?\d\d|"
                    rf"{_YEAR}-\d\d-\d\d)(?![\d/-])",
                    "date",
                ),
                (
                    r"\b(?:on|since|dated|placed|done|out|off|surgery|implants?|from)\s+(?P<date>(?:1[0-2]|"
                    r"0?[1-9])/(?:[12]\d|3[01]|0?[1-9]))"
                    r"(?![\d/]|\.\d|\s*(?:\"|inch|pain|mm|cm|of\b|out\b))",
                    "date",
                ),
                (
                    r"\b(?:on|since|from)\s+the\s+(?P<n>\d{1,2})(?:st|nd|rd|th)\b(?=\s*(?:[.,;!?)]|$|"
                    r"of\s+(?:this|last)|"
                    r"and|i\b|my|it|but|at|the\b))",
                    "day_of_month",
                ),
                (
                    r"\b(?:in|since|back\s+in|from|of|during|around)\s+(?:early\s+|late\s+|"
                    r"mid\s*-?\s*)?(?P<year>(?:19[5-9]\d|20\d\d))\b(?!\s*(?:mg|mm))",
                    "year",
                ),
            ),
        ),
        (
            rf"\b(?:{_DAY_FULL}|{_DAY_SHORT}|weekend)",
            (
                (rf"\b{_DAY_LEAD}?(?P<day>{_DAY_FULL})(?!\s+before){_DAY_TAIL}", "weekday"),
                (rf"\b(?:since|on|this\s+past|last)\s+(?P<day>{_DAY_SHORT}){_DAY_TAIL}", "weekday"),
                (r"\b(?P<lead>over\s+the|last|this\s+past|this|since\s+(?:the|this|last))\s+weekend\b", "weekend"),
            ),
        ),
        (
            r"\d\s?[ap]\.?\s?m\b|\d:\d|noon|midnight|\b(?:today|yesterday|tonight|morning|afternoon|evening|night)\b",
            (
                (
                    rf"\b(?:tomorrow|next\s+\w+)\b[^.;!?]{{0,12}}{_MERIDIEM}|{_MERIDIEM}\s+(?:tomorrow|next)\b",
                    "blocked",
                ),
                (rf"\b{_AT}{_CLOCK}\s+(?:on\s+)?{_RELATIVE}", "clock"),
                (rf"\b{_RELATIVE},?\s+{_AT}{_CLOCK}", "clock"),
                (rf"\b(?:at|around|about|since)\s+{_BARE_CLOCK}\s+{_RELATIVE}", "clock"),
                (
                    rf"\b{_RELATIVE}\s+(?:at|around)\s+(?:about\s+)?{_BARE_CLOCK}(?![\d/%°.]|\s*(?:mm|cm|out|of))\b",
                    "clock",
                ),
                (rf"(?<![\w:.$]){_CLOCK}", "clock"),
            ),
        ),
        (
            r"\b(?:to|yester)day|night|morning|afternoon|evening|\bnow\b|\bago\b|\blast\b",
            (
                (rf"\b(?:since\s+|from\s+)?{_RELATIVE}", "relative_day"),
                (r"\b(?:just\s+now|moments\s+ago|minutes\s+ago)\b", "just_now"),
                (r"\b(?P<lead>last)\s+(?P<u>week|month|year|yr|wk)\b", "last_unit"),
            ),
        ),
    )
)
"""Groups of (what a text must hold for the group to be tried, its forms with the reader of each)."""
