"""From the cues that reach a symptom to one assertion: present, absent, past or hypothetical."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.understanding.context import Reached
from bot.understanding.mentions import Mention
from bot.understanding.types import Assertion

_DOUBT = re.compile(
    r"\b(?:kinda|kind of|sort of|sorta|a bit|bit|slightly|a little|maybe|possibly|probably|almost|nearly|might|may|"
    r"could have|think|must have|somewhat)\b"
)


def resolve(mention: Mention, reached: Sequence[Reached]) -> Assertion:
    """The assertion of one mention.

    Imagined beats all but a nearer sign that it is real; a negation never reaches a wording that has its own
    ("can't breathe"); what came back is present, whatever else is said.
    """
    fixed = mention.entry.assertion
    real = _nearest(reached, "present")
    imagined = _nearest(reached, "hypothetical")
    if imagined is not None and (real is None or imagined < real):
        return "hypothetical"
    if fixed in ("absent", "past", "hypothetical"):
        return fixed  # type: ignore[return-value]
    immune = mention.own_negation or fixed == "present"
    if not immune and (mention.negated_inside or _nearest(reached, "negated") is not None):
        return "absent"
    over = [cue for cue in reached if cue.means == "past" and (cue.behind or fixed != "present")]
    if over and real is None:
        return "past"
    then = _nearest(reached, "then") is not None and _nearest(reached, "long_ago") is not None
    return "past" if then and real is None else "present"


def doubtful(text: str, mention: Mention, reached: Sequence[Reached]) -> bool:
    """Whether the patient is not sure of it."""
    return _nearest(reached, "uncertain") is not None or bool(_DOUBT.search(text[mention.start : mention.end]))


def _nearest(reached: Sequence[Reached], means: str) -> int | None:
    return min((cue.distance for cue in reached if cue.means == means), default=None)
