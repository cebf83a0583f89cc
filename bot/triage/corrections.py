"""What a message puts right of what was told before: a number, or the side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.triage.answers import plain
from bot.triage.types import CaseHistory
from bot.understanding.types import Finding, Understanding

_CUE = re.compile(
    r"\b(?:wrote|said|meant|typed|told|actually|sorry|oops|correction|typo|wrong|instead|rather|not|but)\b"
)
_ONE_NUMBER = re.compile(
    r"\b(?:meant|sorry|oops|correction|typo|wrong|actually|should be|nearer|closer|more like)\b"
    r".*?\d+(?:\.\d+)?(?: ?[a-z]+)?$"
)
"""With one number only, it must come last: "sorry, 9 mm", but not "sorry, I have 2 questions for you"."""
_LENGTH = 15
"""Words a sentence may have to be a correction and nothing else."""
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.\d[^.!?\n]*)*")
_SIDES = {"top": "upper", "bottom": "lower"}
_SIDE = re.compile(
    r"\b(?:i meant|i mean|meant to say|it ?'?s|it is|it was|make that|should be|wrong(?: side| jaw)?,?(?: it'?s)?)"
    r" (?:on |in )?(?:the |my |her |his )?((?:top|bottom|upper|lower)(?: (?:left|right))?|left|right)\b"
    r"(?! (?:now|here|there|away))"
)


def corrected(history: CaseHistory, understanding: Understanding, expected: bool) -> list[Finding]:
    """The message's findings; "I wrote 6 but it is 9" gives the 9 the name of the earlier 6, "I meant top" the place.

    Where a number is `expected` as an answer, a message with only one is that answer.
    """
    findings = list(understanding.findings)
    for sentence in _SENTENCE.finditer(understanding.text):
        if _DIGIT.search(sentence.group()):
            findings = _number(history, findings, understanding.text, sentence, expected)
    return [*findings, *_place(history, findings, understanding.text)]


def _number(
    history: CaseHistory, findings: list[Finding], text: str, sentence: re.Match[str], expected: bool
) -> list[Finding]:
    said = plain(sentence.group())
    numbers = list(dict.fromkeys(float(n) for n in _NUMBER.findall(said)))
    if len(numbers) not in (1, 2) or len(said.split()) > _LENGTH:
        return findings
    here = [f for f in findings if sentence.start() <= f.start < sentence.end()]
    known = [f.finding for f in reversed(history.facts) if isinstance(f.finding.value, (int, float))]
    known.sort(key=lambda finding: finding.name.startswith("time_"))  # a bare number is rarely a time
    if len(numbers) == 2 and _CUE.search(said):
        wrong = next((old for old in known if old.value in numbers), None)
        right = numbers[1] if wrong and wrong.value == numbers[0] else numbers[0]
    else:
        wrong = known[0] if known and not here and not expected and _ONE_NUMBER.search(said) else None
        right = numbers[0]
    if wrong is None:
        return findings
    kept = [f for f in findings if f.name != wrong.name]
    stated = [f for f in findings if f.name == wrong.name and f.value != wrong.value]
    if stated:
        return kept + stated
    start = text.find(f"{right:g}", sentence.start())
    words = f"{right:g}" if start >= 0 else ""
    return [*kept, replace(wrong, value=right, start=max(start, 0), end=max(start, 0) + len(words), text=words)]


def _place(history: CaseHistory, findings: list[Finding], text: str) -> Iterator[Finding]:
    """The jaw or side that is put right, where one was told before and this message names none as a finding."""
    told = next((f.finding for f in reversed(history.facts) if f.finding.name == "tooth_location"), None)
    said = _SIDE.search(text.lower().replace("’", "'"))
    if told is None or said is None or any(f.name == "tooth_location" for f in findings):
        return
    words = [_SIDES.get(word, word) for word in said[1].split()]
    before = str(told.value).split()
    jaw = next((word for word in words if word in ("upper", "lower")), None)
    side = next((word for word in words if word in ("left", "right")), None)
    jaw = jaw or next((word for word in before if word in ("upper", "lower")), None)
    side = side or next((word for word in before if word in ("left", "right")), None)
    value = " ".join(word for word in (jaw, side) if word)
    if value != told.value:
        start, end = said.span(1)
        yield replace(told, value=value, assertion="present", start=start, end=end, text=text[start:end])
