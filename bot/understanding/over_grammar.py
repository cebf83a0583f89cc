"""The words by which a symptom is told as over: how long ago, its end, and what takes an end back."""

from __future__ import annotations

import re

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
RECENT_MONTHS = 2  # this month and the one before may still be going on
LASTING = frozenset(
    {
        "numbness",
        "tingling",
        "exposed_bone",
        "loose",
        "implant_moves",
        "part_missing",
        "swallowed_part",
        "inhaled_part",
        "broken",
        "part_out",
        "self_harm",
        "distress_idiom",
        "overdose",
    }
)
"""What once began and goes on until its end is told: an old date alone does not end it."""
LOOSE = frozenset({"loose", "implant_moves"})
TIMELESS = frozenset(
    {
        "condition",
        "allergy",
        "medication",
        "age",
        "part",
        "surgery",
        "stage",
        "smoker",
        "pregnant",
        "subject",
        "part_size_mm",
        "time_since_placement_weeks",
        "time_since_event_days",
        "tooth_location",
    }
)

GRAVE = frozenset(
    {
        "seizure",
        "unconscious",
        "face_droop",
        "arm_weakness",
        "slurred_speech",
        "chest_pain",
        "arm_pain",
        "vision_change",
        "confusion",
        "overdose",
        "self_harm",
        "inhaled_part",
        "swallowed_part",
        "no_urine",
        "mottled_skin",
    }
)
"""What a person must hear of although it passed: only a date long ago ends it."""
OTHER_NAMES = {
    "bleeding": ("blood", "ooz"),
    "swelling": ("chee", "face", "lump", "lip", "puff"),
    "pain": ("ache", "thro", "sore", "hurt"),
    "fever": ("temp", "chil"),
    "pus": ("disc", "infe", "drai"),
    "numbness": ("feel", "lip", "chin", "anae", "anes", "shot"),
}
"""Words that name it as the one that ended: "the blood stopped" ends no seizure."""

NUMBER = (
    r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|many|a few|few|some|a "
    r"couple of|couple of)"
)
LONG_AGO = re.compile(
    rf"\b{NUMBER} (?:\w+ )?(?:years?|yrs?|months?|mos|summers?|winters?|springs?|christmases|decades?) (?:ago|back|"
    rf"earlier|before)\b|"
    r"\b(?:years|months|ages|decades|donkey's years|a lifetime|a (?:long )?while) (?:ago|back|earlier)\b|"
    r"\b(?:last|previous|that|the other|two) (?:year|spring|summer|autumn|fall|winter|christmas|century)s?\b|"
    r"\b(?:back in|in|that was|it was|around|since about|during|early|late|of) (?:early |late |about |the )?(?:(?:19|"
    r"20)\d\d|'?\d0s)\b|"
    r"\b(?:back|way back) (?:in|when|then)\b|"
    r"\bwhen (?:i|he|she|they|we) (?:was|were) (?:a|an|at|in|on|little|small|young|younger|\d+|pregnant|living|still|"
    r"about)\b|"
    r"\b(?:as a|in my|in his|in her) (?:kid|child|teenager|teen|student|boy|girl|youth|twenties|thirties|forties|"
    r"fifties)\b|"
    r"\b(?:in|at|during) (?:college|school|university|high school|the army|the navy|my teens)\b|"
    r"\b(?:last|first|previous|other|earlier|prior|old|former|original|failed) (?:time|times|one|ones|round|go|try|"
    r"attempt|implants?|surger(?:y|ies)|"
    r"extractions?|operations?|ops?|procedures?|grafts?|dentists?|clinics?|surgeons?|practice|crown|bridge)\b|"
    r"\bwhen (?:they|he|she|my (?:old |last )?(?:dentist|surgeon)) (?:took|pulled|removed|extracted|yanked|"
    r"did)\b[^.?!]{0,30}\bwisdom\b|"
    r"\b(?:my|his|her|the|with the) wisdom (?:teeth|tooth)\b|\bat (?:another|a different|some other) (?:clinic|"
    r"dentist|practice|place|office)\b|"
    r"\bhace (?:\w+ ){1,2}(?:anos?|meses)\b|\b(?:el|la) (?:ano|primer|primera|otra|ultima) (?:pasado|vez|implante|"
    r"cirugia)\b|"
    r"\bonce (?:at|in|on) (?:a|another|my|the)\b"
)
MONTH = re.compile(rf"\b(?:in|back in|last|during|over|of|early|late|mid)[ -]({'|'.join(MONTHS)})\b")
SINCE = re.compile(r"\b(?:since|from|until|till)\b")
NEAR = re.compile(
    r"\b(?:today|tonight|yesterday|currently|overnight|suddenly|lately|recently|this (?:morning|afternoon|evening|"
    r"week|time|minute)|"
    r"last (?:night|evening|week|weekend|few)|right now|just now|since (?:yesterday|last night|this|then it|the "
    r"weekend|mon|tue|wed|thu|fri|sat|sun)|"
    rf"{NUMBER} (?:\w+ )?(?:minutes?|mins?|hours?|hrs?|days?) (?:ago|after|later|in|now)|keeps?|still|again|worse|"
    rf"worsening|spreading|growing|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|day \d+)\b"
)
WELL = (
    r"(?:fine|grand|great|good|well|ok|okay|perfect|healthy|better|clear|normal|dry|clean|quiet|(?<!all )over|"
    r"gone|healed|settled|sorted|history)"
)
END = re.compile(
    rf"\b(?:been|is|was|are|all|feels?|felt|feeling|it's|i'm|he's|she's|they're|that's) (?:all |absolutely |"
    rf"completely |perfectly |totally |just |been |really |so )*"
    rf"{WELL} (?:ever )?(?:since|now|again|today|after that|from then|by (?:the )?(?:\w+ )?(?:morning|evening|night|"
    rf"day|lunch|dinner|bedtime))\b|"
    rf"\ball {WELL}(?: since| now| again|[.!?,]|$)|"
    r"\b(?:no|not a|without any|without) (?:\w+ )?(?:problems?|issues?|trouble|bother|complaints?|symptoms?|sign of "
    r"it|trace of it) (?:ever )?since\b|"
    r"\b(?:it|it's|its|that's|they've|that|this|they|which|everything|all|both|symptoms?|the \w+|feeling|"
    r"sensation)(?: (?:has|have|had|all|then|finally|soon|eventually|since|"
    r"quickly|slowly|completely|fully|went and|did|just))* (?:stopped|settled|gone|went (?:away|down)|gone down|came "
    r"down|come down|cleared|healed|resolved|"
    r"eased|subsided|disappeared|vanished|wore off|worn off|passed|dried up|calmed down|improved|got better|quit|"
    r"lifted|faded|left|came back to me)\b|"
    r"\b(?:se (?:me )?(?:curo|quito|paso|fue)|ya (?:paso|esta bien|no tengo)|todo bien)\b|"
    r"\b(?:feeling|sensation|it all|everything|taste) (?:came|come|has come|is|was) back\b|"
    r"\b(?:fully|completely|totally) (?:healed|recovered|better|gone|resolved)\b|\b(?:x-?rays?|scan|check-?up|"
    r"checkup|test|results?|culture|bloods?) "
    r"(?:last \w+ |since |later |then )?(?:was|were|came back|showed (?:it|that it|nothing)|is|said it)(?: (?:had|"
    r"all|has))* (?:clear|clean|fine|good|ok|okay|negative|normal|passed|gone|nothing)?"
)
DOWN_AGAIN = re.compile(
    r"\b(?:it|that|swelling|everything) (?:was|were) (?:all |right |completely |mostly )?(?:down|gone|flat)\b|"
    r"\b(?:it's|it is|that's|all|swelling's|swelling is) (?:fully|completely|totally|entirely|all) (?:gone|settled|"
    r"healed|cleared)\b"
)
"""An end so plain that it may be told some sentences on."""
FAR = 4  # sentences
LOST = re.compile(r"\b(?:fell|fallen|lost|missing|(?:came|come|popped|dropped) (?:out|off))\b")
BRIEFLY = re.compile(
    r"^ (?:only |just )?(?:a (?:little |tiny )?(?:bit|little)|briefly|slightly|for (?:a|one|two|a few|\d+) (?:secs?|"
    r"seconds?|mins?|minutes?|moment))\b"
)
"""A bleeding that was small in its telling: "it bled a bit and now it's sore"."""
BLEEDS_ON = re.compile(r"\b(?:again|still|bleed\w*|blood\w*|ooz\w+|worse|keeps?|won't|hasn't|since|every)\b")
CAME_WITH = re.compile(
    r"\b(?:came|went|rang|phoned|called|walked|rushed|turned up)\b[^.!?]{0,40}\bwith (?:\w+ "
    r"){0,3}$"
)
LATER = re.compile(r"\s*(?:an?|one|two|three|four|five|six|a few|several|\d+) (?:days?|weeks?|months?|years?) later\b")
TAKEN_OUT = re.compile(
    r"\b(?:took|pulled|unscrewed) (?:it|them|the lot|everything|both|(?:the|my) (?:whole )?(?:implants?|thing|"
    r"screw)) (?:back |all )?out\b|"
    r"\bremoved (?:it|them|the lot|both|(?:the|my) implants?)\b|\b(?:was|were|had it|had them) (?:then )?(?:removed|"
    r"taken out|extracted)\b"
)
"""What was loose and is no longer there."""
QUOTED = re.compile(
    r"\b(?:told|said|says|answered|replied|leaflet|sheet)\b[^.!?\"]{0,20}\"(?:(?!\b(?:my|i|i'm|i've|me|his|her|he|"
    r"she)\b)[^\"]){0,40}$"
)
"""What others say in general: they told me "swelling is normal"."""
FEELING = frozenset({"numbness", "tingling"})
FELT_AGAIN = re.compile(
    r"\b(?:it|feeling|sensation|everything|that)(?: (?:all|then|slowly|fully|has|had))* (?:came|"
    r"come|is|was) back\b|(?<!never )\bwoke (?:back )?up\b|"
    rf"^(?: \w+){{0,3}} (?:till|until|for (?:about |around |only |roughly )?{NUMBER} (?:hours?|hrs?|"
    rf"minutes?))\b(?![^.!?]*\b(?:now|still)\b)"
)
LEFT = re.compile(
    r"^(?: (?:has|have|had|all|finally|then|soon|eventually|just|completely|fully|pretty much|is|was|are|now)){0,3} "
    r"(?:left|gone|went away|wore off|worn off|lifted|passed|cleared(?: up)?|stopped|faded|subsided|disappeared|"
    r"vanished|resolved|quit)\b"
    r"(?! (?:me|it|my|when|if|but|and started|once|only|unless|for|down|up|on|onto|to|into|over|"
    r"through))(?![^.!?]*\b(?:but|again|returned|still|came back|started|worse)\b)"
)
"""Its end as its own verb: "the numbness finally left"."""
HAPPY = re.compile(r"\b(?:else|otherwise|apart|except|aside|rest|other side|besides)\b")
NOT_OVER = re.compile(
    r"\b(?:not|never|hasn't|haven't|isn't|didn't|doesn't|won't|hardly|barely|nothing|until|till|thought|if|when|once|"
    r"before|supposed|should|would|will|hope)\b"
)
BACK_AGAIN = re.compile(
    r"\b(?:again|still|returned|returning|worse|worsening|spreading|started (?:up|back)|now (?:it|my|the|i|he|she|"
    r"there)|but (?:now|today|yesterday|this|last|then|since)|"
    r"(?:came|come|coming|is|are) back(?! to (?:normal|usual|how)))\b"
)
AGAIN_DENIED = re.compile(r"\b(?:hasn't|has not|haven't|never|not|didn't|without|no)(?: \w+){0,3}$")
