"""How a time hangs on the words around it: "since the implant on Tuesday", "implant, lower left, 3 days ago"."""

from __future__ import annotations

import re

from bot.understanding.numerals import any_of
from bot.understanding.span_grammar import HEDGE
from bot.understanding.spans import MONTH, Moment

SHORT_ANSWER = 15
"""Words: a shorter message that holds little but a time answers a question about it."""

IMPLANT = re.compile(
    r"\b(?:implants?|implante)\b(?!\s+(?:crown|tooth|teeth|screw|cap|abutment|cover|bridge))", re.IGNORECASE
)
SURGERY = re.compile(
    r"\b(?:implants?|surger(?:y|ies)|operation|op|procedure|placement|extraction|graft\w*|sinus\s+lift|jab|injection)\b"
    r"(?!\s+(?:visit|appointment|check))",
    re.IGNORECASE,
)
DRUG = re.compile(
    r"\b(?:pills?|tablets?|capsules?|dose|antibiotics?|amoxicillin|penicillin|clindamycin|medicine|medication|rinse|"
    r"dentist\s+visit|appointment|cleaning|check-?up)\b",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(?:not\s+\w+ing|no\s+\w+|never|never\s+\w+|dry|nothing|haven't\s+(?:had|peed|"
    r"seen))\b(?:(?!\bbut\b)[^,;.!?]){0,25}$",
    re.IGNORECASE,
)

WELL_SINCE = re.compile(
    r"\b(?:fine|great|perfect|good|ok|okay|solid|stable|(?:no|without)\s+(?:\w+\s+)?(?:problems?|issues?|trouble))\s+$",
    re.IGNORECASE,
)
WHICH_WAS = re.compile(
    r"\b(?:implants?|surgery|operation|op|procedure|placement)\b[\s,(-]*(?:which|that)\s+(?:was|were|i\s+had|"
    r"happened)\s+(?:on\s+|about\s+|around\s+|done\s+|placed\s+)*$"
    r"|\bimplants?\s+(?:that\s+|which\s+)?(?:you|they|he|she|i|we|dr\.?\s+\w+)\s+(?!lost|broke|swallowed|noticed|"
    r"felt)(?:\w+\s+){1,5}$",
    re.IGNORECASE,
)
IMPLANT_SINCE = re.compile(r"^\s*(?:(?:my|the|two|three|four|new|\d)\s+)*implants?\s+$", re.IGNORECASE)
HAD_SINCE = re.compile(
    r"\b(?:in(?:\s+(?:place|there|(?:my|her|his)\s+(?:mouth|jaw|gum|bone)))?|(?:had|have)\s+(?:it|them|"
    r"this(?:\s+one)?|these|mine|my\s+implants?|"
    r"the\s+implants?))\s+$",
    re.IGNORECASE,
)
OWN_SURGERY = re.compile(
    r"'?s\s+(?:(?:\w+\s+)?(?:surgery|implants?|operation|procedure|op|placement)\b|"
    r"(?:\w+\s+)?(?:appointment|visit|session)\s+(?:where|when|in\s+which|at\s+which)\b)",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:(?:am|is|are|im|i'm|he's|she's|it's|they're|we're|you're)\s+(?:having|getting|going|due|booked|scheduled|"
    r"supposed|seeing|to)|will|"
    r"(?:i|we|he|she|it|they|you)'ll|gonna|tomorrow|(?:can|could|may|should|do|does|would|shall|might)\s+(?:i|we|you|"
    r"he|she|my|it|they|someone|anyone)|"
    r"meant\s+to|(?:have|has|need|due|hope|want|like|ok|okay|safe|fine|allowed|able|told)\s+to|set\s+for|(?:planned|"
    r"booked)\s+for|book|if|"
    r"be\s+(?:left|seen)|leave|hold|keep|cancel|(?:fly|flying|travel\w*|leaving)|see\s+(?:you|u)|open|free)\b",
    re.IGNORECASE,
)
_PROGRESSIVE = re.compile(
    r"\b(?:am|is|are|i'm|im|they're|we're|he's|she's)\s+(?!(?:been|being)\b)\w+ing\b", re.IGNORECASE
)
_CLAUSE_START = re.compile(r"[,;:(.!?\n]|\s-\s|\b(?:and|but|so|because|while|then)\b", re.IGNORECASE)
_SINCE = re.compile(
    rf"\bsince\s+(?P<words>(?:[\w'#/-]+,?\s+){{0,11}}?){HEDGE}(?:the\s+)?(?:on\s+|at\s+|in\s+|from\s+)?$", re.IGNORECASE
)
_SINCE_INSIDE = re.compile(r"(?:ever\s+)?since\b", re.IGNORECASE)
_PLACE_WORDS = any_of(
    "on in at of for to the my her his their upper lower left right front back top bottom side jaw mouth molar "
    "premolar "
    r"incisor canine tooth teeth number no\. nr #?\d{1,2} and both is was were about around just roughly only like "
    "already done placed finished being one two three four five six first second third new last single from now maybe "
    "rear area region"
)
_IMPLANT_THEN = re.compile(
    rf"(?P<lead>^|[^\w]|\b(?:\w+)\s)(?:(?:dental|tooth)\s+)?\b(?:implants?|implante|"
    rf"implant\s+surgery)\b(?:'s)?[\s,:(-]*(?:(?:{_PLACE_WORDS})\b[\s,:(-]*){{0,10}}$",
    re.IGNORECASE,
)
_ADJUNCT = re.compile(
    r"\b(?:of|from|off|on|in|around|near|with|by|under|behind|at|over|beside|above|below|against|between|through|to|"
    r"into)\s+"
    r"(?:(?:my|the|her|his|an?|this|that|your|our|new|one|\d)\s+)*(?:\w+\s+){0,3}$"
    r"|\b(?!need)[a-z]{2,}(?:ed|es|ing)\s+(?:my|the|her|his|an?|this|that|your|our)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_CROWN_FOR = re.compile(
    r"(?:^|[(,;.]\s*)(?:(?:my|the|with|a|an|and)\s+)*(?:crown|bridge|denture|"
    r"cap)\s+(?:on\s+it\s+)?for\s+$",
    re.IGNORECASE,
)
"""Before "6 years", and nothing else in its clause."""
_HEADS = re.compile(
    r"\s*[,:]?\s*(?:the|my|an?|two)\s+implants?(?=\s*[.;!?]|\s*$)|\s+implants?\b(?=\s*[,.;!?]|\s*$)|"
    r"\s*[:-]\s*(?:(?:i\s+)?(?:had|got)\s+)?(?:(?:my|an?|the|one|two|three|four|upper|lower|left|right|dental|"
    r"tooth)\s+){0,4}"
    r"(?:implants?|surgery|placement)\b(?!\s+(?:c[ao]me|fell|broke|crown|is|was|hurt|feels|tooth|loose))",
    re.IGNORECASE,
)
_FILLER = any_of(
    "it it's its this that that's is was were been has have had about around roughly only just now already i think "
    "guess "
    "believe maybe perhaps probably so like since for from on at in the a ago or and yes no ok okay happened done "
    "exactly "
    "when date time know don't remember not sure well um hmm oh approximately almost nearly sometime some time back "
    "then hi hello placed "
    "of came they did got would say to be"
)
_ONLY_FILLER = re.compile(rf"^[\W]*(?:(?:{_FILLER})\b[\W]*)*$", re.IGNORECASE)
_BARE_GAP = re.compile(
    rf"(?:'s)?[\s,:(-]*(?:(?:back|was|were|is|{_PLACE_WORDS})\b[\s,:(-]*){{0,8}}",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:of|from|off|on|in|around|near|with|by|under|behind|at|over)\s+(?:(?:my|the|her|his|an?|this|"
    r"that)\s+)?(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:to|can|may|should|could|would|will|shall|must|do|does|please|let's|want|wants|need|needs|hope|if|how|"
    r"when\s+can|is\s+it|"
    r"are\s+you|won't|until|till|by|before|every|each|per|book|schedule|move|cancel|open|closed|free)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:was|were|had|did|got|came|fell|felt|went|saw|broke|began|woke|lost|bit|ate|hit|put|popped|been|gone|come|"
    r"took|swollen|"
    r"hurt|bled|began|threw|found|(?!need)\w{3,}ed)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(r"\b(?:was|were|had|did|got|came|fell|felt|went|saw|broke|began|woke)\b", re.IGNORECASE)
_PLANNED = re.compile(r"\b(?:will|going\s+to|planned|scheduled|due|supposed|coming|upcoming|next)\b", re.IGNORECASE)
_CAN_I = re.compile(
    r"\W*(?:(?:and|or|but|so|also|then)\s+)*(?:can|could|may|should|shall|will|would|is\s+it\s+(?:ok|okay|safe|"
    r"alright|fine))\b"
    r"(?![^.!?]*\b(?:since|from|last)\s+$)",
    re.IGNORECASE,
)
"""A sentence that begins so asks about days to come."""
_COMING_SEASON = re.compile(
    r"(?:in|in\s+the|over\s+the|during\s+the)\s+(?:spring|summer|autumn|fall|winter)$", re.IGNORECASE
)
_COMES = re.compile(
    r"\b(?:starts?|begins?|leaves?|moves?|goes|(?:am|is|are|i'm|we're|he's|she's)\s+(?:\w+ing|due|going|off)|will|"
    r"want|plan\w*|hope|due|"
    r"supposed|booked|would\s+like)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:'ve|'s)\b|\b(?:have|has|is|are|been|still|\w+ing|done)\b", re.IGNORECASE)
_SURE_PAST = re.compile(r"\b(?:yesterday|ago|last\s+(?:night|evening)|since)\b", re.IGNORECASE)


def clause_start(text: str, place: int) -> int:
    """Where the clause begins that `place` lies in."""
    breaks = [match.end() for match in _CLAUSE_START.finditer(text, max(0, place - 120), place)]
    return breaks[-1] if breaks else max(0, place - 120)


def since(text: str, moment: Moment, low: int) -> tuple[int, str] | None:
    """Where the "since" of this time stands and what it names between the two ("the implant on the upper left")."""
    if _SINCE_INSIDE.match(text, moment.start):
        return moment.start, ""
    match = _SINCE.search(text[low : moment.start])
    return (low + match.start(), match["words"]) if match else None


def follows_implant(text: str, moment: Moment, low: int) -> bool:
    """ "Implant on the upper left 3 days ago": nothing but the place stands between the implant and the time."""
    if (
        moment.form == "for"
        and moment.precision == "year"
        and _CROWN_FOR.search(text[max(low, moment.start - 40) : moment.start])
    ):
        return True
    if moment.form not in ("ago", "at", "bare", "for"):
        return False
    match = _IMPLANT_THEN.search(text[max(low, moment.start - 110) : moment.start])
    if match is None:
        return False
    at = max(low, moment.start - 110) + match.start()
    between = match.group()
    if moment.form == "for" and not (
        moment.hours > MONTH and re.search(r"implants?\s+(?:for\s+)?$", between, re.IGNORECASE)
    ):
        return False
    if re.search(
        r"\b(?:from|after|following)\s+(?:my|the|her|his|an?|our)\s+(?:\w+\s+){0,2}$",
        text[max(low, at - 40) : at + len(match["lead"])],
    ):
        return moment.form in ("ago", "at")
    return not _ADJUNCT.search(text[max(low, at - 40) : at + len(match["lead"])]) or bool(
        re.search(r"\bwas\b", between)
    )


def heads_implant(text: str, moment: Moment) -> bool:
    """ "Feb 26: implant lower right"."""
    return moment.form in ("ago", "at") and bool(_HEADS.match(text, moment.end))


def precedes(text: str, moment: Moment, start: int, end: int) -> bool:
    """Whether a bare "implant" or "crown" at start:end stands right before a point in time, and not as a mere place."""
    if moment.form not in ("ago", "at", "bare") or moment.start < end:
        return False
    before = text[max(0, start - 40) : start]
    if _PLACE.search(before) or _ADJUNCT.search(before):
        return False
    return bool(_BARE_GAP.fullmatch(text, end, moment.start))


def is_alone(text: str, moment: Moment, low: int, high: int) -> bool:
    """Whether the sentence says nothing but the time: "That was twelve days ago."."""
    return bool(_ONLY_FILLER.match(text[low : moment.start]) and _ONLY_FILLER.match(text[moment.end : high]))


def is_ahead(text: str, moment: Moment, low: int, high: int) -> bool:
    """Whether the sentence asks or plans instead of telling: "Can I come on Friday?"."""
    if _SURE_PAST.search(text[moment.start : moment.end]):
        return False
    before = text[max(low, clause_start(text, moment.start)) : moment.start]
    if _AHEAD.search(before) and not _HAPPENED.search(before):
        return True
    sentence = text[low:high]
    if moment.form == "at" and not _HAPPENED.search(sentence):
        return True
    return sentence.rstrip().endswith("?") and bool(
        re.match(r"\W*(?:is|are|can|do|does|should|will|would|may|could|how|when|what)\b", sentence, re.IGNORECASE)
    )


def is_coming_month(text: str, moment: Moment, low: int, high: int) -> bool:
    """Whether a month or date without a year that lies far back is meant as the coming one: "the implant in June"."""
    if _COMING_SEASON.match(text[moment.start : moment.end]):
        before = text[max(low, clause_start(text, moment.start)) : moment.start]
        if _COMES.search(before) and not _HAPPENED.search(before):
            return True
    if (
        moment.form != "at"
        or moment.precision not in ("month", "day")
        or moment.hours < 7 * MONTH
        or re.search(r"\d{4}|last", text[moment.start : moment.end])
    ):
        return False
    return bool(_PLANNED.search(text[low:high])) or is_ahead(text, moment, low, high)


def is_planned(text: str, moment: Moment, low: int) -> bool:
    """Whether the words before a day or date speak of what is still to come: "she is having it removed on Friday"."""
    words = text[moment.start : moment.end]
    if (
        moment.form != "at"
        or moment.precision not in ("day", "hour")
        or _SURE_PAST.search(words)
        or "last" in words.lower()
    ):
        return False
    if _CAN_I.match(text[low : moment.start]) and not _HAPPENED.search(text[low : moment.start]):
        return True
    before = text[max(low, clause_start(text, moment.start)) : moment.start]
    ahead = list(_FUTURE.finditer(before))
    if ahead:
        passive = re.search(r"\b(?:having|getting|be|to)$", ahead[-1].group(), re.IGNORECASE)  # "having it removed"
        if not (_FINITE if passive else _HAPPENED).search(before, ahead[-1].end()):
            return True
    return words.lower().startswith("on ") and bool(_PROGRESSIVE.search(before)) and not _HAPPENED.search(before)


def goes_on(text: str, low: int, moment: Moment) -> bool:
    """Whether the words before "for 3 days" tell of something that has not ended."""
    return bool(
        re.match(r"[\s,]+(?:now|already|straight|so\s+far)\b", text[moment.end : moment.end + 12], re.IGNORECASE)
        or _GOES_ON.search(text[low : moment.start])
        or re.search(r"\b(?:last|past)\b", text[max(0, moment.start - 12) : moment.end])
    )
