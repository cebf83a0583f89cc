"""The safety lines of a turn: which red flag is spoken, and what is said when it was spoken before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from bot.reply.fit import Piece
from bot.reply.tables import Row, Tables
from bot.triage.types import Assessment, RedFlag

TIERS = ("emergency", "hour", "day")
FLAG = "utter_flag_"


def in_care(tables: Tables, said: Sequence[str], talk: Sequence[Row]) -> str | None:
    """What the patient told, in this turn's `talk` or since the last safety line: "seen" by a professional, or that the
    call is "arranged"; None otherwise."""
    for row in talk:
        if "care" in row.data:
            return str(row.data["care"])
    for name in reversed(said):
        if name.startswith(FLAG):
            return None
        if name in tables.care:
            return tables.care[name]
    return None


def safety_lines(
    tables: Tables, assessment: Assessment, text: str, said: Sequence[str], care: str | None
) -> tuple[list[Piece], bool]:
    """The lines, highest first, and whether they are the whole reply.

    An emergency is one line and nothing else, as long as the message itself raises it; once the patient was seen it is
    only brought up again by new words. Below that one line, and a second only where it tells the patient to do
    something else than to call. What is in part known already and asks for less than was said before is no news.
    """
    flags = sorted(assessment.red_flags, key=lambda flag: TIERS.index(flag.tier))
    fresh = [flag for flag in flags if _says(text, flag, any)]
    unsaid = [flag for flag in flags if flag.response not in said and _is_news(tables, flag, said, text)]
    emergencies = [flag for flag in flags if flag.tier == "emergency"]
    if emergencies:
        new = [flag for flag in (*unsaid, *fresh) if flag.tier == "emergency"]
        crisis = _number((new or emergencies)[0]) in tables.crisis_rules
        if not new and not crisis and care == "seen":
            return [], False
        lines = [flag.response for flag in new[:1]] if new else []
        line = oldest(said, [*lines, *tables.reminders["crisis" if crisis else "emergency"]])
        if new or crisis:
            return [Piece("emergency", line)], True
        return [Piece("emergency", line), *(Piece("flag", flag.response) for flag in unsaid[:1])], False
    if unsaid:
        second = [flag for flag in unsaid[1:] if _number(flag) in tables.own_instruction]
        return [Piece("flag", unsaid[0].response), *(Piece("second", flag.response) for flag in second[:1])], False
    if fresh and care is None:
        return [Piece("flag", oldest(said, tables.reminders[fresh[0].tier]))], False
    return [], False


def reminder(tables: Tables, assessment: Assessment, said: Sequence[str], care: str | None) -> str:
    """The short line for what was already told to do, shorter still `care`; not twice running in the same words."""
    key: str = assessment.urgency
    if key == "same_day":
        key = "hour" if any(flag.tier == "hour" for flag in assessment.red_flags) else "day"
    shorter = care == "seen" or (care is not None and key != "emergency")
    return oldest(said, tables.reminders_in_care[key] if shorter and key in TIERS else tables.reminders[key])


def oldest(said: Sequence[str], names: Sequence[str]) -> str:
    """The first not said yet, else the one said longest ago: none comes twice in a row while there is another."""
    return min(names, key=lambda name: max((place for place, other in enumerate(said) if other == name), default=-1))


def _is_news(tables: Tables, flag: RedFlag, said: Sequence[str], text: str) -> bool:
    """Whether a flag is still to be told: one that stands wholly in this message; one that is raised by a part of it
    unless more was asked for before; one of earlier turns only if nothing said so far asks for as much; and always one
    with instructions of its own."""
    told = [TIERS.index(tier) for name in said if (tier := name.rpartition("_")[2]) in TIERS and name.startswith(FLAG)]
    place, highest = TIERS.index(flag.tier), min(told, default=len(TIERS))
    more = place <= highest if _says(text, flag, any) else place < highest
    return place == 0 or more or _says(text, flag, all) or _number(flag) in tables.own_instruction


def _says(text: str, flag: RedFlag, most: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether this message itself has `any` or `all` of the words that raised the flag."""
    return bool(flag.evidence) and most(words != "" and words.lower() in text.lower() for words in flag.evidence)


def _number(flag: RedFlag) -> str:
    """`R7` or `R7_b` → `r7`."""
    found = re.match(r"r\d+", flag.rule.lower())
    return found.group() if found else flag.rule.lower()
