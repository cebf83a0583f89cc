"""Whether a symptom is told as over: in the past tense and long ago, or with its own end told right behind it.

ConText and the frames know phrases; this looks at the tense of the telling and at the times and ends around it, however
they are put: "two summers ago my jaw swelled so badly that I couldn't swallow", "his 39 was gone by the next morning".
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.understanding.clauses import Layout
from bot.understanding.frames import TOLD_NOW, TOLD_THEN

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_RECENT_MONTHS = 2  # this month and the one before may still be going on
_LASTING = frozenset({"numbness", "tingling", "exposed_bone", "loose", "implant_moves", "part_missing", "swallowed_part",
                      "inhaled_part", "broken", "part_out", "self_harm", "distress_idiom", "overdose"})  # fmt: skip
"""What once began and goes on until its end is told: an old date alone does not end it."""
_LOOSE = frozenset({"loose", "implant_moves"})
_TIMELESS = frozenset({"condition", "allergy", "medication", "age", "part", "surgery", "stage", "smoker", "pregnant", "subject",
                       "part_size_mm", "time_since_placement_weeks", "time_since_event_days", "tooth_location"})  # fmt: skip

_GRAVE = frozenset({"seizure", "unconscious", "face_droop", "arm_weakness", "slurred_speech", "chest_pain", "arm_pain", "vision_change",
                    "confusion", "overdose", "self_harm", "inhaled_part", "swallowed_part", "no_urine", "mottled_skin"})  # fmt: skip
"""What a person must hear of although it passed: only a date long ago ends it."""
_OTHER_NAMES = {"bleeding": ("blood", "ooz"), "swelling": ("chee", "face", "lump", "lip", "puff"), "pain": ("ache", "thro", "sore", "hurt"),
                "fever": ("temp", "chil"), "pus": ("disc", "infe", "drai"), "numbness": ("feel", "lip", "chin", "anae", "anes", "shot")}  # fmt: skip
"""Words that name it as the one that ended: "the blood stopped" ends no seizure."""

_NUMBER = r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|many|a few|few|some|a couple of|couple of)"
_LONG_AGO = re.compile(
    rf"\b{_NUMBER} (?:\w+ )?(?:years?|yrs?|months?|mos|summers?|winters?|springs?|christmases|decades?) (?:ago|back|earlier|before)\b|"
    r"\b(?:years|months|ages|decades|donkey's years|a lifetime|a (?:long )?while) (?:ago|back|earlier)\b|"
    r"\b(?:last|previous|that|the other|two) (?:year|spring|summer|autumn|fall|winter|christmas|century)s?\b|"
    r"\b(?:back in|in|that was|it was|around|since about|during|early|late|of) (?:early |late |about |the )?(?:(?:19|20)\d\d|'?\d0s)\b|"
    r"\b(?:back|way back) (?:in|when|then)\b|"
    r"\bwhen (?:i|he|she|they|we) (?:was|were) (?:a|an|at|in|on|little|small|young|younger|\d+|pregnant|living|still|about)\b|"
    r"\b(?:as a|in my|in his|in her) (?:kid|child|teenager|teen|student|boy|girl|youth|twenties|thirties|forties|fifties)\b|"
    r"\b(?:in|at|during) (?:college|school|university|high school|the army|the navy|my teens)\b|"
    r"\b(?:last|first|previous|other|earlier|prior|old|former|original|failed) (?:time|times|one|ones|round|go|try|attempt|implants?|surger(?:y|ies)|"
    r"extractions?|operations?|ops?|procedures?|grafts?|dentists?|clinics?|surgeons?|practice|crown|bridge)\b|"
    r"\bwhen (?:they|he|she|my (?:old |last )?(?:dentist|surgeon)) (?:took|pulled|removed|extracted|yanked|did)\b[^.?!]{0,30}\bwisdom\b|"
    r"\b(?:my|his|her|the|with the) wisdom (?:teeth|tooth)\b|\bat (?:another|a different|some other) (?:clinic|dentist|practice|place|office)\b|"
    r"\bhace (?:\w+ ){1,2}(?:anos?|meses)\b|\b(?:el|la) (?:ano|primer|primera|otra|ultima) (?:pasado|vez|implante|cirugia)\b|"
    r"\bonce (?:at|in|on) (?:a|another|my|the)\b"
)
_MONTH = re.compile(rf"\b(?:in|back in|last|during|over|of|early|late|mid)[ -]({'|'.join(_MONTHS)})\b")
_SINCE = re.compile(r"\b(?:since|from|until|till)\b")
_NEAR = re.compile(
    r"\b(?:today|tonight|yesterday|currently|overnight|suddenly|lately|recently|this (?:morning|afternoon|evening|week|time|minute)|"
    r"last (?:night|evening|week|weekend|few)|right now|just now|since (?:yesterday|last night|this|then it|the weekend|mon|tue|wed|thu|fri|sat|sun)|"
    rf"{_NUMBER} (?:\w+ )?(?:minutes?|mins?|hours?|hrs?|days?) (?:ago|after|later|in|now)|keeps?|still|again|worse|worsening|spreading|growing|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|day \d+)\b"
)
_WELL = r"(?:fine|grand|great|good|well|ok|okay|perfect|healthy|better|clear|normal|dry|clean|quiet|(?<!all )over|gone|healed|settled|sorted|history)"
_END = re.compile(
    rf"\b(?:been|is|was|are|all|feels?|felt|feeling|it's|i'm|he's|she's|they're|that's) (?:all |absolutely |completely |perfectly |totally |just |been |really |so )*"
    rf"{_WELL} (?:ever )?(?:since|now|again|today|after that|from then|by (?:the )?(?:\w+ )?(?:morning|evening|night|day|lunch|dinner|bedtime))\b|"
    rf"\ball {_WELL}(?: since| now| again|[.!?,]|$)|"
    r"\b(?:no|not a|without any|without) (?:\w+ )?(?:problems?|issues?|trouble|bother|complaints?|symptoms?|sign of it|trace of it) (?:ever )?since\b|"
    r"\b(?:it|it's|its|that's|they've|that|this|they|which|everything|all|both|symptoms?|the \w+|feeling|sensation)(?: (?:has|have|had|all|then|finally|soon|eventually|since|"
    r"quickly|slowly|completely|fully|went and|did|just))* (?:stopped|settled|gone|went (?:away|down)|gone down|came down|come down|cleared|healed|resolved|"
    r"eased|subsided|disappeared|vanished|wore off|worn off|passed|dried up|calmed down|improved|got better|quit|lifted|faded|left|came back to me)\b|"
    r"\b(?:se (?:me )?(?:curo|quito|paso|fue)|ya (?:paso|esta bien|no tengo)|todo bien)\b|"
    r"\b(?:feeling|sensation|it all|everything|taste) (?:came|come|has come|is|was) back\b|"
    r"\b(?:fully|completely|totally) (?:healed|recovered|better|gone|resolved)\b|\b(?:x-?rays?|scan|check-?up|checkup|test|results?|culture|bloods?) "
    r"(?:last \w+ |since |later |then )?(?:was|were|came back|showed (?:it|that it|nothing)|is|said it)(?: (?:had|all|has))* (?:clear|clean|fine|good|ok|okay|negative|normal|passed|gone|nothing)?"
)
_DOWN_AGAIN = re.compile(
    r"\b(?:it|that|swelling|everything) (?:was|were) (?:all |right |completely |mostly )?(?:down|gone|flat)\b|"
    r"\b(?:it's|it is|that's|all|swelling's|swelling is) (?:fully|completely|totally|entirely|all) (?:gone|settled|healed|cleared)\b"
)
"""An end so plain that it may be told some sentences on."""
_FAR = 4  # sentences
_LOST = re.compile(r"\b(?:fell|fallen|lost|missing|(?:came|come|popped|dropped) (?:out|off))\b")
_BRIEFLY = re.compile(
    r"^ (?:only |just )?(?:a (?:little |tiny )?(?:bit|little)|briefly|slightly|for (?:a|one|two|a few|\d+) (?:secs?|seconds?|mins?|minutes?|moment))\b"
)
"""A bleeding that was small in its telling: "it bled a bit and now it's sore"."""
_BLEEDS_ON = re.compile(r"\b(?:again|still|bleed\w*|blood\w*|ooz\w+|worse|keeps?|won't|hasn't|since|every)\b")
_CAME_WITH = re.compile(r"\b(?:came|went|rang|phoned|called|walked|rushed|turned up)\b[^.!?]{0,40}\bwith (?:\w+ ){0,3}$")
_LATER = re.compile(r"\s*(?:an?|one|two|three|four|five|six|a few|several|\d+) (?:days?|weeks?|months?|years?) later\b")
_TAKEN_OUT = re.compile(
    r"\b(?:took|pulled|unscrewed) (?:it|them|the lot|everything|both|(?:the|my) (?:whole )?(?:implants?|thing|screw)) (?:back |all )?out\b|"
    r"\bremoved (?:it|them|the lot|both|(?:the|my) implants?)\b|\b(?:was|were|had it|had them) (?:then )?(?:removed|taken out|extracted)\b"
)
"""What was loose and is no longer there."""
_QUOTED = re.compile(
    r"\b(?:told|said|says|answered|replied|leaflet|sheet)\b[^.!?\"]{0,20}\"(?:(?!\b(?:my|i|i'm|i've|me|his|her|he|she)\b)[^\"]){0,40}$"
)
"""What others say in general: they told me "swelling is normal"."""
_FEELING = frozenset({"numbness", "tingling"})
_FELT_AGAIN = re.compile(r"\b(?:it|feeling|sensation|everything|that)(?: (?:all|then|slowly|fully|has|had))* (?:came|come|is|was) back\b|(?<!never )\bwoke (?:back )?up\b|"
    rf"^(?: \w+){{0,3}} (?:till|until|for (?:about |around |only |roughly )?{_NUMBER} (?:hours?|hrs?|minutes?))\b(?![^.!?]*\b(?:now|still)\b)")
_LEFT = re.compile(
    r"^(?: (?:has|have|had|all|finally|then|soon|eventually|just|completely|fully|pretty much|is|was|are|now)){0,3} "
    r"(?:left|gone|went away|wore off|worn off|lifted|passed|cleared(?: up)?|stopped|faded|subsided|disappeared|vanished|resolved|quit)\b"
    r"(?! (?:me|it|my|when|if|but|and started|once|only|unless|for|down|up|on|onto|to|into|over|through))(?![^.!?]*\b(?:but|again|returned|still|came back|started|worse)\b)"
)
"""Its end as its own verb: "the numbness finally left"."""
_HAPPY = re.compile(r"\b(?:else|otherwise|apart|except|aside|rest|other side|besides)\b")
_NOT_OVER = re.compile(
    r"\b(?:not|never|hasn't|haven't|isn't|didn't|doesn't|won't|hardly|barely|nothing|until|till|thought|if|when|once|before|supposed|should|would|will|hope)\b"
)
_BACK_AGAIN = re.compile(
    r"\b(?:again|still|returned|returning|worse|worsening|spreading|started (?:up|back)|now (?:it|my|the|i|he|she|there)|but (?:now|today|yesterday|this|last|then|since)|"
    r"(?:came|come|coming|is|are) back(?! to (?:normal|usual|how)))\b"
)
_AGAIN_DENIED = re.compile(r"\b(?:hasn't|has not|haven't|never|not|didn't|without|no)(?: \w+){0,3}$")


def told_as_over(text: str, layout: Layout, name: str, start: int, end: int, received_at: datetime) -> bool:
    """Whether the present finding `name` at [start, end) of the normalised `text` is told as over."""
    if name in _TIMELESS:
        return False
    clause = layout.clauses[layout.clause_at(start)]
    words = text[clause.start : max(clause.end, end)]
    first, last = layout.sentences[clause.sentence]
    sentence = text[first:last]
    if name not in _GRAVE and _LEFT.match(text[end:last]):
        return True
    if name not in _GRAVE and name not in _LASTING and _QUOTED.search(text[max(0, start - 100) : start]):
        return True
    if name not in _GRAVE and _over_by_its_story(text, layout, name, start, end):
        return True
    if not TOLD_THEN.search(words) or TOLD_NOW.search(words):
        return False
    behind = _behind(text, layout, clause.sentence)
    if name in _FEELING and _FELT_AGAIN.search(text[end:last]):
        return True
    if name not in _GRAVE and _ended(name, text[end:last], behind):
        return True
    if name in _LASTING or _NEAR.search(sentence) or _taken_back(text[end:last] + " " + behind):
        return False
    if _is_long_ago(sentence, received_at):
        return True
    after = re.match(r"\s*(?:that|this|it) was\b[^.!?]*", behind)
    return after is not None and _is_long_ago(after[0], received_at)


def _over_by_its_story(text: str, layout: Layout, name: str, start: int, end: int) -> bool:
    """Whether what is told in the past tense was brief, was what the patient once came with, or ended further on."""
    clause = layout.clauses[layout.clause_at(start)]
    words = text[clause.start : end]
    if not TOLD_THEN.search(words) or TOLD_NOW.search(words):
        return False
    last = layout.sentences[clause.sentence][1]
    rest, behind = text[end:last], _behind(text, layout, clause.sentence)
    if name in _LOOSE:
        return bool(_TAKEN_OUT.search(rest) or _TAKEN_OUT.search(behind))
    if name in _LASTING:
        return False
    if name == "bleeding" and _BRIEFLY.match(rest):
        return not _BLEEDS_ON.search(rest + " " + behind)
    if _CAME_WITH.search(text[max(0, start - 80) : start]) and _LATER.match(behind):
        return True
    further = text[end : layout.sentences[min(clause.sentence + _FAR, len(layout.sentences) - 1)][1]]
    plain = _DOWN_AGAIN.search(further)
    return plain is not None and not _LOST.search(further[: plain.end()]) and not _taken_back(further[plain.start() :])


def _behind(text: str, layout: Layout, sentence: int) -> str:
    """The sentence behind."""
    return text[slice(*layout.sentences[sentence + 1])] if sentence + 1 < len(layout.sentences) else ""


def _ended(name: str, rest: str, behind: str) -> bool:
    """Whether the end of it is told in the rest of its sentence or in the sentence behind, and nothing takes it back."""
    for part, more in ((rest, behind), (behind, "")):
        for match in _END.finditer(part):
            before = part[max(0, match.start() - 25) : match.start()]
            if _NOT_OVER.search(match[0]) or _NOT_OVER.search(before) or _HAPPY.search(part[: match.end() + 20]):
                continue
            if match[0].startswith("the ") and not match[0][4:].startswith((name[:4], *_OTHER_NAMES.get(name, ()))):
                continue
            return not _taken_back(part[match.end() :] + " " + more)
    return False


def _taken_back(words: str) -> bool:
    return any(not _AGAIN_DENIED.search(words[: match.start()].rstrip()) for match in _BACK_AGAIN.finditer(words))


def _is_long_ago(words: str, received_at: datetime) -> bool:
    if _LONG_AGO.search(words):
        return True
    month = _MONTH.search(words)
    if month is None or _SINCE.search(words[: month.start()][-12:]):
        return False
    return (received_at.month - 1 - _MONTHS.index(month[1])) % 12 >= _RECENT_MONTHS
