"""From the cues that reach a symptom to one assertion: present, absent, past or hypothetical."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.understanding.context import Reached
from bot.understanding.mentions import Mention
from bot.understanding.types import Assertion

_NEVER_IMAGINED = frozenset({"self_harm", "condition"})  # no general question: "can I get one with diabetes?"
_ADJACENT = 4  # characters: "not breathing fine", but not "no swelling, afebrile"
_DEFINITE = re.compile(r"\b(?:the|my|this|these|that|his|her|our)\s+(?:\w+\s+){0,2}$")
_ANSWERED_NO = re.compile(
    r"^ ?[:?=-]+ ?(?:no|none|nope|nil|zero|0|negative|not at all|nada|nothing)(?![\w'])(?! \w)|"
    r"^,? i (?:said|say|have|had|noticed|feel) (?:none|nothing|no)(?![\w'])(?! \w)|"
    r"^,? (?:i )?(?:no|not|don't|never) (?:have|had|got|get|feel)(?= ?(?:[.,;!?)]|$))|"
    r"^(?: is| was| level| score| scale)*(?: an?| at)?[ :=]+(?:0|zero|nil|none)"
    r"(?: ?/ ?10| out of (?:10|ten))?(?![\w'.,/])"
)
_EXCEPT = re.compile(
    r"^(?: (?!but\b|and\b|so\b|can\b|will\b|wait|stay|i\b|we\b|you\b)[\w']+){0,4},? "
    r"(?:unless|except|until|till|other than (?:when|if|a|some|the)|apart from (?:when|if|a|some|the))\b"
)
"""What limits a denial behind its symptom: "no pain unless I bite", "never bled until last night"."""
_TURNED = re.compile(
    r"^[^.!?;\n]{0,50}?\bbut (?:(?:now|today|then|lately|recently|since \w+) )*(?:it|there|they|this|that) "
    r"(?:does|do|is|are|did|has)(?: now| today| again| a lot)?(?=\s*(?:[.,!?;)]|$|when|if|every|and))"
)
"""A denial taken back: "it didn't hurt at first but now it does"."""
_ALLERGY_ASKED = re.compile(
    r"\b(?:(?:am|is|are|was|could|can|might|may) (?:i|he|she|we|it|this|my \w+)|(?:i|he|she|it|this) (?:might|may|"
    r"could)|"
    r"(?:if|whether|in case|suppose) (?:i|he|she|i'm|he's|she's|it's|it|this))(?: (?:is|am|be|being|was|maybe|just|"
    r"also|somehow|a))* $"
)
"""Before "allergic to titanium": a question or a guess, no known allergy."""
_BEHIND_BRACKET = re.compile(r"\) ?(?:is|are|does|do|did|can|could|will|would|should)$")
"""A verb behind a bracket goes on with its sentence, it asks nothing."""
_LIST_COMMA = re.compile(r",\s*(?:the |my )?$")
_PREDICATE = re.compile(
    r"^ (?:is(?! not)|was(?! not)|are|has|gone|down|up|at|still|level|better|worse|mild|minimal|"
    r"manageable|comes|only when|when|\d)\b"
)
_ENDED_BEFORE = re.compile(r"\b(?:no more|no longer|not any ?more|isn't any more)(?: \w+){0,2} $")
_ENDED_BEHIND = re.compile(r"^(?: [\w']+){0,3} (?:any ?more|any longer)\b")
_DOUBT = re.compile(
    r"\b(?:kinda|kind of|sort of|sorta|a bit|bit|slightly|a little|maybe|possibly|probably|almost|nearly|might|may|"
    r"could have|think|must have|somewhat)\b"
)


def resolve(text: str, mention: Mention, reached: Sequence[Reached]) -> Assertion:
    """The assertion of one mention in the normalised `text`.

    Imagined beats all but a nearer sign that it is real; a negation never reaches a wording that has its own
    ("can't breathe"); what came back is present, whatever else is said.
    """
    fixed = mention.entry.assertion
    if mention.entry.finding == "allergy" and _ALLERGY_ASKED.search(text[: mention.start][-40:]):
        return "hypothetical"
    if fixed is None and not mention.own_negation and _ANSWERED_NO.match(text[mention.end : mention.end + 24]):
        return "absent"
    real = _nearest(reached, "present")
    imagined = _nearest(reached, "hypothetical")
    asked = _nearest(reached, "asked")
    if asked is not None and _BEHIND_BRACKET.search(text[: mention.start - asked]):
        asked = None
    if (
        asked is not None
        and (imagined is None or asked < imagined)
        and not _DEFINITE.search(text[: mention.start][-40:])
    ):
        imagined = asked
    if imagined is not None and (real is None or imagined < real) and mention.entry.finding not in _NEVER_IMAGINED:
        return "hypothetical"
    if fixed == "absent":
        denied = _nearest(reached, "negated")
        apart = mention.own_negation or "," in text[mention.start : mention.end]  # "I don't feel a thing, it's solid"
        doubled = denied is not None and denied <= _ADJACENT and not apart
        return "present" if mention.negated_inside or doubled else "absent"
    if fixed == "past":
        return "past"
    immune = mention.own_negation or fixed == "present"
    if not immune and (mention.negated_inside or _listed(text, mention, reached)):
        return _denied(text, mention)
    if real is None and _over(mention, reached):
        return "past"
    return "present"


def _listed(text: str, mention: Mention, reached: Sequence[Reached]) -> bool:
    """Whether a negation reaches it: not across a comma to one with its own verb ("no pus, pain down to a 1")."""
    own = _LIST_COMMA.search(text[: mention.start][-12:]) and _PREDICATE.match(text[mention.end : mention.end + 24])
    return any(cue.means == "negated" and (cue.behind or cue.distance == 0 or not own) for cue in reached)


def _denied(text: str, mention: Mention) -> Assertion:
    """What a denial leaves: the symptom under a condition, one that ended, or none at all."""
    behind = text[mention.end : mention.end + 90]
    if _EXCEPT.match(behind) or _TURNED.match(behind):
        return "present"
    if _ENDED_BEFORE.search(text[max(0, mention.start - 40) : mention.start]) or _ENDED_BEHIND.match(behind):
        return "past"
    return "absent"


def _over(mention: Mention, reached: Sequence[Reached]) -> bool:
    if mention.attributes.get("trend") == "returned":
        return False
    return any(cue.means == "past" and (cue.behind or mention.entry.assertion != "present") for cue in reached)


def doubtful(text: str, mention: Mention, reached: Sequence[Reached]) -> bool:
    """Whether the patient is not sure of it."""
    return _nearest(reached, "uncertain") is not None or bool(_DOUBT.search(text[mention.start : mention.end]))


def _nearest(reached: Sequence[Reached], means: str) -> int | None:
    return min((cue.distance for cue in reached if cue.means == means), default=None)
