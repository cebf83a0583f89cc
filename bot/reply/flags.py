"""The safety lines of a turn: which red flag is spoken, and what is said when it was spoken before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.reply.fit import Piece
from bot.reply.tables import Tables
from bot.triage.types import Assessment, RedFlag

TIERS = ("emergency", "hour", "day")


def safety_lines(tables: Tables, assessment: Assessment, text: str, said: Sequence[str]) -> tuple[list[Piece], bool]:
    """The lines, highest first, and whether they are the whole reply.

    An emergency is one line and nothing else, as long as the message itself raises it. Below that one line, and a
    second only where it tells the patient to do something else than to call.
    """
    flags = sorted(assessment.red_flags, key=lambda flag: TIERS.index(flag.tier))
    fresh = [flag for flag in flags if _says(text, flag)]
    unsaid = [flag for flag in flags if flag.response not in said and (flag in fresh or _is_news(tables, flag, said))]
    emergencies = [flag for flag in flags if flag.tier == "emergency"]
    if emergencies:
        new = [flag for flag in (*unsaid, *fresh) if flag.tier == "emergency"]
        flag = (new or emergencies)[0]
        crisis = _number(flag) in tables.crisis_rules
        line = oldest(said, [flag.response, *tables.reminding("crisis" if crisis else "emergency")])
        if new or crisis:
            return [Piece("emergency", line)], True
        return [Piece("emergency", line), *(Piece("flag", flag.response) for flag in unsaid[:1])], False
    if unsaid:
        second = [flag for flag in unsaid[1:] if _number(flag) in tables.own_instruction]
        return [Piece("flag", flag.response) for flag in (unsaid[0], *second[:1])], False
    if fresh:
        return [Piece("flag", oldest(said, tables.reminding(fresh[0].tier)))], False
    return [], False


def reminder(tables: Tables, assessment: Assessment, said: Sequence[str]) -> str:
    """The short "as I said" line for what was already told to do; not twice running in the same words."""
    key: str = assessment.urgency
    if key == "same_day":
        key = "hour" if any(flag.tier == "hour" for flag in assessment.red_flags) else "day"
    return oldest(said, tables.reminding(key))


def oldest(said: Sequence[str], names: Sequence[str]) -> str:
    """The first not said yet, else the one said longest ago: none comes twice in a row while there is another."""
    return min(names, key=lambda name: max((place for place, other in enumerate(said) if other == name), default=-1))


def _is_news(tables: Tables, flag: RedFlag, said: Sequence[str]) -> bool:
    """Whether a flag that this message does not raise is still to be told: nothing said so far asks for as much."""
    told = [name.rpartition("_")[2] for name in said if name.startswith("utter_flag_")]
    place = TIERS.index(flag.tier)
    more = place == 0 or all(TIERS.index(tier) > place for tier in told if tier in TIERS)
    return more or _number(flag) in tables.own_instruction


def _says(text: str, flag: RedFlag) -> bool:
    """Whether this message itself has the words that raised the flag."""
    return any(words and words.lower() in text.lower() for words in flag.evidence)


def _number(flag: RedFlag) -> str:
    """`R7` or `R7_b` → `r7`."""
    found = re.match(r"r\d+", flag.rule.lower())
    return found.group() if found else flag.rule.lower()
