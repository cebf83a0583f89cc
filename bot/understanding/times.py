"""Which time of a message belongs to the placement of the implant, and which to what happened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from bot.understanding.named_moments import TODAY_HOURS
from bot.understanding.spans import DAY, WEEK, Moment
from bot.understanding.timeline import CLAUSE, CLAUSE_BREAK, REACH, SENTENCE, Cue, gap, read
from bot.understanding.types import Finding

_AGAIN = re.compile(r"came\s+back|returned", re.IGNORECASE)
_SURGERIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "extraction",
        re.compile(
            r"\b(?:extract\w*|pulled|(?:tooth|teeth|molars?)\s+(?:\w+\s+){0,2}(?:removed|out|taken)|"
            r"removed\s+(?:\w+\s+){0,3}(?:tooth|teeth|molar))",
            re.IGNORECASE,
        ),
    ),
    ("bone_graft", re.compile(r"\bgraft\w*", re.IGNORECASE)),
    ("sinus_lift", re.compile(r"\bsinus\s+lift", re.IGNORECASE)),
    (
        "crown_fitting",
        re.compile(
            r"\b(?:uncovered|(?:second|2nd)[\s-]stage|stage\s+(?:2|two)|crowns?|bridge|denture|abutments?|"
            r"healing\s+caps?|caps?|put\s+on|fitted|seated|cemented|restored|(?:fake|new|"
            r"final|permanent|temporary)\s+(?:tooth|teeth))\b",
            re.IGNORECASE,
        ),
    ),
)
_IMPLANT_PLACED = re.compile(
    r"\bimplants?\s+(?:surger|procedure|operation|placement|placed|put\s+in|installed|and|with|was|were)|"
    r"put\s+in\s+(?:\w+\s+){0,3}implants?|implants?\s+(?:for|at|on|in)\s+(?:(?:my|the|tooth|position|"
    r"site)\s+)*(?:tooth|number|molar|premolar|canine|incisor|#)|implants?\s+(?:that\s+)?(?:they|you|he|she|"
    r"we)\s+(?:did|put|placed)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:implants?(?!\s+(?:crown|tooth|teeth|bridge|cap|abutment|denture))|screws?|crowns?|bridge|caps?|abutments?|"
    r"denture)\b",
    re.IGNORECASE,
)
_WITH_IMPLANT = re.compile(r"\s*(?:and|with|plus|\+|&)\s+(?:\w+\s+){0,3}implants?\b", re.IGNORECASE)
_BY_IMPLANTS = re.compile(r"\b(?:restored|replaced)\s+(?:\w+\s+){0,6}?with\s+(?:\w+\s+)?implants?\b", re.IGNORECASE)
_IMPLANT = re.compile(r"\b(?:implants?|screws?)\b", re.IGNORECASE)
_FOR_IMPLANT = re.compile(
    r"(?P<keep>\b(?:out|removed|pulled|extracted|extraction|graft\w*)(?:\s+(?!and\b|with\b)[\w']+){0,4}?)\s+"
    r"(?:for|to\s+(?:prepare|make\s+(?:room|space)|get\s+ready|clear\s+the\s+way)\s+for|in\s+preparation\s+for|"
    r"ahead\s+of|before)\s+(?:an?|the|my|this)\s+implants?\b",
    re.IGNORECASE,
)
"""The surgery that makes room for an implant is not the implant's."""
_UNCOVERED = re.compile(r"\b(?:uncover\w*|expos(?:ed|ing)\s+(?:my|the)\s+implants?)", re.IGNORECASE)
"""The second stage: the implant was in the bone long before."""
_REACTION = re.compile(
    r"\b(?:hives|rash|itch\w*|welts|wheals|allergic|lips?\s+\w+\s+(?:swell\w*|swollen|fat)|wheez\w+|throat)\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(r"\b(?:took|taking|antibiotics?|amoxicillin|penicillin|clindamycin|medication)\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|after)\b", re.IGNORECASE)
_SINCE_THEN = re.compile(r"\b(?:since\s+then|ever\s+since|since\s+the\s+(?:surgery|procedure))\b", re.IGNORECASE)
RECENT_SURGERY = 365.25 * DAY
"""An older extraction or graft is a patient's history, not what the message reports."""
_OTHER_SURGERY = 8
_RENEWED = re.compile(r"\b(?:new|replacement)\s+(?:one|implant|screw|post)s?\b", re.IGNORECASE)
_LOST = re.compile(r"\b(?:removed|failed|taken\s+out|didn't\s+take|did\s+not\s+take|rejected)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:after|following|lasted)\b", re.IGNORECASE)
_RANKS = ("implant", "bone_graft", "sinus_lift", "crown_fitting", "extraction")


def find(text: str, received_at: datetime) -> list[Finding]:
    """`time_since_placement_weeks` and `time_since_event_days`, at most one of each, with offsets into `text`.

    `received_at` is aware, in the clinic's zone. Values are floats. Attributes: `precision` (hour, day, week, month,
    year) and for a placement `surgery` (implant, bone_graft, sinus_lift, crown_fitting, extraction), with `in_place`
    where it is a crown's or cap's whole time in the mouth ("a two years old crown"). "Yesterday" and "last night" are
    1 day, "today" and "this morning" a quarter of a day unless a clock time is told, "just now" half an hour; a month
    is its middle. Vague words, plans and times of other things give nothing. Never raises.
    """
    pairs = read(text, received_at)
    found = []
    surgeries = [(moment, _surgery(text, moment, cue)) for moment, cue in pairs if cue and cue.kind == "placement"]
    placed = None
    if surgeries:
        moment, surgery = min(surgeries, key=lambda pair: _order(text, *pair))
        placed = moment if surgery == "implant" else None  # what happened before it belongs to another story
        told: dict[str, str | bool] = {"surgery": surgery}
        if surgery == "crown_fitting" and _is_lasting(text, moment):
            told["in_place"] = True
        found.append(_finding("time_since_placement_weeks", WEEK, text, moment, told))
    oldest = max(1.5 * placed.hours, placed.hours + 2 * DAY) if placed else float("inf")
    events = [
        (_weakness(moment, cue), moment)
        for moment, cue in pairs
        if cue and cue.kind in ("event", "onset", "symptom", "stated") and moment.hours <= oldest
    ]
    events += [
        ((_OTHER_SURGERY, moment.start), moment)
        for moment, surgery in surgeries
        if surgery != "implant"
        and not (surgery == "crown_fitting" and _is_lasting(text, moment))
        and moment.hours <= min(oldest, oldest if surgery == "crown_fitting" else RECENT_SURGERY)
    ]
    if not events and _REACTION.search(text):  # what was taken before is when a reaction began
        events = [((0, m.start), m) for m, cue in pairs if cue and cue.kind == "other" and _TAKEN.search(cue.text)]
    if events:
        found.append(_finding("time_since_event_days", DAY, text, min(events, key=lambda event: event[0])[1], {}))
    return sorted(found, key=lambda finding: finding.start)


def _is_lasting(text: str, moment: Moment) -> bool:
    """Whether a time tells how long a part has been in place, not the day it was fitted, when its trouble began."""
    if _UNCOVERED.search(text[moment.start : moment.end + 40]):
        return False
    return moment.form in ("age_of_part", "after_surgery") or moment.precision == "year"


def duration_hours(text: str, start: int, end: int, received_at: datetime) -> float | None:
    """Hours since the symptom at text[start:end] began, or for which it lasts; None when the text does not tell."""
    near: list[tuple[int, float]] = []
    pairs = read(text, received_at)
    for moment, cue in pairs:
        if cue is None or cue.kind in ("plan", "other"):
            continue
        if cue.kind == "placement" and not _since_surgery(text, moment, start, end):
            continue
        if cue.kind == "event" and not (cue.start < end and start < cue.end):
            continue
        distance = gap(text, moment.start, moment.end, start, end)
        if (
            cue.kind == "symptom"
            and not (cue.start < end and start < cue.end)
            and (cue.start, cue.end) != (moment.start, moment.end)  # then the form itself names the symptom
            and distance >= CLAUSE_BREAK
            and gap(text, moment.start, moment.end, cue.start, cue.end) < distance - CLAUSE_BREAK
        ):
            continue
        if distance <= REACH:
            near.append((distance, moment.hours))
    return min(near)[1] if near else None


def _surgery(text: str, moment: Moment, cue: Cue) -> str:
    """Which surgery the placement words tell of: the implant unless something else is named in the same clause."""
    start, end = min(moment.start, cue.start), max(moment.end, cue.end)
    if re.search(r"\bit\b", cue.text, re.IGNORECASE):  # "you put it in": what was spoken of last
        named = list(_NAMED.finditer(text, max(0, start - 250), start))
        if named:
            return "implant" if named[-1].group().lower().startswith(("implant", "screw")) else "crown_fitting"
    before = CLAUSE.split(SENTENCE.split(text[max(0, start - 60) : start].rstrip(" ,("))[-1])[-1]
    after = CLAUSE.split(SENTENCE.split(text[end : end + 50])[0])[0]
    clause = _FOR_IMPLANT.sub(r"\g<keep>", f"{before} {text[start:end]}{after}")
    if _UNCOVERED.search(clause):
        return "crown_fitting"
    if _IMPLANT_PLACED.search(clause):
        return "implant"
    name = next((name for name, grammar in _SURGERIES if grammar.search(clause)), "implant")
    if _WITH_IMPLANT.match(text, end) or _WITH_IMPLANT.match(text, moment.end) or _BY_IMPLANTS.search(clause):
        return "implant"
    return "implant" if name != "crown_fitting" and _IMPLANT.search(clause) else name


def _order(text: str, moment: Moment, surgery: str) -> tuple[int, bool, float, int]:
    """Which time dates the placement best: the implant's, not "3 weeks after it", the highest "day 5"."""
    words = text[moment.start : moment.end]
    counted = moment.form in ("after_surgery", "age_of_part") and bool(_COUNTED.search(words))
    replaced = bool(_RENEWED.search(text[max(0, moment.start - 40) : moment.end]) and _LOST.search(text))
    return (
        _RANKS.index(surgery),
        counted or not replaced,
        -moment.hours if moment.form == "day_n" else 0.0,
        moment.start,
    )


def _since_surgery(text: str, moment: Moment, start: int, end: int) -> bool:
    """Whether the symptom is said to last "since" the surgery whose time `moment` tells."""
    low, high = (end, moment.start) if moment.start >= end else (moment.end, start)
    if high - low > REACH:
        return False
    between = text[low : max(low, high)]
    if _SINCE.search(between) and not SENTENCE.search(between):
        return True
    return bool(_SINCE_THEN.search(text[end : end + 30]))


def _weakness(moment: Moment, cue: Cue) -> tuple[int, int]:
    """Order of preference: what broke or fell out, when it began, how long it lasts; returns, today and months last."""
    if moment.precision in ("month", "year") and moment.form != "for":
        weakness = 7
    elif cue.kind == "event":
        weakness = 1
    elif _AGAIN.search(cue.text):
        weakness = 4
    elif moment.precision == "day" and moment.hours <= TODAY_HOURS and cue.kind != "onset":
        weakness = 5
    else:
        weakness = {"onset": 2, "symptom": 3}.get(cue.kind, 6)
    return weakness, moment.start


def _finding(name: str, unit: float, text: str, moment: Moment, attributes: Mapping[str, str | bool]) -> Finding:
    return Finding(
        name,
        round(moment.hours / unit, 4),
        uncertain=moment.uncertain,
        start=moment.start,
        end=moment.end,
        text=text[moment.start : moment.end],
        attributes={"precision": moment.precision, **attributes},
    )
