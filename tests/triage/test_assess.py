"""From findings to urgency, red flags, checks and questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from triage_builders import found, told

from bot.triage.assess import Triage
from bot.triage.types import URGENCIES, CaseHistory
from bot.understanding.types import Finding

WARFARIN = found("medication", "warfarin", **{"class": "anticoagulant"})
DIABETES = found("condition", "diabetes", **{"class": "diabetes"})
CHEMO = found("condition", "breast cancer", **{"class": "cancer_treatment"})


def hours(value: float) -> Finding:
    return found("time_since_placement_weeks", value / 168)


def flags(triage: Triage, *findings: Finding) -> dict[str, str]:
    return {flag.rule: flag.tier for flag in triage.assess(told(*findings)).red_flags}


@pytest.mark.parametrize(
    ("findings", "rule", "tier"),
    [
        ([found("breathing_trouble")], "R1", "emergency"),
        ([found("breathing_trouble", subject="other")], "R1", "emergency"),
        ([found("breathing_trouble", uncertain=True)], "R1", "emergency"),
        ([found("breathing_trouble", assertion="absent")], "R1", None),
        ([found("breathing_trouble", assertion="hypothetical")], "R1", None),
        ([found("drooling")], "R1", "emergency"),
        ([found("drooling"), found("numbness", site=["lip"])], "R1", None),
        ([found("swelling", site=["floor_of_mouth"])], "R2", "emergency"),
        ([found("bruise", site=["neck"]), hours(24)], "R2", "emergency"),
        ([found("bruise", site=["neck"])], "R2", "emergency"),
        ([found("bruise", site=["neck"]), hours(144)], "R2", None),
        ([found("bruise", site=["cheek"]), hours(24)], "R2", None),
        ([found("swelling", site=["eye"])], "R3", "emergency"),
        ([found("swelling", site=["cheek"]), found("fever")], "R3", "hour"),
        ([found("swelling", site=["cheek"]), found("fever"), DIABETES], "R3", "emergency"),
        ([found("trismus"), found("swelling")], "R3", "hour"),
        ([found("hot", site=["neck"])], "R3", "emergency"),
        ([found("confusion", text="quite muddled"), hours(70)], "R4", "emergency"),
        ([found("confusion"), found("pus")], "R4", "emergency"),
        ([found("confusion", text="I am so confused")], "R4", None),
        ([found("confusion", text="am so confused"), found("swelling")], "R4", None),
        ([found("confusion", text="am so confused"), found("fever")], "R4", "emergency"),
        ([found("confusion", subject="other")], "R4", "emergency"),
        ([found("fever")], "R5", "day"),
        ([found("fever_c", 38.0)], "R5", "day"),
        ([found("fever_c", 37.8)], "R5", None),
        ([found("fever"), hours(100)], "R5", "hour"),
        ([found("fever_c", 37.6), CHEMO], "R5", "emergency"),
        ([found("fever"), DIABETES], "R5", "hour"),
        ([found("bleeding", heavy=True)], "R6", "emergency"),
        ([found("bleeding"), found("faint")], "R6", "emergency"),
        ([found("bleeding", after_pressure_minutes=30)], "R6", "hour"),
        ([found("bleeding", after_pressure_minutes=10)], "R6", "day"),
        ([found("bleeding", after_pressure_minutes=30), WARFARIN], "R6", "emergency"),
        ([found("bleeding"), WARFARIN], "R6", "hour"),
        ([found("bleeding", severity="mild"), hours(10)], "R6", None),
        ([found("bleeding", severity="mild"), hours(10), WARFARIN], "R22", "day"),
        ([found("numbness", site=["lip"])], "R7", "hour"),
        ([found("numbness", site=["chin"]), hours(20)], "R7", "hour"),
        ([found("numbness", site=["chin"]), hours(40)], "R7", "day"),
        ([found("numbness", site=["chin"]), hours(2)], "R7", None),
        ([found("numbness"), found("lower_anaesthetic", since_hours=1.0)], "R7", None),
        ([found("numbness"), found("lower_anaesthetic", since_hours=9.0)], "R7", "hour"),
        ([found("numbness", trend="worse"), hours(2)], "R7", "day"),
        ([found("electric_pain"), hours(2)], "R7", "day"),
        ([found("numbness"), found("tooth_location", "upper", text="upper"), hours(20)], "R7", "day"),
        ([found("numbness", assertion="past")], "R7", None),
        ([found("electric_pain")], "R7", "day"),
        ([found("inhaled_part"), found("cough")], "R8", "emergency"),
        ([found("inhaled_part", uncertain=True)], "R8", "hour"),
        ([found("part_missing"), found("choking", assertion="past")], "R8", "hour"),
        ([found("part_missing")], "R8", "day"),
        ([found("part_out"), found("cough")], "R8", "emergency"),
        ([found("cough")], "R8", None),
        ([found("swallowed_part"), found("chest_pain")], "R9", "emergency"),
        ([found("swallowed_part"), found("part", "bridge")], "R9", "hour"),
        ([found("swallowed_part", assertion="past")], "R9", "day"),
        ([found("swallowed_part", assertion="hypothetical")], "R9", None),
        ([found("drug_taken"), found("swelling", site=["lip"])], "R10", "emergency"),
        ([found("rash"), found("breathing_trouble")], "R10", "emergency"),
        ([found("rash"), found("drug_taken")], "R11", "day"),
        ([found("rash"), found("allergy", "nickel")], "R11", None),
        ([found("sinus_leak")], "R12", "day"),
        ([found("chest_pain")], "R13", "emergency"),
        ([found("jaw_pain")], "R13", None),
        ([found("jaw_pain"), found("sweating")], "R13", "emergency"),
        ([found("self_harm")], "R14", "emergency"),
        ([found("self_harm", assertion="absent")], "R14", None),
        ([found("distress_idiom")], "R14", None),
        ([found("swelling", trend="worse"), hours(100)], "R15", "day"),
        ([found("swelling", trend="worse"), hours(30)], "R15", None),
        ([found("swelling"), hours(30)], "R15", None),
        ([found("swelling"), hours(300)], "R15", "day"),
        ([found("swelling", trend="better"), hours(300)], "R15", None),
        ([found("swelling", trend="worse")], "R15", "day"),
        ([found("swelling", trend="worse"), hours(100), DIABETES], "R15", "hour"),
        ([found("trismus", severity="mild"), hours(50)], "R16", "day"),
        ([found("trismus", trend="worse"), hours(50)], "R16", "hour"),
        ([found("trismus")], "R16", "hour"),
        ([found("trismus", trend="better"), hours(50)], "R16", None),
        ([found("pain_severity", 8)], "R17", "day"),
        ([found("pain_severity", 7)], "R17", None),
        ([found("pain", uncontrolled=True)], "R17", "day"),
        ([found("failed_treatment", text="painkillers do nothing")], "R17", "day"),
        ([found("failed_treatment", text="antibiotics do nothing")], "R3", "day"),
        ([found("failed_treatment", text="antibiotics do nothing"), found("swelling")], "R3", "hour"),
        ([found("swelling", severity="mild")], "R15", None),
        ([found("unwell", text="I'm dying here")], "R4", None),
        ([found("vomiting", text="throwing up")], "R26", "hour"),
        ([found("vomiting", text="threw up")], "R26", "day"),
        ([found("implant_moves"), found("pain")], "R18", "day"),
        ([found("implant_moves")], "R18", None),
        ([found("pus")], "R19", "day"),
        ([found("pus"), found("swelling", site=["cheek"])], "R19", "hour"),
        ([found("pus"), found("swelling", site=["gum"])], "R19", "day"),
        ([found("bad_taste")], "R19", "day"),
        ([found("exposed_bone")], "R20", "day"),
        ([found("not_healing")], "R20", None),
        ([found("not_healing"), found("medication", "fosamax", **{"class": "antiresorptive"})], "R20", "day"),
        ([DIABETES], "R21", None),
        ([DIABETES, found("redness")], "R21", "day"),
        ([WARFARIN], "R22", None),
        ([found("condition", "valve", **{"class": "heart_valve"}), found("fever")], "R23", "hour"),
        ([found("trauma"), found("unconscious")], "R25", "emergency"),
        ([found("trauma")], "R25", "day"),
        ([found("bite_changed")], "R25", "hour"),
        ([found("bite_changed"), found("high_bite")], "R25", None),
        ([found("seizure")], "R26", "emergency"),
        ([found("faint")], "R26", "hour"),
        ([found("overdose")], "R28", "hour"),
        ([found("overdose"), found("drowsy")], "R28", "emergency"),
    ],
)
def test_red_flags_and_their_tier(triage: Triage, findings: Sequence[Finding], rule: str, tier: str | None) -> None:
    assert flags(triage, *findings).get(rule) == tier


@pytest.mark.parametrize(
    ("findings", "intents", "urgency"),
    [
        ([found("part_out"), found("part", "healing abutment")], (), "soon"),
        ([found("part_out"), found("part", "stitches")], (), "routine"),
        ([found("loose")], (), "soon"),
        ([found("implant_moves")], (), "soon"),
        ([found("high_bite")], (), "soon"),
        ([found("missing_in_mouth")], (), "soon"),
        ([found("pain")], (), "soon"),
        ([found("pain"), hours(24)], (), "routine"),
        ([found("swelling"), hours(24)], (), "routine"),
        ([found("bleeding", severity="mild"), hours(5)], (), "routine"),
        ([found("pain", assertion="absent")], (), "info"),
        ([found("part_out", assertion="hypothetical")], ("ask_risk",), "info"),
        ([found("condition", "nickel allergy")], ("ask_allergy_material",), "info"),
        ([], ("ask_cost",), "info"),
        ([], ("report_broken",), "soon"),
        ([], ("talk_to_human",), "routine"),
        ([found("part_out")], ("ask_cost",), "soon"),
        ([], (), "info"),
    ],
)
def test_urgency_below_the_red_flags(
    triage: Triage, findings: Sequence[Finding], intents: tuple[str, ...], urgency: str
) -> None:
    assert triage.assess(told(*findings, intents=intents)).urgency == urgency


def test_evidence_and_source_explain_a_flag(triage: Triage) -> None:
    flag = triage.assess(told(found("numbness", text="my chin is dead", site=["chin"]))).red_flags[0]
    assert flag.evidence == ("my chin is dead",)
    assert flag.response == "utter_flag_r7_hour"
    assert "TGN" in flag.source


def test_a_raise_adds_its_words_and_source(triage: Triage) -> None:
    thinner = found("medication", "warfarin", text="warfarin", **{"class": "anticoagulant"})
    result = triage.assess(told(found("bleeding", text="it bleeds"), thinner))
    flag = next(flag for flag in result.red_flags if flag.rule == "R6")
    assert flag.evidence == ("it bleeds", "warfarin")
    assert flag.response == "utter_flag_r6_hour"
    assert "SDCEP-AC" in flag.source


def test_the_highest_tier_comes_first(triage: Triage) -> None:
    result = triage.assess(told(found("pus"), found("numbness", site=["lip"]), found("breathing_trouble")))
    assert [flag.tier for flag in result.red_flags] == ["emergency", "hour", "day"]


def test_a_doubtful_sentence_of_crisis_gets_the_gentle_check(triage: Triage) -> None:
    history = told(text="my cap fell out. everything is dark lately", intents=("report_part_out", "crisis"))
    result = triage.assess(history)
    assert result.urgency != "emergency"
    assert result.check is not None
    assert result.check.response == "utter_check_crisis"


def test_a_crisis_intent_raises_with_the_words_but_not_beside_an_idiom(triage: Triage) -> None:
    history = told(text="I see no way out", intents=("crisis",))
    assert [(f.rule, f.evidence) for f in triage.assess(history).red_flags] == [("R14", ("I see no way out",))]
    history = told(found("distress_idiom"), text="killing me", intents=("crisis",))
    result = triage.assess(history)
    assert result.red_flags == ()
    assert result.check is not None
    assert result.check.response == "utter_check_crisis"


def test_an_emergency_stays_raised_when_it_is_taken_back(triage: Triage) -> None:
    first = told(found("breathing_trouble", text="hard to breathe"))
    later = told(found("breathing_trouble", assertion="absent"), to=first)
    result = triage.assess(later)
    assert result.urgency == "emergency"
    assert [(f.rule, f.evidence) for f in result.red_flags] == [("R1", ("hard to breathe",))]


def test_urgency_never_falls_below_the_history(triage: Triage) -> None:
    history = replace(told(found("pus", assertion="past")), urgency="same_day")
    assert triage.assess(history).urgency == "same_day"


@pytest.mark.parametrize("addition", [found("breathing_trouble"), found("pus"), found("numbness", site=["chin"])])
def test_adding_a_sign_never_lowers_the_urgency(triage: Triage, addition: Finding) -> None:
    for base in (
        [],
        [found("part_out")],
        [found("pain", assertion="absent")],
        [found("swelling"), hours(20)],
        [DIABETES],
    ):
        before = triage.assess(told(*base)).urgency
        after = triage.assess(told(*base, addition)).urgency
        assert URGENCIES.index(after) >= URGENCIES.index(before)
        assert URGENCIES.index(after) >= URGENCIES.index("same_day")


def test_a_denied_emergency_sign_in_context_gets_one_check(triage: Triage) -> None:
    history = told(found("breathing_trouble", assertion="absent"), found("numbness", site=["chin"]))
    result = triage.assess(history)
    assert result.check is not None
    assert (result.check.id, result.check.response, result.question) == ("check_airway", "utter_check_airway", None)
    assert triage.assess(replace(history, asked=("check_airway",))).check is None


def test_a_denied_sign_without_context_gets_none(triage: Triage) -> None:
    assert triage.assess(told(found("breathing_trouble", assertion="absent"))).check is None


def test_a_denial_that_was_asked_for_gets_no_check(triage: Triage) -> None:
    history = told(text="no", to=told(found("swelling")), pending="swallowing")
    assert triage.assess(history).check is None


def test_an_unsure_answer_to_a_check_is_an_emergency(triage: Triage) -> None:
    history = told(found("breathing_trouble", assertion="absent"), found("swelling"))
    assert triage.assess(told(text="idk", to=history, pending="check_airway")).urgency == "emergency"
    assert triage.assess(told(text="no", to=history, pending="check_airway")).urgency == "same_day"


def test_no_question_in_an_emergency_and_none_for_plain_questions(triage: Triage) -> None:
    assert triage.assess(told(found("breathing_trouble"), found("part_out"))).question is None
    assert triage.assess(told(intents=("ask_cost", "ask_lifespan"))).question is None


@pytest.mark.parametrize(
    ("findings", "question"),
    [
        ([found("swelling")], "swallowing"),
        ([found("bleeding")], "bleeding_amount"),
        ([found("bleeding", heavy=False)], "hours_since_surgery"),
        ([found("bleeding", severity="mild"), hours(5)], "bleeding_pressure"),
        ([found("numbness")], "hours_since_surgery"),
        ([found("numbness"), hours(20)], "upper_lower"),
        ([found("part_out"), found("part", "abutment")], "where_is_part"),
        ([found("part_missing")], "cough"),
        ([found("part_out"), found("part_size_mm", 5.0)], "looks_like"),
        ([found("part_out"), found("part_size_mm", 5.0), found("part", "healing abutment")], "in_the_gum"),
        ([found("part_out"), found("part_size_mm", 5.0), found("threads", "whole")], "in_the_gum"),
        ([found("pain"), hours(20)], "numb_lip"),
        ([found("part_out"), found("part", "stitches")], None),
    ],
)
def test_the_next_best_question(triage: Triage, findings: Sequence[Finding], question: str | None) -> None:
    asked = triage.assess(told(*findings)).question
    assert (asked.id if asked else None) == question


def dialogue(triage: Triage, history: CaseHistory, replies: Sequence[str]) -> list[str]:
    """The questions a patient is asked who gives these replies."""
    asked = []
    for reply in replies:
        question = triage.assess(history).question
        if question is None:
            break
        asked.append(question.id)
        history = told(text=reply, to=history, pending=question.id)
    return asked


def test_never_the_same_question_twice_and_never_more_than_four(triage: Triage) -> None:
    asked = dialogue(triage, told(found("part_out"), found("part", "screw")), ["hm"] * 10)
    assert len(asked) == 4
    assert len(set(asked)) == 4


def test_after_four_a_new_story_may_be_asked_about_for_safety(triage: Triage) -> None:
    history = told(found("part_out"), found("part", "screw"))
    history = replace(history, asked=("where_is_part", "in_the_gum", "thread_width", "threads"))
    assert triage.assess(history).question is None
    later = triage.assess(told(found("bleeding"), to=history)).question
    assert later is not None
    assert later.id == "bleeding_amount"


def test_what_is_known_is_not_asked(triage: Triage) -> None:
    history = told(found("part_out"), found("part_missing", assertion="absent"), found("metal_in_gum"))
    history = told(text="Disc on a screw", to=history, pending="looks_like")
    question = triage.assess(history).question
    assert question is not None
    assert question.id == "thread_width"


def test_answers_drive_the_assessment(triage: Triage) -> None:
    history = told(found("bleeding"))
    history = told(text="FILLS", to=history, pending="bleeding_amount")
    assert triage.assess(history).urgency == "emergency"
    history = told(found("bleeding"))
    history = told(text="Still bleeding", to=history, pending="bleeding_pressure")
    assert flags(triage) == {}
    assert [f.tier for f in triage.assess(history).red_flags] == ["hour"]
