"""Whatever stands around a red flag, and however it is typed, it is raised; nothing said later lowers it.

These hold for the rules alone, which are what must not fail; the second look may add to them and, for a bare word in a
calm sentence, turn a flag into a check question: `test_the_whole_...` tries both together.
"Lower" is less by `URGENCIES` (info, routine, soon, same_day, emergency). Within same_day the hour a person has may
change with the facts a sentence adds, so tiers are not compared.
Every red flag of `invariant_texts.flags()` is one that is raised when it stands alone, or there is nothing to hide:
`test_most_written_red_flags_count` keeps that from becoming an excuse. What is narrowed says so in its docstring.
HYPOTHESIS_PROFILE=deep (`make test-deep`) runs 10,000 examples of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import product
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from invariant_texts import flags, messages
from triage_builders import NOW

from bot.reply.plan import Planner
from bot.triage.assess import Triage
from bot.triage.history import fold
from bot.triage.types import URGENCIES, Assessment, CaseHistory
from bot.understanding.embeddings import Encoder
from bot.understanding.pipeline import Understander
from bot.understanding.second_look import SecondLook

SAME_DAY, EMERGENCY = URGENCIES.index("same_day"), URGENCIES.index("emergency")
CHATTER = [
    "Hello there",
    "Thank you so much in advance",
    "Sorry for the long message",
    "I live out of town and the bus only runs twice a day",
    "My insurance card is new",
    "What are your opening hours",
    "Please give my regards to the receptionist",
    "I paid the deposit by card",
    "The parking was easy to find",
    "I have an appointment with you next month",
    "It was Dr. Miller who looked after me",
    "Can I get a copy of the invoice",
    "I hope this reaches the right person",
    "We are moving house in the summer",
    "My phone number has not changed",
    "ok",
    "lol",
    "\U0001f62d\U0001f62d\U0001f62d",
    "!!!",
    "\u00bfHablan espa\u00f1ol?",
]
END = [". ", "! ", "\n", "\n\n", "? ", "... ", " \U0001f630 \n"]
CLOSED = [". ", "! ", "\n", "\n\n", "... ", " \U0001f630 \n"]
_SENTENCE = re.compile(r"(?<=[.!?\n])\s+")
_GOES_ON = re.compile(r"(?:it|it's|its|that|this|they|he|she)\b", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:stopp?ed|gone|goes|settled|passed|clear(?:ed)?|healed|resolved|eased|subsided|ended|over|fine|all good|"
    r"well now|ok|okay|better|normal|again|since|never|went|came|wore|dried|died|let up|fixed|sorted|ago|used to|"
    r"bien|paso|quito)\b",
    re.IGNORECASE,
)
"""Words without which no sentence tells an end."""
_TIMES = frozenset({"time_since_placement_weeks", "time_since_event_days", "lower_anaesthetic"})
OWN = frozenset(messages())


@lru_cache(maxsize=1)
def rooms() -> tuple[Understander, Triage]:
    return Understander(), Triage()


@lru_cache(maxsize=1)
def other_rooms() -> tuple[Understander, Triage]:
    return Understander(), Triage()


@lru_cache(maxsize=1)
def plans() -> Planner:
    return Planner()


@lru_cache(maxsize=1)
def looks() -> SecondLook:
    return SecondLook(Encoder())


def told(turns: Sequence[str], by: tuple[Understander, Triage] | None = None) -> list[Assessment]:
    """The assessment after each message of one conversation, an hour apart."""
    understander, triage = by or rooms()
    history, found = CaseHistory(), []
    for number, text in enumerate(turns):
        at: datetime = NOW + timedelta(hours=number)
        history = fold(history, understander.understand(text, at), (), at)
        assessment = triage.assess(history)
        history = replace(history, urgency=assessment.urgency)
        found.append(assessment)
    return found


def level(text: str) -> int:
    return URGENCIES.index(told([text])[-1].urgency)


@cache
def alone(text: str) -> int:
    """The level of one of our own texts."""
    return level(text)


def known(text: str) -> int:
    return alone(text) if text in OWN else level(text)


def states_time(text: str) -> bool:
    """Whether a text says when the surgery, the injection or the event was, or how long something has lasted."""
    findings = rooms()[0].understand(text, NOW).findings
    return any(f.name in _TIMES or "since_hours" in f.attributes for f in findings)


def denies(message: str, flag: str) -> bool:
    """Whether the message denies a sign that the flag tells."""
    understand = rooms()[0].understand
    told_of = {f.name for f in understand(flag, NOW).findings}
    return any(f.assertion == "absent" and f.name in told_of for f in understand(message, NOW).findings)


@lru_cache(maxsize=1)
def raised() -> list[str]:
    """The red flags that are raised alone."""
    return [text for text in flags() if alone(text) >= SAME_DAY]


@lru_cache(maxsize=1)
def emergencies() -> list[str]:
    return [text for text in raised() if alone(text) == EMERGENCY]


red_flags = st.deferred(lambda: st.sampled_from(raised()))
grave = st.deferred(lambda: st.sampled_from(emergencies()))
own = st.sampled_from(messages())
anything = st.one_of(own, own, own, st.text(max_size=80), st.sampled_from(CHATTER))
chatter = st.lists(st.sampled_from(CHATTER), max_size=4)
ends = st.sampled_from(END)
places = st.sampled_from(["behind", "before", "between"])


def test_most_written_red_flags_count() -> None:
    written = flags()
    assert len(written) > 1_500
    assert len(messages()) > 10_000
    assert len(raised()) > 0.97 * len(written)
    assert len(emergencies()) > 500


@given(anything, red_flags, ends, places)
def test_a_red_flag_lowers_no_message(message: str, flag: str, end: str, place: str) -> None:
    """Issue 4, item 8, for every message and every place of the sentence.

    Narrowed: a red flag that also states a time (when the surgery was) may lower an emergency of the message to
    same_day, for the rules weigh a bruise or a numb lip by it; never further. It is not put between a sentence and the
    "it ..." that goes on with it, but behind both.
    """
    if place == "between" and _GOES_ON.match("".join(_SENTENCE.split(message)[1:2])):
        place = "behind"
    before = known(message)
    allowed = SAME_DAY if before == EMERGENCY and states_time(flag) else before
    assert level(_placed(message, flag, end, place)) >= allowed


@given(anything, grave, ends, places)
def test_no_message_hides_an_emergency(message: str, flag: str, end: str, place: str) -> None:
    """Any message of ours, or any text, around any emergency.

    Narrowed: where words of an end stand behind it (`_OVER`: "it's all fine now"), a check or a question is enough.
    """
    result = told([_placed(message, flag, end, place)])[-1]
    _is_emergency(result, "" if place == "behind" else message)


@given(anything, red_flags, ends, places)
def test_no_message_hides_a_red_flag(message: str, flag: str, end: str, place: str) -> None:
    """The same for red flags of any level.

    Narrowed: where the message states a time (numb an hour after the injection, swollen on day two) or denies the same
    sign ("no fever" beside chills), or words of an end stand behind the flag, it may become less.
    """
    explained = states_time(message) or denies(message, flag) or (place != "behind" and bool(_OVER.search(message)))
    event("explained" if explained else "must be raised")
    if not explained:
        assert level(_placed(message, flag, end, place)) >= SAME_DAY


def _is_emergency(result: Assessment, behind: str) -> None:
    if _OVER.search(behind):
        event("an end may be told")
        assert URGENCIES.index(result.urgency) >= SAME_DAY or result.check or result.question
    else:
        assert result.urgency == "emergency"


def _placed(message: str, flag: str, end: str, place: str) -> str:
    if place == "behind":
        return message + end + flag
    if place == "before":
        return flag + end + message
    first, *rest = _SENTENCE.split(message)
    return first + end + flag + end + " ".join(rest)


@given(red_flags, chatter, chatter, ends)
def test_chatter_hides_no_flag(flag: str, before: list[str], after: list[str], end: str) -> None:
    assert level(end.join([*before, flag, *after])) >= alone(flag)


@given(red_flags, st.permutations(CHATTER[:8]), st.integers(0, 8), ends)
def test_order_hides_no_flag(flag: str, others: list[str], place: int, end: str) -> None:
    """The order of a message's sentences; a red flag told in several sentences stays together."""
    assert level(end.join([*others[:place], flag, *others[place:]])) >= alone(flag)


@given(own, st.randoms(use_true_random=False), grave)
def test_an_emergency_stands_among_a_message_in_any_order(message: str, chance: Random, flag: str) -> None:
    """Every sentence of any message of ours, shuffled, with an emergency somewhere among them.

    Narrowed as in `test_no_message_hides_an_emergency`.
    """
    others = [sentence for sentence in _SENTENCE.split(message) if sentence.strip()]
    chance.shuffle(others)
    place = chance.randint(0, len(others))
    result = told(["\n".join([*others[:place], flag, *others[place:]])])[-1]
    _is_emergency(result, " ".join(others[place:]))


WRITINGS = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "no end": lambda text: text.rstrip(".!? "),
    "no punctuation": lambda text: re.sub(r"(?<!\d)[.,;:!?]|[.,;:!?](?!\d)", "", text),
    "typographic apostrophes": lambda text: text.replace("'", "\u2019"),
    "backticks": lambda text: text.replace("'", "`"),
    "no apostrophes": lambda text: text.replace("'", ""),
    "double spaces": lambda text: text.replace(" ", "  "),
    "emoji between": lambda text: text + " \U0001f62d\U0001f64f",
    "emoji before": lambda text: "\U0001f6a8 " + text,
    "exclamation": lambda text: text + "!!!!",
    "dots": lambda text: "..." + text + "...",
}
MARKED = [
    text
    for text in flags()
    if len(_SENTENCE.split(text)) == 1 and "," not in text and ";" not in text and ":" not in text
]
"""One clause each: taking all marks away joins no two statements."""


@given(st.sampled_from(MARKED), st.lists(st.sampled_from(sorted(WRITINGS)), min_size=1, max_size=3), chatter)
def test_writing_hides_no_flag(flag: str, ways: list[str], before: list[str]) -> None:
    text = flag
    for way in ways:
        text = WRITINGS[way](text)
    assert level("\n".join([*before, text])) >= min(alone(flag), SAME_DAY), (ways, text)


GENTLE = sorted(set(WRITINGS) - {"no punctuation"})


@given(red_flags, st.lists(st.sampled_from(GENTLE), min_size=1, max_size=3), chatter)
def test_writing_that_keeps_the_marks_hides_no_flag(flag: str, ways: list[str], before: list[str]) -> None:
    """Every own red flag of any length. Taking its full stops away is left to single sentences (`MARKED`):
    a paragraph without any says other things."""
    text = flag
    for way in ways:
        text = WRITINGS[way](text)
    assert level("\n".join([*before, text])) >= min(alone(flag), SAME_DAY), (ways, text)


turns_of_any_kind = st.lists(
    st.one_of(red_flags, own, st.sampled_from(CHATTER), st.text(max_size=40)), min_size=1, max_size=5
)


@given(turns_of_any_kind)
def test_urgency_never_falls_and_is_the_same_each_time(turns: list[str]) -> None:
    """The second time by other instances, which have read none of what the first ones have."""
    first, again = told(turns), told(turns, other_rooms())
    assert [a.to_dict() for a in first] == [a.to_dict() for a in again]
    levels = [URGENCIES.index(a.urgency) for a in first]
    assert levels == sorted(levels)


@given(grave, st.lists(anything, max_size=3))
def test_an_emergency_stays_with_its_words(flag: str, later: list[str]) -> None:
    after = told([flag, *later])[-1]
    assert after.urgency == "emergency"
    raised_by = [flag for flag in after.red_flags if flag.tier == "emergency"]
    assert raised_by
    assert all(flag.evidence for flag in raised_by)


@given(turns_of_any_kind)
def test_sms_and_web_get_the_same_urgency(turns: list[str]) -> None:
    """Turn by turn, with the questions that each channel had room for: what is asked decides what a "yes" means."""
    assert _talk(turns, "web") == _talk(turns, "sms")


def _talk(turns: Sequence[str], channel: str) -> list[str]:
    (understander, triage), planner = rooms(), plans()
    history, levels = CaseHistory(), []
    for number, text in enumerate(turns):
        at = NOW + timedelta(hours=number)
        understanding = understander.understand(text, at)
        history = fold(history, understanding, (), at)
        assessment = triage.assess(history)
        history = replace(history, urgency=assessment.urgency)
        history = planner.plan(history, assessment, (), understanding, channel).history
        levels.append(assessment.urgency)
    return levels


SIGNS = {
    "breath": "I can't breathe properly.",
    "blood": "The bleeding won't stop, my mouth keeps filling.",
    "neck": "My neck is swelling up.",
    "eye": "The swelling has gone up to my eye.",
    "stroke": "Half her face is drooping.",
    "lip": "My chin has been numb since the surgery last week.",
    "fever": "My face is swollen and I have a fever of 101.5.",
    "pus": "Pus is coming out around my implant.",
}
ENDINGS = {
    "blood": ["The bleeding stopped.", "The nosebleed from Monday has dried up."],
    "lip": ["The feeling in my lip came back.", "The numbness wore off."],
    "fever": ["The fever is gone.", "My temperature went down by Sunday."],
    "pus": ["The pus has cleared up."],
    "": [
        "The hiccups stopped.",
        "It fell into the sink and went down the drain.",
        "It left a bad taste that nobody rang.",
    ],
}


@pytest.mark.parametrize(
    ("sign", "ending"),
    [
        (text, end)
        for (name, text), (ended, ends) in product(SIGNS.items(), ENDINGS.items())
        for end in ends
        if name != ended
    ],
)
def test_the_end_of_another_sign_ends_nothing(sign: str, ending: str) -> None:
    assert level(f"{sign} {ending}") >= alone(sign) >= SAME_DAY


@settings(max_examples=max(10, settings().max_examples // 10))
@given(own, red_flags, st.sampled_from(CLOSED), places)
def test_the_whole_with_the_second_look(message: str, flag: str, end: str, place: str) -> None:
    """Rules and second look together, a tenth of the examples: an added red flag lowers no message of ours.

    Narrowed as in `test_a_red_flag_lowers_no_message`.
    """
    before = seen(message)
    allowed = SAME_DAY if before == EMERGENCY and states_time(flag) else before
    assert seen(_placed(message, flag, end, place)) >= allowed


def seen(text: str) -> int:
    understander, triage = rooms()
    understanding = looks().look(understander.understand(text, NOW))
    return URGENCIES.index(triage.assess(fold(CaseHistory(), understanding, (), NOW)).urgency)
