"""What a case is opened for besides red flags: whoever is told that a person will help is on the list of one."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest
from gateway_fakes import FakeEngine, House
from loop_patients import HOUR, Patient

from bot.clinic import Clinic
from bot.gateway.engine import EngineAssessment, EngineReply
from bot.gateway.handover import Handover
from bot.records.conversations import Draft
from bot.reply.plan import Planner
from bot.triage.types import Assessment, CaseHistory
from bot.understanding.types import Understanding

HANDOVER = Handover(Clinic.load())
AT = datetime.fromisoformat("2026-11-23T12:00:00-05:00")
LISTED = (
    "utter_handover",
    "utter_complaint",
    "utter_spanish",
    "utter_spanish_listed",
    "utter_other_language",
    "utter_answer_appointment_wish",
)


def reply(said: tuple[str, ...], intents: tuple[str, ...] = ("inform",), findings: tuple[dict[str, str], ...] = ()):
    history = CaseHistory(said=said)
    return EngineReply((Draft("x"),), history, EngineAssessment(urgency="info", red_flags=[]), intents, findings)


@pytest.mark.parametrize(
    ("before", "said", "intents", "rules"),
    [
        ((), ("utter_greet",), ("greet",), []),
        ((), ("utter_reprompt_1",), ("inform",), []),
        (("utter_reprompt_1",), ("utter_handover",), ("inform",), ["misunderstood"]),
        (("utter_out_of_scope",), ("utter_handover",), ("out_of_scope",), ["misunderstood"]),
        (("utter_reprompt_1",), ("utter_out_of_scope",), ("out_of_scope",), ["misunderstood"]),
        (("utter_reprompt_1", "utter_noted_1"), ("utter_reprompt_2",), ("inform",), []),  # not in a row
        (("utter_reprompt_1",), ("utter_answer_pain",), ("inform",), []),
        ((), ("utter_handover",), ("talk_to_human",), ["intent:talk_to_human"]),
        ((), ("utter_handover",), ("inform",), ["handed_over"]),
        ((), ("utter_complaint",), ("complaint",), ["intent:complaint"]),
        ((), ("utter_noted_1", "utter_handover"), ("ask_cost",), ["handed_over"]),
        ((), ("utter_answer_appointment_wish",), ("ask_appointment",), ["appointment_wish"]),
        ((), ("utter_spanish",), ("inform",), ["spanish"]),
        (("utter_reprompt_1",), ("utter_spanish",), ("inform",), ["spanish"]),
    ],
)
def test_grounds(before: tuple[str, ...], said: tuple[str, ...], intents: tuple[str, ...], rules: list[str]) -> None:
    found = HANDOVER.replied(before, reply((*before, *said), intents), "some words", AT)
    assert [reason.rule for reason in found] == rules
    assert {reason.level for reason in found} <= {"day"}
    assert {reason.due_at for reason in found} <= {Clinic.load().closing(AT)}


def test_what_nobody_could_read_is_read_within_the_hour() -> None:
    """Also after a message that was not understood: a red flag may be in it."""
    for before in ((), ("utter_reprompt_1",)):
        (reason,) = HANDOVER.replied(before, reply((*before, "utter_other_language")), "x", AT)
        assert (reason.rule, reason.level, reason.due_at) == ("other_language", "hour", AT + timedelta(hours=1))


def test_an_hour_is_an_hour_in_the_night_when_the_clocks_go_back() -> None:
    at = datetime.fromisoformat("2026-11-01T05:30:00+00:00").astimezone(Clinic.load().timezone)
    due = HANDOVER.due("hour", at)
    assert (due.timestamp() - at.timestamp(), due.tzinfo) == (3600, at.tzinfo)


def test_whoever_reads_that_they_are_on_the_list_is() -> None:
    befores = [(), ("utter_reprompt_2",), ("utter_out_of_scope",), ("utter_handover",)]
    intents = [("inform",), ("talk_to_human",), ("complaint",), ("out_of_scope",), ("ask_cost", "thanks")]
    for before, line, others, names in product(befores, LISTED, [(), ("utter_noted_1",)], intents):
        for said in ((*others, line), (line, *others)):
            assert HANDOVER.replied(before, reply((*before, *said), names), "x", AT), (before, said, names)


@pytest.mark.parametrize(
    ("finding", "rules"),
    [
        ({"name": "distress_idiom", "assertion": "present", "text": "at the end of my rope"}, ["distress"]),
        ({"name": "distress_idiom", "assertion": "absent", "text": "hopeless"}, []),
        ({"name": "pain", "assertion": "present", "text": "pain"}, []),
    ],
)
def test_distress_in_the_patients_own_words(finding: dict[str, str], rules: list[str]) -> None:
    found = HANDOVER.replied((), reply((), findings=(finding,)), "a long message", AT)
    assert [reason.rule for reason in found] == rules
    assert [reason.evidence for reason in found] == [(finding["text"],)] * len(rules)


def test_the_assistant_that_fails_twice_hands_over() -> None:
    """The real planner: what it says to two messages in a row that fit nothing."""
    planner, history = Planner(), CaseHistory()
    rules = []
    for n, text in enumerate(("qwer tzui", "asdf ghjk lkjh"), start=1):
        before = history
        history = CaseHistory(said=before.said, turns=n, texts=(*before.texts, text))
        understanding = Understanding(text, (), ((0, len(text)),))
        plan = planner.plan(history, Assessment("info"), ("out_of_scope",), understanding, "web")
        history = plan.history
        rules += [[each.rule for each in HANDOVER.replied(before.said, reply(history.said), text, AT)]]
    assert rules == [[], ["misunderstood"]]


async def test_through_the_way(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    engine.said = ["utter_reprompt_1"]
    await patient.write("qwer")
    assert patient.cases() == 0
    engine.said = ["utter_handover"]
    await patient.write("tzui", 1)
    case = patient.case
    assert [(rule["rule"], rule["level"], rule["evidence"]) for rule in case.rules] == [
        ("misunderstood", "day", ["tzui"])
    ]
    assert case.due_at == house.services.clinic.closing(house.now)
    patient.change_case(state="resolved", outcome="reached_advised", resolved_at=patient.when(5))
    engine.said = ["utter_thanks"]
    await patient.write("thank you", 6)
    assert patient.cases() == 1  # what is done stays done
    engine.said = ["utter_handover"]
    await patient.write("can I speak to somebody", 7)
    assert [rule["rule"] for rule in patient.case.rules] == ["handed_over"]
    assert patient.cases() == 2


async def test_one_case_for_all_of_it(house: House, engine: FakeEngine) -> None:
    patient = await Patient.come(house)
    engine.intents = ["complaint"]
    await patient.write("this is a scandal")
    await patient.write(HOUR, 1)
    engine.said = ["utter_handover"]
    await patient.write("a person", 2)
    assert patient.cases() == 1
    assert (patient.case.level, [rule["rule"] for rule in patient.case.rules]) == ("hour", ["intent:complaint", "R7"])
