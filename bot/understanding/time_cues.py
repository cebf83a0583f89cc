"""Words that tell what a time belongs to; where two kinds overlap in a text the earlier kind takes the words."""

from __future__ import annotations

from typing import Literal

from bot.understanding.numerals import any_of
from bot.understanding.quick import Quick

Kind = Literal["plan", "other", "event", "onset", "placement", "symptom", "stated"]
"""`event`: it came out, broke; `onset`: it was noticed or began; `other`: medicine, visits; `plan`: still to come."""

_PART = any_of(
    "implants? screws? posts? fixtures? crowns? caps? abutments? teeth tooth bridges? dentures? it them one piece "
    "part stud cover"
)
_WHICH = any_of(
    "my the this that these those an? her his our their first second third single new dental upper lower front back "
    "top bottom left "
    "right mini tooth teeth "
    "both some titanium another of all final permanent temporary temp metal full set half dozen couple few "
    r"one two three four five six eight ten \d+ been just finally already"
)
_OUT = r"(?:(?:right|completely|all\s+the\s+way|straight|it|clean)\s+)?(?:out|off|loose|apart|away|undone|unscrewed)\b"
_WORDS: tuple[tuple[Kind, str], ...] = (
    (
        "plan",
        r"cancel\w*|reschedul\w+|move\s+(?:my|the|it)|postpone\w*|appointments?(?!\s+was)|appt|"
        r"tomorrow(?:'?s)?(?:\s+\w+)?|(?:i'm|i\s+am|is|are|am)\s+to\s+(?:get|have|be|see|go)|"
        r"scheduled?|supposed\s+to|upcoming|booked|follow[\s-]?up|due\s+(?:for|to|on|in)|will|"
        r"going\s+to(?!\s+(?:bed|sleep|work|the|my))|"
        r"(?:see|seeing|meet|meeting)\s+(?:with\s+)?(?:(?:my|the|an?|his|her)\s+(?:oral\s+)?\w+|him|her|dr\b)|"
        r"can(?:no|')?t\s+(?:see|get\s+in)|wait\w*|(?<!fine )(?<!ok )(?<!okay )(?<!good )(?<!great )(?:until|"
        r"till|til)|next(?!\s+to\b)|"
        r"(?:can|may|should|could)\s+(?:i|we|he|she|you)|see\s+me|you\s+open|(?:squeeze|fit|get)\s+me\s+in|fly(?:ing)?|"
        r"go(?:ing)?\s+back\s+(?:to|in|for|on)|back\s+to\s+work|(?:wedding|holiday|vacation|trip|party|interview|"
        r"exam)(?:\s+(?:is|on))?|travel\w*|"
        r"planned|due|deadline|may\s+have|plan(?:s|ned|ning)?\s+(?:to|for|on)|won't|come\s+in|be\s+(?:seen|"
        r"placed|put|done)|"
        r"(?:am|is|are|'m|i'm)\s+(?:getting|having|travel\w+|flying|leaving)",
    ),
    (
        "other",
        r"neighbou?rs?|friends?|colleagues?|co-?workers?|flatmate|room-?mate|"
        r"(?:was|been|got|am)\s+put\s+on\s+(?!(?:my|the|it)\b)(?=\w+\s)|inr|a1c|remission|born|"
        r"impression|quoted|paid|invoice|bill|dream(?:t|ed)|diagnos\w+|transplant\w*|cancer|vaccin\w+|"
        r"(?:was|were|been|went|came)\s+(?:at|to|in|into)\s+(?:your|the)\s+(?:practice|office|clinic|dentist)|"
        r"antibiotics?|amoxicillin|penicillin|clindamycin|ibuprofen|tylenol|advil|prescri\w+|medication|"
        r"steroids?|smok\w+|quit|diabet\w+|married|moved|"
        r"insurance|called|calling|phoned|rang|rung|ringing|wrote|written|emailing|posted|messaged|(?<!one "
        r")(?<!single )(?<!same )visit\w*|saw\s+(?:(?:my|the|an?|his|"
        r"her)\s+(?:oral\s+)?\w+|him|her|dr\b)|"
        r"x-?rays?|released|check-?up|cleaning|put\s+me\s+on|taking|took(?!\s+(?:place|a\s+(?!double)|an\s|(?:it|"
        r"them)\s+out))|started\s+(?:me\s+on|on(?!\s+(?:(?:the|my)\s+)?(?:\w{3,6}day|mon|tues?|"
        r"wed|thurs?|fri|sat|sun|jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec|\d|first|second|third|weekend|day|"
        r"night|evening|morning|way|same)))\b|"
        r"fosamax|prolia|warfarin|blood\s+thinners?|root\s+canal|braces|gauze|mouthwash|divorced|died|retired|"
        r"message|emailed|texted|left\s+(?:a\s+)?(?:message|voicemail)|"
        r"(?:stitches|sutures)\s+(?:were\s+|was\s+|got\s+)?(?:removed|taken|out)|re-?cement\w*|"
        r"(?:re-?)?glued(?:\s+back)?(?:\s+(?:on|in))?|"
        r"(?:removed|took\s+out|taken\s+out)\s+(?:\w+\s+){0,2}(?:stitches|sutures|packing)|chemo\w*|radiation|"
        r"heart\s+attack|stroke|told\s+me|said",
    ),
    (
        "event",
        r"(?:removed|took\s+out|taken\s+out|remove|extracted|pulled)\s+(?:\w+\s+){0,4}(?:implants?|screws?|posts?)|"
        r"(?:implants?|screws?)\s+(?:[\w'#-]+\s+){0,6}?(?:removed|(?:taken|came|fell)\s+out)|"
        r"unscrewed\s+(?:my|the|her|his)\s+implant|went\s+(?:missing|down)|elbowed|kicked|punched|slipped|crashed|"
        r"tripped|"
        r"(?:a|the|my|his|her)\s+fall(?=\s+(?:last|on|yesterday|this|today|\w+\s+ago|,))|se\s+(?:me\s+)?(?:cay[oó]|"
        r"sali[oó]|rompi[oó])|"
        r"(?:fell|fall|fallen|falling|c[ao]mes?|coming|pops?|popp(?:ed|ing)|dropp(?:ed|ing)|work(?:ed|ing)|shot|slid|"
        rf"flew|spat|spit|pulled|knocked|bit|wiggled|lifted|burst|drop)\s+{_OUT}|"
        r"(?:dropp(?:ed|ing)|fell|fallen|popped)\s+(?:in(?:to)?|onto|on)\s+(?:my|the|her|his)\b|"
        r"work(?:ed|ing)\s+(?:itself|its\s+way|their\s+way)\s+(?:free|loose|out|off)|"
        r"fall(?:s|en)?\s+down|"
        r"broken?|snapped|cracked|chipped|fractured|split|swallowed|inhaled|choked|breathed\s+(?:it|the|my)|"
        r"unscrewed|knocked|"
        r"(?:was|got|been|is|'s)\s+hit|hit\s+(?:my|in|on)|fell(?:\s+(?:on|down|over))?|accident|"
        r"lost\s+(?:\w+\s+){0,3}" + _PART + r"|been\s+(?:out|off|missing|gone)|"
        r"(?:implants?|screws?)\s+(?:was\s+|were\s+|got\s+)?(?:removed|taken\s+out)",
    ),
    (
        "onset",
        r"start(?:s|ed|ing)?|beg[au]n|noticed|woke|woken|wake|happened|found|felt|heard|realized|discovered|"
        r"came\s+back|returned|flared|developed|spotted|shifted|appeared|showed\s+up|popped\s+up|since\s+then|"
        r"ever\s+since|"
        r"turned|tightened|fail(?:s|ed|ing)?|saw\s+(?:blood|pus|some|a)|(?:got|became|went|gotten|getting|"
        r"turned)\s+(?:\w+\s+)?(?:worse|swollen|infected|numb|sore|red|loose|stuck|caught|locked)|"
        r"burst|appeared|spiked|bit\s+(?:down|into|on)|put\s+(?:\w+\s+){0,4}?(?<!\bin )back|pushed|"
        r"screwed\s+(?:\w+\s+){0,2}back|ate|eating|chewing|reaction|(?:fine|ok|okay|good|great|"
        r"no\s+(?:\w+\s+){1,3})\s*(?:until|till|til|up\s+to)",
    ),
    (
        "placement",
        r"date\s+of\s+(?:my\s+|the\s+)?(?:implants?|surgery|placement|procedure)|sedation|sedated|(?:he|she|"
        r"they|you|dentist|doctor|surgeon)\s+finished|implants?\s+(?:were\s+|was\s+)?made|"
        r"(?:was|were|got)\s+set(?!\s+(?:up|for|to))|op(?!\s+(?:day|week|instruct\w+|sheet))|both\s+(?:were\s+|"
        r"was\s+|got\s+)?(?:done|placed|put\s+in)|implants?\s+made|"
        r"(?:got|had)\s+(?:(?:two|three|four|five|six|\d|new|upper|lower|front|back|more|another|"
        r"some)\s+){1,4}(?:ones?|done|placed|put\s+in)|"
        r"(?<!ray )(?<!scan )(?<!cleaning )(?<!filling )(?<!canal )(?<!test )(?<!tests )done(?=\s+(?:on|in|at\s+the|"
        r"last|yesterday|this|today|back|\d|an?\b|one|two|three|four|five|six|seven|"
        r"eight|nine|ten|twelve|about|around|over|almost|nearly|just)\b)|"
        r"(?:was|were|been)\s+given\s+(?:\w+\s+){0,3}implants?|(?:screwed|drilled|inserted|fitted|"
        r"stuck)\s+(?:\w+\s+){0,3}(?:implants?|posts?|screws?)|"
        r"(?:left|came\s+(?:home|back)\s+from|back\s+from|came\s+out\s+of)\s+(?:your|the|my|her|his)\s+(?:chair|"
        r"office|clinic|practice|implants?|surgery)|"
        r"(?:the\s+)?first\s+(?:evening|night|days?)|pusieron|pusiste|colocaron|"
        r"implants?\s+(?:[\w'#-]+\s+){0,5}?(?:was|were|got)\s+(?:finished|done|placed|put\s+in)|"
        r"(?:they|you|he|she|dentist|surgeon)\s+did|restored\s+(?:\w+\s+){0,6}implants?|"
        r"appointment\s+was|(?:implants?|surgery)\s+(?:appointment|visit|day|jab)|"
        r"placed|placement|put(?:ting)?\s+in|put\s+(?:\d+|the|my|a|an|in|on|two|three|four|this|these|temporary|"
        r"final|new)\s+(?:\w+\s+){0,3}(?:in|on)\b|"
        r"(?:implants?|screws?|crowns?|caps?|abutments?|tooth|teeth|posts?|"
        r"bridges?)\s+(?:\w+\s+){0,3}put\s+(?:in|on)\b|put\s+on\b|"
        r"implanted|implantation|install\w+|inserted|screwed\s+in|(?:re-?)?fitted|seated|cemented|drilled|"
        r"(?:implants?|implant|oral|dental|jaw|gum)\s+(?:surgery|surgeries|procedure|operation|work)|surger(?:y|"
        r"ies)|operation|procedure|operated|"
        r"implants?\s+(?:that\s+|which\s+)?(?:you|they|he|she|i|we)\s+(?:had|got|gave|put|did|placed|fitted)(?:\s+me)?|"
        r"(?:had|got)\s+(?:my|the|her|his)\s+(?:\w+\s+){1,4}done|(?:the|my|her|his)\s+op\b|"
        r"teeth[\s-]in[\s-]a[\s-]day|(?:first|1st)\s+stage|stage\s+(?:one|1)\b|"
        r"(?:surgeon|dentist|doctor|you|they|he|she|dr\s+\w+)\s+put\s+(?:it|them|mine|one|\w+)\s+in\b(?!\s+(?:a|my|"
        r"the)\b)|"
        r"(?:implants?|posts?|screw|fixture|it|they)\s+(?:only\s+)?went\s+in(?:to)?|implants?\s+(?:i|he|she|"
        r"we)\s+(?:had|got)(?:\s+(?:done|placed|put\s+in))?|got\s+(?:it|them)(?!\s+(?:back|stuck|out|off|caught|to|"
        r"in\s+my|knocked|wet|\w+ed))|"
        r"(?:they|he|she|you|dentist|doctor|surgeon)\s+put\s+(?:\w+\s+){0,3}(?:implants?|screws?)|"
        r"(?:had|got|have)\s+(?:mine|hers|his(?!\s+[a-z]+))(?:\s+(?:done|placed|put\s+in))?|"
        r"(?:had|got)\s+his\s+(?:done|placed|put\s+in)|(?:went|came|was)\s+in\s+for\s+(?:my|the|her|"
        r"his)\s+(?:\w+\s+)?implants?|"
        r"(?:had|got)\s+(?:it|them|this|"
        r"these)\s+(?:done|placed|put\s+in|fitted)|"
        rf"(?<!to )(?<!i )(?<!can )(?:have|has)\s+(?:{_WHICH}\s+){{0,5}}implants?|"
        rf"(?<!can )(?<!to )(?<!could )i\s+have\s+(?:{_WHICH}\s+){{0,5}}implants?|"
        rf"(?:got|had|having|'ve|received|gotten)\s+(?:{_WHICH}\s+){{0,5}}"
        r"(?:implants?|all[\s-]on[\s-](?:4|four|six|6|x))(?:\s+(?:done|placed|put\s+in|in))?|"
        rf"(?:got|had|have|having|has|'ve|getting)\s+(?:{_WHICH}\s+){{0,5}}"
        r"(?:crowns?|abutments?|healing\s+caps?|bridges?|dentures?|bone\s+graft\w*|sinus\s+lift)"
        r"(?:\s+(?:done|placed|put\s+(?:in|on)|on|in))?|uncover(?:ed|ing)|(?:second|2nd)[\s-]stage|stage\s+(?:2|two)|"
        r"implants?\s+(?:were\s+|was\s+|got\s+)?(?:done|in|went\s+in)|post-?op\w*|healing|"
        r"(?:bone\s+)?graft(?:s|ed|ing)?|sinus\s+lift|extract\w+|pulled(?!\s+(?:on|at))|"
        r"(?:tooth|teeth|molars?)\s+(?:\w+\s+){0,2}(?:removed|out|taken\s+out)|removed\s+(?:\w+\s+){0,3}(?:tooth|"
        r"teeth|molar)|"
        r"implants?\s+(?:(?:is|was|are|were)\s+)?from|(?:was|were|been|it|them)\s+done|implants?|crowns?",
    ),
    (
        "symptom",
        r"without|blisters?|boils?|pimples?|turn(?:s|ing)|spin(?:s|ning)|rock(?:s|ing)|click(?:s|ing)|shift(?:s|ing)|"
        r"moves|"
        r"crunch\w*|chills?|"
        r"hole|gap|worse|wors[et]|bigger|asleep|frozen|woolly|shock|lightning|pressure|spots?|welts?|shak\w+|"
        r"shiver\w*|crack|"
        r"dolor|hincha\w+|sangr\w+|fiebre|"
        r"pain\w*|hurt\w*|ach(?:e[sd]?|ing|y)|sore\w*|throb\w*|tender\w*|toothache|swell\w*|swollen|bleed\w*|"
        r"bled|blood\w*|numb(?:ness|ing|ed)?|tingl\w*|fever\w*|"
        r"temp(?:erature)?(?!\s+(?:crown|tooth|teeth|bridge|filling|cap|denture|implant))|chills|loose\w*|"
        r"wobbl\w*|wiggl\w*|moving|pus|taste|smell\w*|bruis\w*|burn\w*|itch\w*|"
        r"rash\w*|hives|infect\w*|red|redness|stiff\w*|"
        r"locked|drain\w*|ooz\w+|diarrhea|vomit\w*|throwing\s+up|dizz\w+|cough\w*|wheez\w*|uncomfortable|"
        r"discomfort|bother\w*|missing|gone|sensitiv\w*|irritat\w*|"
        r"discharge|bump|lump|trouble|problems?|sick|breathing|open\s+my\s+mouth|swallow(?:ing)?|"
        r"drooling|like\s+this|symptoms?|puffy|"
        r"can't\s+(?:eat|sleep|open|feel|chew|swallow)|feel(?:s|ing)?|abscess|boil|ulcer|lisp|headaches?|"
        r"nausea\w*|gum\s+(?:is|was)",
    ),
)
CUES = tuple((kind, Quick(rf"(?<![\w-])(?:{words})(?!\w)")) for kind, words in _WORDS)
