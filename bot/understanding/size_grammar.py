"""Regular expressions for sizes, and for the words that say the number is not the size of a part that came out."""

from __future__ import annotations

import re

from bot.understanding.numerals import NUMBER, RANGE
from bot.understanding.quick import Quick

UNIT = (
    r"(?:mms?\b(?!\s*hg)|m\.\s?m\b\.?|mil{1,2}[ie]?\s?m(?:et(?:er|re)|iter)s?\b|mill?s?\b|cms?\b|c\.\s?m\b\.?"
    r"|cent[ia]m(?:eter|etre|iter)s?\b|inch(?:es)?\b"
    r'|(?<=[\d½¼¾⅛⅜⅝⅞])\s?"|(?<=\d)\s+in\b(?=\s+(?:long|wide|thick|tall|across|in\s+(?:length|width|diameter))\b|\s*[.,;)!?]|\s*$))'
)
GLUE = r"(?:\s*-?\s*|\s+(?:of\s+)?an?\s+)"
BOUND = re.compile(
    r"(?:(?P<max>(?:less|smaller|shorter|thinner|no\s+(?:more|bigger|larger|longer)|not\s+(?:more|even|quite|"
    r"bigger|larger|longer))"
    r"(?:\s+than)?|under|up\s+to|at\s+most|barely)|(?P<min>(?:more|bigger|larger|longer|greater|taller)\s+than|"
    r"over|at\s+least))"
    r"(?:\s+(?:an?|the|size|of|about|maybe))*\s*$",
    re.IGNORECASE,
)
LENGTH = Quick(
    rf"(?P<between>(?<=\bbetween\s))?(?P<n>{RANGE})(?P<u>(?P<g>{GLUE}){UNIT})(?P<half>\s+and\s+a\s+half\b)?"
    rf"(?P<more>\s*(?:-|–|\bto\b|\bor\b|(?(between)\band\b|(?!)))\s*(?:two\b(?!\s+\w*m)|(?P<n2>{NUMBER}){GLUE}{UNIT}))?"
)
CROSS = Quick(
    rf"(?P<a>{NUMBER})(?:\s?{UNIT})?\s*(?:[x×*]|\bby\b)\s*(?P<b>\d{{1,2}}(?:\.\d{{1,2}})?)(?!\d|\s*(?:mg|mcg|ml|"
    r"g|days?|times|hours?|"
    rf"hrs?|weeks?|a|per|%|/)\b)(?P<u>\s?{UNIT})?"
)
PART = re.compile(
    r"\b(?:implants?|screws?|abutments?|caps?|posts?|pieces?|parts?|size|measur\w+|metal|thing|mm|long)\b",
    re.IGNORECASE,
)
WIDTH = re.compile(
    r"\s*(?:or\s+so\s+)?(?:in\s+)?(?:wide|width|thick(?:ness)?|across|(?:in\s+)?diameter)\b", re.IGNORECASE
)
WIDTH_BEFORE = re.compile(
    r"\b(?:width|diameter|thickness|across|wide|thick)(?:\s+(?:is|was|of|about|around|at|the|it|it's|roughly|"
    r"maybe|only|just))*\s*$",
    re.IGNORECASE,
)
ROUND = re.compile(r"across|diameter", re.IGNORECASE)
ELSE = (
    r"(?:gaps?|pockets?|pocketing|holes?|sockets?|swell\w*|swollen|lumps?|bumps?|opening|opens?|opened|"
    r"bone(?:\s+(?:loss|level|width|"
    r"height))?|gums?|recession|reced\w+|incisions?|cuts?|tongue|spaces?|depths?|prob(?:e[sd]?|ing)|cysts?|abscess\w*|"
    r"bruis\w*|clots?|blisters?|"
    r"sores?|mouth|jaw|torque|drill\w*|distance|sinus|nerve|tissue|crack|ridge|lesion|spot|graft|needle|ulcer|"
    r"boil|pimple|defect|"
    r"dehiscence|patch(?:es)?|areas?|overbite|overjet|gauze|hair|scar|tear|brush(?:es)?|interdental|floss)"
)
ELSE_AFTER = re.compile(
    r"\s*(?:-|,)?\s*(?:(?:big|deep|wide|long|large|small|tiny|hard|round|red|white|little|size[d]?|bony|"
    r"periodontal|gum)\s+)*"
    rf"(?:{ELSE}\b|of\s+(?!(?:the\s+|my\s+|a\s+)?(?:screw|metal|thread|that\b|post|implant|rod|pin|stud|shaft|"
    rf"stem|wire|this\b))|deep\b|too\s(?!(?:small|short|tiny|thin|big|long|large)\s+(?:to\s+be|for)\b)|"
    r"\)?\s*(?:in\s+)?between\s+(?:my|the)|deeper\b|"
    r"apart\b|away\b|"
    r"(?<!, )from\b(?!\s+(?:end|top|tip|one|side)\b)|short\b|higher\b|"
    rf"lower\b|below\b|above\b|gauze|film|camera)",
    re.IGNORECASE,
)
LINK = (
    r"(?:is|was|were|are|of|about|around|roughly|maybe|like|at|by|to|measures?|measured|measuring|only|just|now|"
    r"approximately|nearly|"
    r"almost|a|an|it's|it|has|been|have|my|in|there|here|left|on|the|size|big|as|that|than|or|between|width|showing|"
    r"height|i|can|more|less|and|gums?|implants?|crown|tooth|teeth|most|its|"
    r"went|from|to|grew|increased|bigger|larger|smaller|no|up|least|wide|under|side|cheek|face|gum|got|looks|half)"
)
_ELSE_LINKED = rf"\b{ELSE}(?:,?\s+{LINK}\b){{0,8}}\s*(?:-\s*)?$"
ELSE_LINKED = Quick(_ELSE_LINKED)
"""Quickly whether ELSE_BEFORE can match at all."""
ELSE_BEFORE = re.compile(rf"(?P<lead>[^.;!?\n]{{0,40}}){_ELSE_LINKED}", re.IGNORECASE)
OPENING = re.compile(
    r"\b(?:can(?:no|')?t|can\s+(?:only|barely)|only|barely|able\s+to)\s+open[^.;!?]{0,45}$", re.IGNORECASE
)
CAME_OUT_OF = re.compile(r"\b(?:out|off|from|lost)(?:\s+(?:of|from|my|the|her|his|in))*\s+(?:\w+\s+)?$", re.IGNORECASE)
SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n")
PRINTED = re.compile(
    r"\baccording\s+to|\b(?:as\s+)?per\s+(?:the|my|your|their)\s+(?:invoice|bill|chart|records?|report|paper\w*|card|pass\w*)|"
    r"\b(?:chart|pass|passport|card|paper\w*|report|plan|records?|sheet|letter|notes?|box|website|"
    r"brochure|"
    r"catalog\w*|invoice)\s+(?:says?|said|reads?|shows?|lists?|states?|it)\b|\bn\s?cm\b|\btorqued?\b|\bplanned\b|"
    r"\b(?:usually|normally|typically|average|standard)\b|^\W*(?:and\s+)?(?:how\s+(?:big|long|large|wide|tall)|"
    r"what\s+size|which\s+size)\b"
    r"|\bwall\s+plugs?\b",
    re.IGNORECASE,
)
"""In the sentence: the number was planned, printed or asked for."""
SEEN = re.compile(r"\b(?:shows?|showing|visible|exposed|poking|stick(?:s|ing)?\s+out|protrud\w+)\b", re.IGNORECASE)
"""In the clause: the number tells how much of a part can be seen."""
PLANNED = re.compile(
    r"\b(?:propos\w+|plan(?:s|ning)|wants?|stud(?:y|ies)|(?:he|she|they|you)\s+(?:wrote|placed|put\s+in)|recommend\w*|suggest\w*|swap\w*|exchang\w+|instead|(?:do|can|could|will|would|did)\s+you"
    r"\s+(?:do|use|have|offer|take|make|put|order)|(?:will|going\s+to|wants?\s+to|would|gonna)\s+(?:use|put|place|need|get))\b",
    re.IGNORECASE,
)
"""In the clause: the number is that of a part still to be chosen."""
MEASURED = re.compile(
    r"\b(?:measur\w+|came\s+out|c[ao]me\s+off|fell\s+out|fell\s+off|dropped\s+out|popped\s+out|in\s+my\s+hand|my\s+ruler)\b",
    re.IGNORECASE,
)
"""In the clause: the number is that of the part in the hand, whatever the papers say."""
CLAUSE = re.compile(r"[,;:()]|\s-\s|\b(?:and|but|so|because|which|while)\b", re.IGNORECASE)
MOVES = re.compile(
    r"\b(?:shr(?:unk|ank|inks?|inking)|reced\w+|twist|mov(?:e[sd]?|ing)|wiggl\w+|turn(?:s|ed)?|pops?\s+up|r[io]ses?|sank|sinks|shift(?:s|ed)?|pushed|"
    r"rock(?:s|ed)?|lifts?|"
    r"lifted|slid|slides?|tilt\w*|rotat\w+|backed\s+out|sits?|sticks?|give|play)\b(?:\s+(?:it|back|in|up|out|down|by|"
    r"about|around|a|"
    r"maybe|perhaps|at|least|off|to|the|side|like|only|roughly|over|probably|almost|sideways|forward|inwards?)){0,6}\s*$",
    re.IGNORECASE,
)
MOVED_AFTER = re.compile(
    r"\s*(?:left\s+and\s+right|right\s+and\s+left|up\s+and\s+down|back\s+and\s+forth|sideways|to\s+(?:the|each|"
    r"one)\s+side|each\s+way|"
    r"either\s+way|of\s+(?:movement|play|wiggle|give)|during|every|further|more\s+than)\b",
    re.IGNORECASE,
)
IN_ALL = re.compile(
    r"\s*(?:or\s+so\s+)?(?:in\s+all|in\s+total|total|altogether|all\s+together|overall|all\s+in\s+all)\b", re.IGNORECASE
)
RULER = Quick(
    r"\b(?:(?:ruler|calipers?|tape(?:\s+measure)?)\s+(?:says?|shows?|reads?|said)|measured\s+(?:it|them|"
    r"the\s+\w+)(?:\s+(?:and|at|as|it's|it|is|they're))*)\s*[:,]?\s*"
    r"(?:about\s+|around\s+|roughly\s+|it's\s+)?(?P<a>\d{1,2}(?:\.\d)?)(?![\w.%/])(?!\s*(?:times|degrees|of|out|pain|"
    r"f\b|c\b))"
    r"|(?<![\w.])(?P<b>\d{1,2}(?:\.\d)?)\s+on\s+(?:the|my|a)\s+ruler\b"
)
COULD_MEASURE = re.compile(
    r'[\d½¼¾⅛⅜⅝⅞]\s?["mMcCxX×]|m\.?\s?m\b|mil|inch|cent|\bcms?\b|\d\s+in\b|\bby\s+\d', re.IGNORECASE
)
