"""Which time of a message belongs to the placement of the implant, and which to what happened."""

from __future__ import annotations

import re
from datetime import datetime

from bot.understanding.moments import DAY, TODAY_HOURS, WEEK, Moment
from bot.understanding.timeline import CLAUSE, CLAUSE_BREAK, REACH, SENTENCE, Cue, gap, read
from bot.understanding.types import Finding

_AT_ONCE = re.compile(
    r"\b(?:immediately|right\s+away|straight\s+away|instantly|from\s+the\s+(?:start|beginning|get[\s-]go)|"
    r"since\s+then|ever\s+since)\b",
    re.IGNORECASE,
)
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
            r"healing\s+caps?|caps?|fitted|seated|cemented|(?:fake|new|"
            r"final|permanent|temporary)\s+(?:tooth|teeth))\b",
            re.IGNORECASE,
        ),
    ),
)
_IMPLANT_PLACED = re.compile(
    r"\bimplants?\s+(?:surger|procedure|operation|placement|placed|put\s+in|installed|and|with|was|were)|"
    r"put\s+in\s+(?:\w+\s+){0,3}implants?",
    re.IGNORECASE,
)
_IMPLANT = re.compile(r"\b(?:implants?|screws?)\b", re.IGNORECASE)
_RANKS = ("implant", "bone_graft", "sinus_lift", "crown_fitting", "extraction")


def find(text: str, received_at: datetime) -> list[Finding]:
    """`time_since_placement_weeks` and `time_since_event_days`, at most one of each, with offsets into `text`.

    `received_at` is aware, in the clinic's zone. Values are floats. Attributes: `precision` (hour, day, week, month,
    year) and for a placement `surgery` (implant, bone_graft, sinus_lift, crown_fitting, extraction). "Yesterday" and
    "last night" are 1 day, "today" and "this morning" a quarter of a day unless a clock time is told, "just now" half
    an hour; a month is its middle. Vague words, plans and times of other things give nothing. Never raises.
    """
    pairs = read(text, received_at)
    found = []
    placements = [
        (_RANKS.index(_surgery(text, moment, cue)), _counts_from_it(text, moment), moment.start, moment)
        for moment, cue in pairs
        if cue is not None and cue.kind == "placement"
    ]
    at_once = placed = None
    if placements:
        rank, _, _, moment = min(placements, key=lambda entry: entry[:3])
        if _RANKS[rank] == "crown_fitting" and _happened_at_once(text, moment):
            at_once = moment
        else:
            placed = moment if _RANKS[rank] == "implant" else None  # what happened before it belongs to another story
            found.append(_finding("time_since_placement_weeks", WEEK, text, moment, {"surgery": _RANKS[rank]}))
    oldest = max(1.5 * placed.hours, placed.hours + 2 * DAY) if placed else float("inf")
    events = [
        (moment, cue)
        for moment, cue in pairs
        if cue is not None and cue.kind in ("event", "onset", "symptom") and moment.hours <= oldest
    ]
    if at_once is not None:
        found.append(_finding("time_since_event_days", DAY, text, at_once, {}))
    elif events:
        moment, _ = min(events, key=lambda pair: _weakness(*pair))
        found.append(_finding("time_since_event_days", DAY, text, moment, {}))
    return sorted(found, key=lambda finding: finding.start)


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
    before = CLAUSE.split(SENTENCE.split(text[max(0, start - 40) : start])[-1])[-1]
    after = CLAUSE.split(SENTENCE.split(text[end : end + 30])[0])[0]
    clause = f"{before}{text[start:end]}{after}"
    if _IMPLANT_PLACED.search(clause):
        return "implant"
    name = next((name for name, grammar in _SURGERIES if grammar.search(clause)), "implant")
    return "implant" if name != "crown_fitting" and _IMPLANT.search(clause) else name


def _counts_from_it(text: str, moment: Moment) -> bool:
    """ "3 weeks after surgery" dates something else first; it dates the surgery only where nothing better does."""
    return moment.form == "after_surgery" and bool(
        re.search(r"\b(?:after|following)\b", text[moment.start : moment.end])
    )


def _happened_at_once(text: str, moment: Moment) -> bool:
    """A crown that was loose the moment it was fitted: its fitting is the event."""
    rest = SENTENCE.split(text[moment.start : moment.start + 200])[0]
    return bool(_AT_ONCE.search(rest))


def _since_surgery(text: str, moment: Moment, start: int, end: int) -> bool:
    """Whether the symptom is said to last "since" the surgery whose time `moment` tells."""
    low, high = (end, moment.start) if moment.start >= end else (moment.end, start)
    between = text[low : max(low, high)]
    if not SENTENCE.search(between) and re.search(r"\b(?:since|ever\s+since|after)\b", between, re.IGNORECASE):
        return True
    return bool(
        re.search(
            r"\b(?:since\s+then|ever\s+since|since\s+the\s+(?:surgery|procedure))\b",
            text[end : end + 30],
            re.IGNORECASE,
        )
    )


def _weakness(moment: Moment, cue: Cue | None) -> tuple[int, int]:
    """Order of preference: what broke or fell out, when it began, how long it lasts; returns, today and months last."""
    kind = cue.kind if cue else "symptom"
    today = moment.precision == "day" and moment.hours <= TODAY_HOURS
    if moment.precision in ("month", "year"):
        weakness = 6
    elif kind == "event":
        weakness = 1
    elif cue is not None and _AGAIN.search(cue.text):
        weakness = 4
    elif today:
        weakness = 5
    else:
        weakness = 2 if kind == "onset" else 3
    return weakness, moment.start


def _finding(name: str, unit: float, text: str, moment: Moment, attributes: dict[str, str]) -> Finding:
    return Finding(
        name,
        round(moment.hours / unit, 4),
        uncertain=moment.uncertain,
        start=moment.start,
        end=moment.end,
        text=text[moment.start : moment.end],
        attributes={"precision": moment.precision, **attributes},
    )
