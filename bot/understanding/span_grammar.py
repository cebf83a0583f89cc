"""Regular expressions for spans of time and for the words on either side of them."""

from __future__ import annotations

import re

from bot.understanding.numerals import NUMBER, RANGE, any_of
from bot.understanding.quick import Quick

UNIT = (
    r"(?:minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|decades?|months?|mos?|mths?|years?|yrs?|"
    r"(?<=\d)(?:h|d|w|y)|(?<=\d\s)(?:h|d|w)(?=\s+(?:ago|post|back)\b))\b\.?(?=\W|$)"
)
GLUE = r"(?:\s*-?\s*|\s+(?:of\s+)?an?\s+|\s+(?:full|whole|solid|good|long|more|entire|short)\s+)"
SPAN = Quick(
    rf"(?P<n>{RANGE}){GLUE}(?P<u>{UNIT})(?P<half>\s+and\s+(?:an?\s+)?half\b)?"
    rf"(?:,?\s+(?:and\s+)?(?P<n2>{NUMBER})\s*-?\s*(?P<u2>{UNIT}))?"
    rf"(?:,?\s+(?:or|maybe|perhaps|possibly|or\s+maybe|to)\s+(?P<n3>{NUMBER})\s*-?\s*(?P<u3>{UNIT}))?"
    r"(?P<two>\s+or\s+(?:two|three)\b)?(?:\s+or\s+so\b|\s+plus\b|\s+roughly\b|\s+approx\w*\b)?"
)
HEDGE = (
    r"(?:"
    + any_of(
        "about around roughly approximately approx nearly almost like maybe perhaps probably possibly at_least over "
        "more_than less_than just only under well close_to a_good the_best_part_of the_better_part_of best_part_of "
        "the some already now exactly say circa barely not_even not_yet"
    )
    + r"\s+){0,3}"
)
SURGERY_NOUN = any_of(
    "implants? implantation surger(?:y|ies) placement procedure operation op extractions? graft(?:s|ing)? sinus_lift "
    "sinus_augmentation healing recovery lift lifts all-on-4 all_on_4 all_on_four"
)
SURGERY = (
    r"(?:(?:they|he|she|you|we|i|it|(?:the|my)\s+(?:dentist|surgeon|implants?|screws?))\s+(?:(?:was|were|got|had|"
    r"have|been)\s+)*(?:placed|put\s+(?:\w+\s+){0,3}in\b|done|fitted|inserted|implanted|placing|"
    r"(?:\w+\s+){0,4}(?:implants?|surgery))|(?:i|we|she|he)\s+(?:left|came|got)\s+(?:out\s+of\s+|back\s+from\s+|"
    r"from\s+)?(?:your|the)\s+(?:chair|office|clinic|practice|surgery)|placing|getting\s+(?:\w+\s+){0,4}implants?|"
    rf"(?:(?!on\b|in\b|and\b|with\b|with\b)[\w'#-]+\s+){{0,6}}?{SURGERY_NOUN}\b(?!\s+(?:\w+\s+)?(?:c[ao]me|fell|"
    rf"fail\w*|broke|"
    r"popped|loosened|screw|crown|cap|was\s+(?:removed|taken))))"
)
PART = any_of(
    "implants? crowns? bridges? dentures? screws? abutments? caps? posts? tooth teeth all-on-4 fillings? veneers?"
)
SYMPTOM = (
    r"(?:pain\w*|swell\w*|swollen|bleed\w*|numb(?:ness)?|sore\w*|ach\w+|throb\w*|fever\w*|hurt\w*|tingl\w*|agony|"
    r"discomfort|infection|pus|loose|oozing|bruis\w*|itch\w*|suffering|this)"
)
HAD_AFTER = re.compile(
    r"\s+with\s+(?:this|the|my|an?|these)\s+(?:\w+\s+)?implants?\b|"
    r"\s+(?:that\s+)?(?:(?:i|we|she|he)(?:'ve)?\s+(?:had|have\s+had|has\s+had)\s+(?:it|them|this|that|my|the|mine)\b|"
    r"(?:without|with\s+no|no|with\s+zero)\s+(?:(?:a|any|single)\s+){0,2}(?:problems?|trouble|issues?|bother|"
    r"complaints?)\b)",
    re.IGNORECASE,
)
IT_IS = re.compile(rf"\b(?:it's|its|it\s+is)\s+{HEDGE}$", re.IGNORECASE)
AND_NOW = re.compile(r"\s*,?\s*(?:and|now|but|today|since)\b", re.IGNORECASE)
"""Around "it is 10 weeks and it started to move"."""
GONE_BY = re.compile(
    r"\s+on(?=\s*(?:,|and\b|my\b|it\b|still\b|i\b|the\b|there\b|but\b|$))|"
    r"\s+(?:have|has|had)\s+(?:now\s+)?(?:gone\s+by|passed|gone)\b|\s+and\s+(?:the|it|it's|still|i|i'm|my|no|there|"
    r"there's)\b",
    re.IGNORECASE,
)
HOW_LONG = re.compile(r"\bhow\s+(?:long|many|soon|fast|much|quickly)\b|\b(?:takes?|needs?)\b", re.IGNORECASE)
AGO = re.compile(
    r"[\s,]+(?:ago|agao|aog|back(?!\s+(?:to|in|at|on|pain|up|home|then|when)\b)|before\s+you\s+make)\b", re.IGNORECASE
)
BEFORE_FOR_AGO = re.compile(
    r"\b(?:placed|done|made|surgery|implants?|out|off|started|fixed|fitted|happened|put)\s+before\s+$", re.IGNORECASE
)
"""As said in Indian English: "it was done before 5 days"."""
BEFORE_ALONE = re.compile(r"\s+before(?=\s*[.,;!?)]|\s*$)", re.IGNORECASE)
PLACED_JUST_BEFORE = re.compile(
    rf"\b(?:placed|done|made|put\s+in|surgery|implants?|fitted|inserted|operation)\s+{HEDGE}$", re.IGNORECASE
)
"""Around "one week before": it means ago."""
OLD = re.compile(r"[\s-]*olds?\b", re.IGNORECASE)
POST = re.compile(
    r"[\s-]*(?:post(?:[\s-]*(?:op\w*|surg\w*|implant\w*|placement|procedure|extraction|graft|insertion))?\b"
    r"(?!\s+(?:fell|came|is|was|broke))|p/o\b|out\s+of\s+(?:surgery|theatre|the\s+op\w*)|out\b(?!\s+of)|mark\b|"
    r"in\s+(?:place|situ|there)\b|in\s+(?:the|my|her|his)\s+(?:bone|jaw|mouth)\b|in(?:to\s+(?:it|this|"
    r"the\s+process))?(?=\s*(?:[.,;:!?)]|$|and\b|but\b|now\b))"
    rf"|(?:after|since|following|past|from|out\s+from|into|on\s+from|in\s+after)\s+{SURGERY})",
    re.IGNORECASE,
)
WAITS_BEFORE = re.compile(
    rf"\b(?:wait(?:ed|ing)?|takes?|took|needs?|next|another|until|till)\s+(?:for\s+)?{HEDGE}$", re.IGNORECASE
)
AFTER_ALONE = re.compile(r"[\s-]*after(?=\s*(?:[.,;:!?)]|$))", re.IGNORECASE)
_FAILED = (
    r"(?:fail(?:s|ed)?|c[ao]me\s+(?:out|off|loose)|fell\s+(?:out|off)|fallen\s+(?:out|off)|broken?|cracked|popped|"
    r"snapped|"
    r"loosened|(?:did\s+not|didn't)\s+(?:take|integrate|fuse|heal)|(?:was|were|be|got)\s+(?:removed|taken\s+out))"
)
FAILED_AFTER = re.compile(
    rf"(?P<from>\b(?:(?:implants?|it|mine|one|they|crown|bridge|screw|abutment|"
    rf"bone)\b\W*(?:\w+\s+){{0,3}}?{_FAILED}\W*\s+"
    rf"(?:\w+\s+)?after|(?:implants?|it|mine|one|they|crown|bridge)\s+(?:(?:only|has|have|had|"
    rf"just)\s+)*lasted)\s+{HEDGE})$",
    re.IGNORECASE,
)
"""Before a span: a part failed or was lost after it, so the part was in place that long."""
LOST_AFTER = re.compile(
    r"\s+(?:of\s+(?:no|zero|perfect|good|trouble|use|having\s+no)\b[^,.;!?]{0,25})?,?\s*"
    r"(?:it|mine|they|(?:my|the|this|that|her|his|one\s+of\s+my)\s+(?:\w+\s+){0,3}?(?:implants?|screws?|posts?|crowns?|"
    r"bridges?|dentures?|abutments?|tooth|teeth|caps?))\s+(?:(?:has|have|had|just|now|suddenly|finally|is|are|got|"
    r"also)\s+)*"
    rf"(?:{_FAILED}|loose|out|failing|moving|wobbl\w+|started|beg[au]n|become|became|moves|hurts|sore)\b",
    re.IGNORECASE,
)
COUNTED_FROM = re.compile(r"[\s-]*(?:after|following|post)\b", re.IGNORECASE)
SINCE_EVENT = re.compile(r"\s+since\b", re.IGNORECASE)
LATER = re.compile(
    r"\s+(?:later|afterwards?|after\s+that)\b(?!\s*,?\s*(?:they|he|she|we)\s+(?:said|told|took|put|"
    r"did|placed|removed|found|gave))(?P<rest>[^.!?\n]{0,60})",
    re.IGNORECASE,
)
STILL = re.compile(
    r"^[\s,:]*(?:\w+\s+){0,4}?(?:there's|there\s+is|it's|its|is|isn't|are|has|hasn't|have|haven't|still|now|'s|"
    r"\w+'s|feels?|hurts|can't|don't|doesn't)\b",
    re.IGNORECASE,
)
NOT_BEFORE = re.compile(
    r"[\s-]*(?:" + any_of(
        "later before earlier prior until till from_now away notice of_age to_heal to_wait to_go to_come to_get to_see "
        "follow check warranty supply apart each per between left_until off every"
    )
    + r"\b|flight|ride|drive|trip|hike|course|walk)",
    re.IGNORECASE,
)  # fmt: skip
STANDS = re.compile(
    r"[\s,]+(?:now|straight|running|without|in\s+a\s+row|and\s+counting|non-?stop|already|so\s+far|on\s+and\s+off)\b"
    rf"|\s+of\s+(?:\w+\s+){{0,2}}{SYMPTOM}\b",
    re.IGNORECASE,
)
LASTS_BEFORE = re.compile(
    rf"\b(?P<for>for|since|from|going\s+on|goes\s+on|lasting|ha(?:s|ve)\s+lasted|x)\s+{HEDGE}(?:the\s+)?(?:past\s+|"
    rf"last\s+)?$"
    rf"|\b(?:(?:for|over|in|during|within|since|from)\s+(?:the\s+|these\s+|this\s+)?|the\s+|these\s+|this\s+|^|[\s,;.])"
    rf"{HEDGE}(?:last|past|previous)\s+{HEDGE}$",
    re.IGNORECASE,
)
SYMPTOM_BEFORE = re.compile(rf"\b{SYMPTOM}\s+(?:is\s+|x\s+)?{HEDGE}$", re.IGNORECASE)
IN_ALLOWED = re.compile(
    rf"\b(?:stop(?:s|ped|ping)?|slowed(?:\s+down)?|slept|eaten|improved|changed|better|budged|(?:hasn't|haven't|not|"
    rf"didn't|isn't)\s+"
    rf"(?:gone|come|worn|going|coming|wearing|moved|returned|let|healed|healing|closed|closing|cleared|"
    rf"settled)(?:\s+(?:away|back|off|down|up|over))?)\s+in\s+{HEDGE}$",
    re.IGNORECASE,
)
BLOCKED_BEFORE = re.compile(
    r"\b(?:in|within|every|another|next|wait(?:ed|ing)?|after|until|till|by|takes?|took|per|once|twice|times|needs?|"
    r"(?:get\s+in|see\s+me|(?:be|been)\s+seen|fit\s+me\s+in|come\s+in|appointment)\s+for|"
    r"lasts|(?<!has )(?<!have )lasted|heals?|first|other|than|between|least\s+every|"
    r"for\s+(?:the\s+)?(?:at\s+least\s+)?(?:next|another)|"
    rf"stay|(?:days?|time|work|weeks?|take\s+\w+|sport)\s+off\s+for|away\s+for|holiday\s+for|for\s+up\s+to|give\s+it|"
    rf"said|says|book(?:ed)?\s+for)\s+{HEDGE}(?:(?:next|another)\s+)?$",
    re.IGNORECASE,
)
ELAPSED = re.compile(
    rf"\b(?:it's|its|it\s+has|has|have|that's|now|it\s+is|i'm|i\s+am)\s+(?:only|just|already|now)?\s*been\s+{HEDGE}$|"
    rf"(?:^|[,.;!?(]\s*)been\s+{HEDGE}$"
    rf"|\b(?:it's|its|that's|it\s+is)\s+now\s+{HEDGE}$",
    re.IGNORECASE,
)
HAD = re.compile(
    r"\b(?:had|have|'ve\s+had|has|worn|wearing)\s+(?:it|them|this|these|mine|"
    rf"(?:(?:my|the|an?|these|this|her|his)\s+)?(?:\w+\s+)?(?:implants?|bridge|crown))\s+(?:in\s+)?(?:for\s+)?{HEDGE}$",
    re.IGNORECASE,
)
NOT_BEEN_IN = re.compile(
    rf"\b(?:haven'?t|hasn'?t|not|never)\s+been\s+(?:(?:in|to|back|seen|there|near)\s+)+{HEDGE}$", re.IGNORECASE
)
"""Before "3 years" without a visit: no time of a surgery."""
PART_OF = re.compile(
    rf"\b(?:implants?|crown|bridge)\s+(?:is|are)\s+(?:now\s+)?going\s+on\s+{HEDGE}$|\b(?:implants?|crown|"
    rf"bridge)\s+of\s+{HEDGE}$",
    re.IGNORECASE,
)
IN_FOR = re.compile(
    rf"\b(?:(?<!get\s)(?<!come\s)(?<!me\s)in|placed|been\s+on|on\s+there|been\s+there|in\s+(?:my|her|his|"
    rf"the)\s+(?:jaw|mouth|bone))(?:\s+there|"
    rf"\s+place)?\s+(?:for\s+)?{HEDGE}$",
    re.IGNORECASE,
)
OVER = re.compile(
    r"\b(?:was|were|did|didn't|couldn't|wasn't|weren't|had|bled|bit|ended|went|took|lasted|kept|wore|held|slept|sat|"
    r"ran|"
    r"hurt\s+(?:like|me|him|her)|(?!need|red\b|noticed|swollen)[a-z]{3,}ed)\b(?!\s+been)",
    re.IGNORECASE,
)
AHEAD = re.compile(
    r"\b(?:go|leave|stay|wait|avoid|rinse|take|should|will|must|can|could|may|keep|use|eat|apply|holiday|vacation)\b",
    re.IGNORECASE,
)
GOES_ON = re.compile(
    r"(?:'ve|'s|'m|'re)\b|\b(?:ive|have|has|is|are|am|been|its|still|now|hasn't|haven't|isn't|feels?|keeps?|\w+ing|"
    r"since|"
    r"got\s+(?:\w+\s+)?(?:pain|swelling))\b",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[,;:()!?\n]|\.(?=\s|$)|\b(?:and|but|so|because|when|while|then|which|who)\b", re.IGNORECASE)
SEGMENT_START = re.compile(
    rf"(?:^|[,;:(.!?\n]|\s-)\s*(?:(?:and|so|that's|it's|its|maybe|perhaps)\s+)?{HEDGE}$", re.IGNORECASE
)
IMPLANT_JUST_BEFORE = re.compile(rf"\b(?:implants?|surgery|op)\s+(?:was\s+|were\s+)?{HEDGE}$", re.IGNORECASE)
SEGMENT_END = re.compile(
    r"\s*(?:now|already|so\s+far|tops|max|i\s+(?:think|guess))?\s*(?:[,;:).!?\n]|$|\s-\s)", re.IGNORECASE
)
ASKED = re.compile(
    r"\b(?:fly\w*|travel\w*|can\s+i|may\s+i|should\s+i|will|ok\s+to|okay\s+to|safe\s+to|allowed|how\s+\w+|planned|"
    r"scheduled|due|is\s+set)\b",
    re.IGNORECASE,
)
PAST_UNIT = Quick(
    rf"\b(?:(?:for|over|in|during|within|since|from)\s+(?:the\s+|these\s+|this\s+)?|the\s+|these\s+|"
    rf"this\s+){HEDGE}(?:last|past)\s+"
    rf"(?P<u>(?:hour|day|week|wk|month|year|yr|fortnight)\b)(?:\s+or\s+so\b)?"
)
UNIT_AFTER = Quick(r"\b(?:day|morning|night|week)\s+after\b")
"""Quickly whether DAY_AFTER can match at all."""
DAY_AFTER = re.compile(
    r"(?P<lead>^|(?<=[.!?\n] )|\b(?:it's|its|today\s+is|now|this\s+is)\s+)?\b(?:only\s+)?(?:the\s+)?"
    rf"(?P<u>day|morning|night|week)\s+after\s+{SURGERY}",
    re.IGNORECASE,
)
A_PART = re.compile(rf"\b(?:{PART}|it|they|these|this|mine|ours|both|ones?)(?:\s+(?:is|are|was|were|only|about|now|"
                     rf"already|over|almost|just|like|roughly|maybe)|'s|'re)+\s+(?:an?\s+)?{HEDGE}$|"
                     rf"\b(?:implants?|crown|bridge)\s+(?:(?:#?\d+|upper|lower|left|right|front|back|is|was)\s+){{0,3}}"
                     rf"{HEDGE}$", re.IGNORECASE)  # fmt: skip
OF_PART = re.compile(
    r"[\s,-]*(?:(?:the|my|dental|titanium|upper|lower|front|back|single|metal|top|bottom|molar|left|right)\s+){0,3}"
    rf"(?P<part>{PART})\b",
    re.IGNORECASE,
)
PERSON_AFTER = re.compile(
    r"[\s,]*(?:girl|boy|son|daughter|man|woman|kid|baby|child|male|female|lady|puppy|grand\w+)\b", re.IGNORECASE
)
IMPLANT_BEFORE = re.compile(r"\b(?:implants?|crown|bridge|screw)\b", re.IGNORECASE)
PERSON = re.compile(
    r"\b(?:i'm|i\s+am|im|my\s+(?:mom|mum|dad|son|daughter|wife|husband|kid|child)|he|she|baby)\b[^.!?\n]*$",
    re.IGNORECASE,
)
OLDEST_UNNAMED_PART = 15  # years: "4 yrs old" of nobody is the implant's, "54 years old" the writer's
DAY_NUMBER = Quick(
    rf"\b(?:(?P<pod>post[\s-]?op(?:erative)?\s+day|p\.?o\.?d\.?|(?P<what>days?|nights?|weeks?|wks?))\s+(?:#\s?|"
    rf"number\s+)?(?!an?\b|half\b)(?P<n>{NUMBER})"
    r"|(?P<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|[1-9]\d?(?:st|nd|rd|"
    r"th))\s+(?P<what2>day|evening|night|morning)"
    r"(?=\s+(?:after|post|since|following)\b|\s*(?:[.,;:!?)]|$)|\s+(?:now|and|of|but)\b))"
    r"(?P<link>\s*(?:after|post|since|following|of|from)\b[\s-]*)?"
)
NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
DAY_PAST = re.compile(
    r"\b(?:by|since|from|until|till|as\s+on|than\s+on|like\s+on|than|before|after|up\s+to|starting|every|each|a|per|"
    r"(?:was|were|had|bled|felt|hurt|got|put|\w+ed)\b[^.,;!?]{0,25}\bon|smok\w+\s*\(|on\s+(?:a\s+)?)\s*$",
    re.IGNORECASE,
)
DAY_NOW = re.compile(
    r"(?:^|[.,;:!?(\n]|\b(?:now|today's|todays|it's|its|it\s+is|i'm|i\s+am|am|at|on|only|this\s+is|here|is|today|"
    r"already|currently|swelling|and|"
    r"update)\b[\s:]*)\s*(?:on\s+|at\s+|now\s+|only\s+|just\s+|my\s+)*"
    r"(?:(?:morning|afternoon|evening|night)\s+of\s+(?:the\s+)?)?$",
    re.IGNORECASE,
)
DAY_STATE = re.compile(
    rf"\b(?:gone|better|worse|bigger|down|less|still|{SYMPTOM})\s*$",
    re.IGNORECASE,
)
"""Before "day 6" in a sentence without a past verb: so it is on that day."""
DRUG_NEXT = re.compile(
    r"(?:(?:the|my|this|taking|on)\s+)*(?:\w+cillin|clindamycin|antibiotics?|amox\w*|pills?|tablets?|meds|medicine|"
    r"medication|steroids?|prednisone|course|rinse)\b",
    re.IGNORECASE,
)
SURGERY_NEXT = re.compile(rf"(?:{SURGERY}|op\b)", re.IGNORECASE)
SICK_NEXT = re.compile(r"(?:\w+\s+){0,2}" + SYMPTOM, re.IGNORECASE)
