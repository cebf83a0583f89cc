"""How patients write times: one regular expression per form, tried in this order; an earlier one takes the words."""

from __future__ import annotations

import re

from bot.understanding.named_days import HOLIDAY, MEAL, SEASON
from bot.understanding.numerals import NUMBER
from bot.understanding.quick import Quick

_DAY_FULL = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:\b|s(?=\s+(?:\w+\s+)?(?:surgery|op|operation|procedure|implants?|"
    r"placement|visit|appointment|appt)\b))"
)
"""A plural is every week's ("closed on Sundays") unless an apostrophe was forgotten ("Fridays surgery")."""
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
    r"(?<!my )(?<!my very )last\s+(?:night|nite|evening)|(?:earlier\s+)?today|(?:earlier\s+)?this\s+(?:morning|"
    r"mornin|afternoon|evening|am|pm)|tonight|"
    r"overnight|(?:during|in)\s+the\s+night)\b(?!\s+(?:and\s+gone|guard))"
)
COMPARED = re.compile(r"\b(?:than|like|as|the\s+way\s+(?:it|they)\s+(?:did|was|were|looked))\s+$", re.IGNORECASE)
"""Before "yesterday": a comparison, not a time."""
NOT_PAST = re.compile(
    r"\b(?:(?<!fine )(?<!ok )(?<!okay )(?<!good )(?<!great )(?:until|till|til)|than|like|next|by|coming|before|"
    r"now|it's|is|every)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""Before a date, month or day of the week: it lies ahead, or is today's name."""
_SPELLED_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_DAY_LEAD = r"(?:(?:since|on|from|around|about|this\s+past|last|past|this)\s+)"
_DAY_TAIL = rf"(?:\s+(?:morning|afternoon|evening|night))?(?:,?\s+(?:at|around|about)\s+{_MERIDIEM})?"
_MONTH_LEAD = (
    r"(?:(?:last|this\s+past|past|(?:back\s+|early\s+|late\s+|sometime\s+)?in|since|around|during|early|mid|late|"
    r"of|from|about|"
    r"(?:the\s+)?(?:end|beginning|start|middle)\s+of)[\s-]+)"
)
_ORDINAL = (
    r"(?:(?:twenty|thirty)[\s-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)\b"
)
GRAMMARS: tuple[tuple[Quick, tuple[tuple[Quick, str], ...]], ...] = tuple(
    (Quick(need), tuple((Quick(grammar), kind) for grammar, kind in grammars))
    for need, grammars in (
        (
            rf"\b{_MONTHS}",
            (
                (
                    rf"\b(?P<date>{_MONTHS}\s+\d{{1,2}}(?:(?:st|nd|rd|th)\b|(?![\d/:.]\d|\d|\s+(?:\w*screw|implant|"
                    rf"(?:hour|day|week|month|year))))(?:,?\s+{_YEAR})?)",
                    "date",
                ),
                (
                    rf"\b(?P<date>\d{{1,2}}(?:(?:st|nd|rd|th)\s+(?:of\s+)?|\s+(?:of\s+)?(?!(?:may|"
                    rf"mar)\b(?!\s*(?:[.,;!?)]|$|20\d\d)))){_MONTHS}(?:,?\s+{_YEAR})?)",
                    "date",
                ),
                (
                    rf"\b{_MONTH_LEAD}?(?P<month>{_MONTHS})\s+(?:on\s+)?(?:the\s+)?(?P<nth>{_ORDINAL})|"
                    rf"\b(?:on\s+)?the\s+(?P<nth2>{_ORDINAL})\s+(?:of\s+)?(?P<month2>{_MONTHS})",
                    "ordinal",
                ),
                (rf"\b{_MONTH_LEAD}?(?P<month>{_MONTHS}),?\s+(?:of\s+)?(?P<year>{_YEAR})", "month"),
                (rf"\b{_MONTH_LEAD}(?P<month>{_MONTHS})(?!\s*\d)", "month"),
                (
                    r"\b(?P<month>january|february|april|june|july|august|september|october|november|december)"
                    r"\b(?!\s*\d)",
                    "month",
                ),
            ),
        ),
        (
            r"\b\d+(?:[/.-]\d|(?:st|nd|rd|th)\b)|\b(?:19|20)\d\d\b",
            (
                (
                    rf"(?<![\d/.-])(?P<date>\d{{1,2}}([/.-])\d{{1,2}}\2(?:20|19)?\d\d|"
                    rf"{_YEAR}-\d\d-\d\d)(?![\d/-])",
                    "date",
                ),
                (r"(?<![\d/.-])(?P<mm>0?[1-9]|1[0-2])/(?P<year>20\d\d)(?![\d/])", "month_of_year"),
                (
                    r"\b(?:on|since|dated|started|began|noticed|lost|loose|broke|placed|done|out|off|surgery|"
                    r"implants?|from)\s+(?P<date>(?:1[0-2]|"
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
                    r"(?:^|,|\b(?:placed|done|fitted|inserted|implanted|installed|restored|made|surgery|"
                    r"implants?))\s*(?P<year>(?:19[89]\d|"
                    r"20\d\d))(?=\s*(?:[,.!]|$))",
                    "year",
                ),
                (
                    r"\b(?P<year>20[012]\d)(?=\s+implants?\b)",
                    "year",
                ),
                (
                    r"\b(?:in|since|back\s+in|from|of|during|around)\s+(?:early\s+|late\s+|"
                    r"mid\s*-?\s*)?(?P<year>(?:19[5-9]\d|20\d\d))\b(?!\s*(?:mg|mm))",
                    "year",
                ),
            ),
        ),
        (
            rf"\b(?:{_DAY_FULL}|{_DAY_SHORT}|weekend|[a-z]{{3,6}}days\s+ago)",
            (
                (
                    r"\b(?P<n>two|three|four|2|3|4)\s+(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
                    r"weekend)s\s+ago\b",
                    "weekdays_ago",
                ),
                (rf"\b(?:on\s+)?(?P<day>{_DAY_FULL})\s+(?:of\s+)?last\s+week\b", "weekday_last_week"),
                (rf"\blast\s+week,?\s+(?:on\s+)?(?P<day>{_DAY_FULL})", "weekday_last_week"),
                (
                    rf"\b{_DAY_LEAD}?(?<!easter )(?<!good )(?<!black )(?P<day>{_DAY_FULL})(?P<before>\s+before\s+last)?"
                    rf"(?!\s+before){_DAY_TAIL}",
                    "weekday",
                ),
                (
                    r"\b(?:since|on|this\s+past|last|from|was|were|placed|done|in|out|off|surgery|implants?)\s+"
                    rf"(?P<day>{_DAY_SHORT})(?P<before>\s+before\s+last)?{_DAY_TAIL}",
                    "weekday",
                ),
                (rf"\b(?P<day>tues|weds|thurs|thur)\b{_DAY_TAIL}", "weekday"),
                (
                    r"\b(?P<lead>over\s+the|on\s+the|at\s+the|last|this\s+past|this|since\s+(?:the|this|last)|"
                    r"the)\s+weekend\b(?P<before>\s+before\s+last)?",
                    "weekend",
                ),
            ),
        ),
        (
            r"\b(?:\d{1,2}(?::|\s?[ap]\.?\s?m\b)|o'?clock|noon|midnight|today|yesterday|tonight|morning|afternoon|"
            r"evening|"
            r"night)",
            (
                (
                    rf"\b(?:tomorrow|next\s+\w+)\b[^.;!?]{{0,12}}{_MERIDIEM}|{_MERIDIEM}\s+(?:tomorrow|next)\b",
                    "blocked",
                ),
                (rf"\b{_AT}{_CLOCK}\s+(?:on\s+)?{_RELATIVE}", "clock"),
                (rf"\b{_RELATIVE},?\s+{_AT}{_CLOCK}", "clock"),
                (rf"\b(?:at|around|about|since)\s+{_BARE_CLOCK}\s+{_RELATIVE}", "clock"),
                (
                    rf"\b(?:at|around|about|since)\s+{_BARE_CLOCK}\s+in\s+the\s+(?P<rel>morning|afternoon|evening)\b",
                    "clock",
                ),
                (
                    rf"\b{_RELATIVE}\s+(?:at|around)\s+(?:about\s+)?{_BARE_CLOCK}(?![\d/%°.]|\s*(?:mm|cm|out|of))\b",
                    "clock",
                ),
                (rf"(?<![\w:.$]){_CLOCK}", "clock"),
                (
                    rf"\b(?:at|around|about|since)\s+(?:(?:about|around|roughly)\s+)?(?:(?P<h>1[0-2]|[1-9])|"
                    rf"(?P<spelled>{_SPELLED_HOUR}))\s*o'?clock\b(?!\s+(?:tomorrow|next|on\s+\w+day))",
                    "oclock",
                ),
            ),
        ),
        (
            r"\b(?:today|yesterday|(?:to|over|mid)?night|nite|mornin|afternoon|evening|now\b|ago\b|last\b|"
            r"this\s+[ap]m\b|"
            r"other\s+day|this\s+week|got\s+up|woke)",
            (
                (
                    r"\b(?:today|yesterday)\s+(?:makes|marks|is|was|it's|it\s+is)\s+(?=(?:(?:about|exactly|"
                    r"already)\s+)?"
                    rf"{NUMBER}\s+(?:days?|weeks?|wks?|months?|years?)\b)",
                    "blocked",
                ),
                (rf"\b(?:since\s+|from\s+|as\s+of\s+)?{_RELATIVE}", "relative_day"),
                (
                    r"\b(?:just\s+now|moments\s+ago|(?:some\s+)?minutes\s+ago|a\s+(?:second|moment|minute)\s+ago|"
                    r"(?:in\s+my\s+hand|holding\s+it)\s+(?:right\s+)?now)\b",
                    "just_now",
                ),
                (r"\b(?P<lead>the)\s+(?P<u>week|month|year|weekend)\s+before\s+last\b", "unit_before_last"),
                (r"\b(?P<lead>last)\s+(?P<u>week|month|year|yr|wk)\b", "last_unit"),
                (r"\bthe\s+other\s+(?:day|night|evening|morning)\b", "other_day"),
                (r"\bearlier\s+this\s+week\b", "this_week"),
                (r"\bsince\s+(?:(?:i|she|he|we)\s+)?(?:got|woke|waking|getting)\s+up\b", "woke"),
            ),
        ),
        (
            rf"\b{HOLIDAY}|\b{SEASON}|\b{MEAL}",
            (
                (
                    r"\b(?P<lead>since|on|at|around|about|after|over|during|last|this\s+past|from|the\s+day\s+after|"
                    r"before|in\s+the)\s+"
                    rf"(?:the\s+)?(?P<holiday>{HOLIDAY})",
                    "holiday",
                ),
                (
                    r"\b(?P<lead>last|this\s+past|past|since|over\s+the|during\s+the|back\s+in|in\s+the|in|(?:early|"
                    r"late|end\s+of)(?:\s+the)?)\s+"
                    rf"(?:the\s+|last\s+)?(?P<season>{SEASON})(?:,?\s+(?P<year>{_YEAR}))?(?!\s+(?:of|out|off|on|down|"
                    rf"asleep))",
                    "season",
                ),
                (
                    r"(?<!every )(?<!each )\b(?:this|since|at|during|over|(?:just|right|shortly)\s+(?:before|after)|"
                    r"after|"
                    r"with|while\s+eating|eating|having|while\s+having|in|on)\s+"
                    rf"(?:my|the|a|his|her|our|their)?\s*(?P<meal>{MEAL})(?:\s+(?P<on>today|yesterday))?",
                    "meal",
                ),
            ),
        ),
        (
            r"\bhace\b|\bayer\b|\bhoy\b|\banoche\b|\besta\s+ma",
            (
                (
                    r"\bhace\s+(?:como\s+|unos\s+|unas\s+|casi\s+)?(?P<es>\d{1,3}|una?|dos|tres|cuatro|cinco|seis|"
                    r"siete|ocho|nueve|diez)\s+"
                    r"(?P<unidad>minutos?|horas?|d[i\u00ed]as?|semanas?|mes(?:es)?|a[n\u00f1]os?)\b",
                    "spanish_span",
                ),
                (
                    r"\b(?:desde\s+)?(?P<dia>antes\s+de\s+ayer|antier|anteayer|ayer|anoche|hoy|"
                    r"esta\s+ma[n\u00f1]ana)\b",
                    "spanish_day",
                ),
            ),
        ),
    )
)
"""Groups of (what a text must hold for the group to be tried, its forms with the reader of each)."""
