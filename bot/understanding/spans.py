"""Spans of time ("3 weeks ago", "for 2 days", "day 5"): one scan for number and unit, then the words on either side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.understanding.numerals import NUMBER, RANGE, amount, any_of, windows

Form = Literal["ago", "for", "at", "after_surgery", "age_of_part", "elapsed", "later", "bare", "meal", "day_n"]
Precision = Literal["hour", "day", "week", "month", "year"]

DAY, WEEK, MONTH, YEAR = 24.0, 168.0, 30.44 * 24, 365.25 * 24


@dataclass(frozen=True)
class Moment:
    """`hours` before the message. `form` is how it was said: ago (a point), for (a lasting span), at (a day or date),
    after_surgery ("3 weeks post op"), age_of_part ("15 years old implant"), elapsed ("it's been 3 days"), later ("two
    weeks later it is still sore"), bare ("lower left, 7 days") meal ("at lunch") or day_n ("day 5")."""

    hours: float
    precision: Precision
    form: Form
    start: int
    end: int
    uncertain: bool = False


_UNIT = (
    r"(?:minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|mos?|mths?|years?|yrs?|"
    r"(?<=\d)(?:h|d|w|y))\b\.?(?=\W|$)"
)
_GLUE = r"(?:\s*-?\s*|\s+(?:of\s+)?an?\s+|\s+(?:full|whole|solid|good|long|more|entire|short)\s+)"
_SPAN = re.compile(
    rf"(?P<n>{RANGE}){_GLUE}(?P<u>{_UNIT})(?P<half>\s+and\s+(?:an?\s+)?half\b)?"
    rf"(?:,?\s+(?:and\s+)?(?P<n2>{NUMBER})\s*-?\s*(?P<u2>{_UNIT}))?"
    rf"(?:,?\s+(?:or|maybe|perhaps|possibly|or\s+maybe|to)\s+(?P<n3>{NUMBER})\s*-?\s*(?P<u3>{_UNIT}))?"
    r"(?:\s+or\s+so\b|\s+plus\b|\s+roughly\b|\s+approx\w*\b)?",
    re.IGNORECASE,
)
_HAS_UNIT = re.compile(rf"{_UNIT}|\bpod\b|p\.o\.d|\bevening|\bmorning", re.IGNORECASE)

HEDGE = (
    r"(?:"
    + any_of(
        "about around roughly approximately approx nearly almost like maybe perhaps probably possibly at_least over "
        "more_than less_than just only under well close_to a_good the some already now exactly say circa"
    )
    + r"\s+){0,3}"
)
_SURGERY_NOUN = any_of(
    "implants? implantation surger(?:y|ies) placement procedure operation op extractions? graft(?:s|ing)? sinus_lift "
    "sinus_augmentation healing recovery lift lifts all-on-4 all_on_4 all_on_four"
)
_SURGERY = (
    r"(?:(?:they|he|she|you|we|i|it|(?:the|my)\s+(?:dentist|surgeon|implants?|screws?))\s+(?:(?:was|were|got|had|"
    r"have|been)\s+)*(?:placed|put\s+(?:\w+\s+){0,3}in\b|done|fitted|inserted|implanted|placing|"
    r"(?:\w+\s+){0,4}(?:implants?|surgery))|placing|getting\s+(?:\w+\s+){0,4}implants?|"
    rf"(?:(?!on\b|in\b|and\b|with\b|with\b)[\w'#-]+\s+){{0,6}}?{_SURGERY_NOUN}\b(?!\s+(?:\w+\s+)?(?:c[ao]me|fell|fail\w*|broke|"
    r"popped|loosened|screw|crown|cap|was\s+(?:removed|taken))))"
)
_PART = any_of(
    "implants? crowns? bridges? dentures? screws? abutments? caps? posts? tooth teeth all-on-4 fillings? veneers?"
)
_SYMPTOM = (
    r"(?:pain\w*|swell\w*|swollen|bleed\w*|numb(?:ness)?|sore\w*|ach\w+|throb\w*|fever\w*|hurt\w*|tingl\w*|agony|"
    r"discomfort|infection|pus|loose|oozing|bruis\w*|itch\w*|suffering|this)"
)

_HAD_AFTER = re.compile(
    r"\s+(?:that\s+)?(?:(?:i|we|she|he)(?:'ve)?\s+(?:had|have\s+had|has\s+had)\s+(?:it|them|this|that|my|the|mine)\b|"
    r"(?:without|with\s+no|no|with\s+zero)\s+(?:(?:a|any|single)\s+){0,2}(?:problems?|trouble|issues?|bother|complaints?)\b)",
    re.IGNORECASE,
)
_GONE_BY = re.compile(r"\s+(?:have|has|had)\s+(?:now\s+)?(?:gone\s+by|passed|gone)\b|\s+and\s+(?:the|it|it's|still|i|i'm|my|no|there|there's)\b", re.IGNORECASE)
_HOW_LONG = re.compile(r"\bhow\s+(?:long|many|soon|fast|much|quickly)\b|\b(?:takes?|needs?)\b", re.IGNORECASE)
_AGO = re.compile(r"[\s,]+(?:ago|agao|aog|back(?!\s+(?:to|in|at|on|pain|up|home)\b))\b", re.IGNORECASE)
_OLD = re.compile(r"[\s-]*olds?\b", re.IGNORECASE)
_POST = re.compile(
    r"[\s-]*(?:post(?:[\s-]*(?:op\w*|surg\w*|implant\w*|placement|procedure|extraction|graft|insertion))?\b"
    r"(?!\s+(?:fell|came|is|was|broke))|p/o\b|out\b(?!\s+of)|in(?:to\s+(?:it|this|the\s+process))?(?=\s*(?:[.,;:!?)]|$|and\b|but\b|now\b))"
    rf"|(?:after|since|following|past|from|out\s+from|into|on\s+from|in\s+after)\s+{_SURGERY})",
    re.IGNORECASE,
)
_COUNTED_FROM = re.compile(r"[\s-]*(?:after|following|post)\b", re.IGNORECASE)
_SINCE_EVENT = re.compile(r"\s+since\b", re.IGNORECASE)
_LATER = re.compile(r"\s+(?:later|on|afterwards?|after\s+that)\b(?P<rest>[^.!?\n]{0,60})", re.IGNORECASE)
_STILL = re.compile(
    r"^[\s,:]*(?:\w+\s+){0,4}?(?:there's|there\s+is|it's|its|is|isn't|are|has|hasn't|have|haven't|still|now|'s|"
    r"\w+'s|feels?|hurts?|can't|don't|doesn't)\b",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"[\s-]*(?:" + any_of(
        "later before earlier prior until till from_now away notice of_age to_heal to_wait to_go to_come to_get to_see "
        "follow check warranty supply apart each per between left_until off every"
    )
    + r"\b|flight|ride|drive|trip|hike|course|walk)",
    re.IGNORECASE,
)  # fmt: skip
_STANDS = re.compile(
    r"[\s,]+(?:now|straight|running|in\s+a\s+row|and\s+counting|non-?stop|already|so\s+far|on\s+and\s+off)\b"
    rf"|\s+of\s+(?:\w+\s+){{0,2}}{_SYMPTOM}\b",
    re.IGNORECASE,
)
_LASTS_BEFORE = re.compile(
    rf"\b(?P<for>for|since|from|going\s+on|goes\s+on|lasting|x)\s+{HEDGE}(?:the\s+)?(?:past\s+|last\s+)?$"
    rf"|\b(?:(?:for|over|in|during|within|since|from)\s+(?:the\s+|these\s+|this\s+)?|the\s+|these\s+|this\s+|^|[\s,;.])"
    rf"{HEDGE}(?:last|past|previous)\s+{HEDGE}$",
    re.IGNORECASE,
)
_SYMPTOM_BEFORE = re.compile(rf"\b{_SYMPTOM}\s+(?:is\s+|x\s+)?{HEDGE}$", re.IGNORECASE)
_IN_ALLOWED = re.compile(
    rf"\b(?:stop(?:s|ped|ping)?|slowed(?:\s+down)?|slept|eaten|improved|changed|better|budged)\s+in\s+{HEDGE}$",
    re.IGNORECASE,
)
_BLOCKED_BEFORE = re.compile(
    r"\b(?:in|within|every|another|next|wait(?:ed|ing)?|after|until|till|by|takes?|took|per|once|twice|times|needs?|"
    r"lasts|lasted|heals?|first|other|than|between|least\s+every|for\s+(?:the\s+)?(?:at\s+least\s+)?(?:next|another)|"
    rf"stay|(?:days?|time|work|weeks?|take\s+\w+|sport)\s+off\s+for|away\s+for|holiday\s+for|for\s+up\s+to|give\s+it|said|says|book(?:ed)?\s+for)\s+{HEDGE}(?:(?:next|another)\s+)?$",
    re.IGNORECASE,
)
_ELAPSED = re.compile(rf"\b(?:it's|its|it\s+has|has|have|that's|now|it\s+is|i'm|i\s+am)\s+(?:only|just|already|now)?\s*been\s+{HEDGE}$|(?:^|[,.;!?(]\s*)been\s+{HEDGE}$"
    rf"|\b(?:it's|its|that's|it\s+is)\s+now\s+{HEDGE}$", re.IGNORECASE)
_HAD = re.compile(
    r"\b(?:had|have|'ve\s+had|has|worn|wearing)\s+(?:it|them|this|these|mine|"
    rf"(?:(?:my|the|an?|these|this|her|his)\s+)?(?:\w+\s+)?(?:implants?|bridge|crown))\s+(?:in\s+)?(?:for\s+)?{HEDGE}$",
    re.IGNORECASE,
)
_IN_FOR = re.compile(rf"\b(?:in|placed|been\s+on|on\s+there)(?:\s+there|\s+place)?\s+(?:for\s+)?{HEDGE}$", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:was|were|did|didn't|couldn't|wasn't|weren't|had|bled|bit|ended|went|took|lasted|kept|wore|held|slept|sat|ran|"
    r"hurt\s+(?:like|me|him|her)|(?!need|red\b|noticed|swollen)[a-z]{3,}ed)\b(?!\s+been)",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"\b(?:go|leave|stay|wait|avoid|rinse|take|should|will|must|can|could|may|keep|use|eat|apply|holiday|vacation)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:'ve|'s|'m|'re)\b|\b(?:ive|have|has|is|are|am|been|its|still|now|hasn't|haven't|isn't|feels?|keeps?|\w+ing|since|"
    r"got\s+(?:\w+\s+)?(?:pain|swelling))\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:()!?\n]|\.(?=\s|$)|\b(?:and|but|so|because|when|while|then|which|who)\b", re.IGNORECASE)
_SEGMENT_START = re.compile(rf"(?:^|[,;:(.!?\n]|\s-)\s*(?:(?:and|so|that's|it's|its|maybe|perhaps)\s+)?{HEDGE}$", re.IGNORECASE)
_SEGMENT_END = re.compile(r"\s*(?:now|already|so\s+far|tops|max|i\s+(?:think|guess))?\s*(?:[,;:).!?\n]|$|\s-\s)", re.IGNORECASE)
_ASKED = re.compile(r"\b(?:fly\w*|travel\w*|can\s+i|may\s+i|should\s+i|will|ok\s+to|okay\s+to|safe\s+to|allowed|how\s+\w+|planned|scheduled|due|is\s+set)\b", re.IGNORECASE)
_PAST_UNIT = re.compile(
    rf"\b(?:(?:for|over|in|during|within|since|from)\s+(?:the\s+|these\s+|this\s+)?|the\s+|these\s+|this\s+){HEDGE}(?:last|past)\s+"
    rf"(?P<u>(?:hour|day|week|wk|month|year|yr|fortnight)\b)(?:\s+or\s+so\b)?",
    re.IGNORECASE,
)
_A_PART = re.compile(rf"\b(?:{_PART}|it|they|these|this|mine)(?:\s+(?:is|are|was|were|only|about|now|already|over|almost|just|like|"
                     rf"roughly|maybe)|'s|'re)+\s+(?:an?\s+)?{HEDGE}$", re.IGNORECASE)  # fmt: skip
_OF_PART = re.compile(
    r"[\s,-]*(?:(?:the|my|dental|titanium|upper|lower|front|back|single|metal|top|bottom|molar|left|right)\s+){0,3}"
    rf"(?P<part>{_PART})\b",
    re.IGNORECASE,
)
_PERSON_AFTER = re.compile(r"[\s,]*(?:girl|boy|son|daughter|man|woman|kid|baby|child|male|female|lady|puppy|grand\w+)\b", re.IGNORECASE)
_IMPLANT_BEFORE = re.compile(r"\b(?:implants?|crown|bridge|screw)\b[^.!?\n]*[.!?\n]?[^.!?\n]{0,60}$", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:i'm|i\s+am|im|my\s+(?:mom|mum|dad|son|daughter|wife|husband|kid|child)|he|she|baby)\b[^.!?\n]*$", re.IGNORECASE)
_OLDEST_UNNAMED_PART = 15  # years: "4 yrs old" of nobody is the implant's, "54 years old" the writer's

_DAY_NUMBER = re.compile(
    rf"\b(?:(?P<pod>post[\s-]?op(?:erative)?\s+day|p\.?o\.?d\.?|(?P<what>days?|nights?|weeks?|wks?))\s+(?:#\s?|number\s+)?(?!an?\b|half\b)(?P<n>{NUMBER})"
    r"|(?P<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|[1-9]\d?(?:st|nd|rd|th))\s+(?P<what2>day|evening|night|morning)"
    r"(?=\s+(?:after|post|since|following)\b|\s*(?:[.,;:!?)]|$)))"
    r"(?P<link>\s*(?:after|post|since|following|of|from)\b[\s-]*)?",
    re.IGNORECASE,
)
_NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_DAY_PAST = re.compile(
    r"\b(?:by|since|from|until|till|as\s+on|than\s+on|like\s+on|than|before|after|up\s+to|starting|every|each|a|per|"
    r"(?:was|were|had|bled|felt|hurt|got|put|\w+ed)\b[^.,;!?]{0,25}\bon|smok\w+\s*\(|on\s+(?:a\s+)?)\s*$",
    re.IGNORECASE,
)
_DAY_NOW = re.compile(
    r"(?:^|[.,;:!?(\n]|\b(?:now|it's|its|it\s+is|i'm|i\s+am|am|at|on|only|this\s+is|here|is|today|already|currently|swelling|and|"
    r"update)\b[\s:]*)\s*(?:on\s+|at\s+|now\s+|only\s+|just\s+|my\s+)*$",
    re.IGNORECASE,
)
_SURGERY_NEXT = re.compile(rf"(?:{_SURGERY}|op\b)", re.IGNORECASE)
_SICK_NEXT = re.compile(r"(?:\w+\s+){0,2}" + _SYMPTOM, re.IGNORECASE)


def find(text: str) -> Iterator[tuple[int, int, Moment | None]]:
    """(start, end, moment) of every span; the moment is None where the span is not one that ends now."""
    for low, high in windows(_HAS_UNIT, text, 45):
        for match in _DAY_NUMBER.finditer(text, low, high):
            yield match.start(), match.end(), _numbered(text, match)
        for match in _PAST_UNIT.finditer(text, low, high):
            hours, precision = unit(match["u"])
            yield match.start(), match.end(), Moment(hours, precision, "for", match.start(), match.end())
        for match in _SPAN.finditer(text, low, high):
            form, start, end = _form(text, match)
            yield start, end, _moment(match, form, start, end) if form else None


def unit(word: str) -> tuple[float, Precision]:
    """Hours in the unit a word names, and the precision it speaks with."""
    word = word.lower()
    if word.startswith("mi"):
        return 1 / 60, "hour"
    if word.startswith("h"):
        return 1.0, "hour"
    if word.startswith(("d", "n")):
        return DAY, "day"
    if word.startswith("f"):
        return 2 * WEEK, "week"
    return (WEEK, "week") if word.startswith("w") else (MONTH, "month") if word.startswith("m") else (YEAR, "year")


def _form(text: str, match: re.Match[str]) -> tuple[Form | None, int, int]:
    """How the span was said (None: it does not tell how long ago something was), and where its words start and end."""
    start, end = match.span()
    before, after = text[max(0, start - 70) : start], text[end : end + 90]
    clause = _CLAUSE_END.split(before)[-1]
    if ago := _AGO.match(after):
        return "ago", start, end + ago.end()
    if old := _OLD.match(after):
        return ("age_of_part" if _is_parts(text, match, end + old.end()) else None), start, end + old.end()
    if re.search(rf"\b(?:for|first|within|lasted)\s+{HEDGE}$", before, re.IGNORECASE) and _COUNTED_FROM.match(after):
        return None, start, end
    if post := _POST.match(after):
        words = post.group().lower()
        counted = words.split()[0] in ("after", "following")
        if counted and (_ASKED.search(clause) or (unit(match["u"])[0] < WEEK and _was(text, start))):
            return None, start, end + post.end()
        return "after_surgery", start, end + post.end()
    if _SINCE_EVENT.match(after):
        return "for", start, end
    if (later := _LATER.match(after)) and _STILL.match(later["rest"]):
        return "later", start, end
    if unit(match["u"])[0] >= MONTH and _HAD_AFTER.match(after):
        return "age_of_part", start, end
    if _GONE_BY.match(after) and _SEGMENT_START.search(before):
        return "elapsed", start, end
    if _NOT_BEFORE.match(after) or _COUNTED_FROM.match(after):
        return None, start, end
    if _HAD.search(before) and unit(match["u"])[0] >= MONTH:
        return "age_of_part", start, end
    if _IN_FOR.search(before) and unit(match["u"])[0] >= WEEK and re.search(r"\bfor\s", before[-20:]):
        return "after_surgery", start, end
    if _ELAPSED.search(before) and not _STANDS.match(after):
        return "elapsed", start, end
    if _IN_ALLOWED.search(before):
        return "for", start, end
    if _BLOCKED_BEFORE.search(before):
        return None, start, end
    if lasts := _LASTS_BEFORE.search(before):
        sentence = re.split(r"[.!?\n]", text[max(0, start - 120) : start])[-1]
        past = lasts["for"] and not _GOES_ON.search(clause) and (_OVER.search(clause) or _AHEAD.search(sentence))
        return (None if past else "for"), start, end
    if _STANDS.match(after) or _SYMPTOM_BEFORE.search(before):
        return "for", start, end
    if _SEGMENT_START.search(before) and _SEGMENT_END.match(after):
        size = amount(match["n"])
        person = size is not None and size.value * unit(match["u"])[0] > _OLDEST_UNNAMED_PART * YEAR
        asked = _HOW_LONG.search(re.split(r"[.!?\n]", before)[-1])
        return (None if person or asked else "bare"), start, end
    return None, start, end


def _moment(match: re.Match[str], form: Form, start: int, end: int) -> Moment | None:
    said = match["n"]
    size = amount(said)
    if size is None:
        return None
    hours_each, precision = unit(match["u"])
    value = size.value
    either = re.fullmatch(r"([2-9])/(\d)", said)
    if either and hours_each >= DAY and int(either[2]) == int(either[1]) + 1:
        value = int(either[1]) + 0.5  # "3/4 days" is three or four
    hours = value * hours_each + (hours_each / 2 if match["half"] else 0.0)
    if match["u2"]:
        more, (smaller, _) = amount(match["n2"]), unit(match["u2"])
        hours += more.value * smaller if more is not None and smaller < hours_each else 0.0
    if match["u3"] and (other := amount(match["n3"])) is not None:
        hours = (hours + other.value * unit(match["u3"])[0]) / 2
    return Moment(hours, precision, form, start, end, size.vague or bool(match["u3"]))


def _numbered(text: str, match: re.Match[str]) -> Moment | None:
    """ "Day 5", "week 3 post op", "second evening after surgery": the time since surgery, or since a symptom began."""
    before = text[max(0, match.start() - 40) : match.start()]
    after = text[match.end() : match.end() + 60]
    if match["nth"]:
        word = match["nth"].lower()
        count = float(_NTH.index(word) + 1) if word in _NTH else float(re.sub(r"\D", "", word))
        count = 0.0 if count < 2 else count
        hours, precision = unit("day")
    else:
        size = amount(match["n"])
        if size is None:
            return None
        count = size.value
        hours, precision = unit(match["what"] or "day")
    if re.match(r"\s*(?:%|mg|mm|ml|x\b|or\b|to\b|-\s?\d|hours|days|weeks|months)", after, re.IGNORECASE):
        return None
    moment = Moment(count * hours, precision, "day_n", match.start(), match.end())
    sentence = re.split(r"[.!?\n]", text[max(0, match.start() - 120) : match.start()])[-1]
    if match["nth"] and not match["link"]:
        return moment if re.search(r"(?:^|[.,;:!?(\n])\s*(?:(?:it's|its|today\s+is|this\s+is|now|on)\s+)?(?:the|my|our)?\s*$", before) else None
    if match["pod"] and not match["what"]:
        return moment
    link = (match["link"] or "").strip().lower()
    if link and _SURGERY_NEXT.match(after):
        return None if re.search(r"\b(?:by|until|till|than|as\s+on)\s*$", before, re.IGNORECASE) else moment
    if link == "of":
        return Moment(moment.hours, moment.precision, "for", moment.start, moment.end) if _SICK_NEXT.match(after) else None
    if re.search(r"\bon\s*$", before) and not _OVER.search(sentence) and re.match(r"\s*[.,;!?)]|\s*$", after):
        return None if re.search(r"\b(?:as|than|like)\s+on\s*$", before, re.IGNORECASE) else moment
    if _DAY_PAST.search(before) and not re.search(r"\b(?:now|i'm|i\s+am|am|it's|its)\s+(?:\w+\s+)?on\s*$", before, re.IGNORECASE):
        return None
    return moment if _DAY_NOW.search(before) else None


def _was(text: str, start: int) -> bool:
    """Whether the sentence up to `start` tells of something over: then "5 hours after the implant" is not now."""
    sentence = re.split(r"[.!?\n]", text[max(0, start - 160) : start])[-1]
    today = re.search(r"\b(?:today|tonight|this\s+(?:morning|afternoon|evening|am)|now)\b", sentence, re.IGNORECASE)
    return bool(_OVER.search(sentence)) and not _GOES_ON.search(sentence) and not today


def _is_parts(text: str, match: re.Match[str], end: int) -> bool:
    """Whether "N years old" is a part's age, not a person's."""
    before, after = text[max(0, match.start() - 120) : match.start()], text[end : end + 50]
    if _PERSON_AFTER.match(after):
        return False
    if _OF_PART.match(after) or _A_PART.search(before):
        return True
    size = amount(match["n"])
    return size is not None and is_parts_age(text, match.start(), end, size.value * unit(match["u"])[0] / YEAR)


def is_parts_age(text: str, start: int, end: int, years: float) -> bool:
    """Whether an age at start:end that names nobody ("4 yrs old.") is an implant's: it is low and follows one."""
    before = text[max(0, start - 120) : start]
    alone = _SEGMENT_START.search(before) and re.match(r"\s*(?:[,;:).!?\n]|$)", text[end : end + 20])
    return bool(
        alone and years <= _OLDEST_UNNAMED_PART and _IMPLANT_BEFORE.search(before) and not _PERSON.search(before)
    )
