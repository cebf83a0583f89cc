"""Which topic answers which question."""

from __future__ import annotations

from typing import Any

import pytest
from reply_talk import Talk

from bot.reply.responses import load_responses
from bot.reply.tables import Tables
from bot.understanding.types import Finding

DEFAULTS = {
    "ask_part_identity": "part_identity",
    "ask_gum_closing": "gum_closing",
    "ask_self_fix": "self_fix",
    "ask_urgency": "urgency",
    "ask_cause": "cause",
    "ask_normal": "usual",
    "ask_infection": "infection",
    "ask_retreatment": "retreatment",
    "ask_options": "options",
    "ask_candidacy": "candidacy",
    "ask_risk": "risk",
    "ask_allergy_material": "rejection",
    "ask_immediate_loading": "immediate",
    "ask_bone_graft": "bone_graft",
    "ask_bone_loss": "bone_loss",
    "ask_healing_time": "healing_time",
    "ask_procedure": "procedure",
    "ask_aftercare": "aftercare",
    "ask_medication": "medicines",
    "ask_lifespan": "lifespan",
    "ask_cost": "cost",
    "ask_records_transfer": "records",
    "ask_second_opinion": "second_opinion",
    "ask_next_step": "next_step",
    "ask_appointment": "appointment",
}


@pytest.mark.parametrize(("intent", "topic"), DEFAULTS.items())
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_every_question_has_an_answer_of_its_own(intent: str, topic: str, channel: str) -> None:
    assert Talk(channel).say("please tell me", (intent,)) == (f"utter_answer_{topic}",)


def medication(kind: str) -> Finding:
    return Finding("medication", "x", attributes={"class": kind})


def condition(kind: str) -> Finding:
    return Finding("condition", "x", attributes={"class": kind})


# topics that another question leads to
SHARED = {"brand": "records", "options_after_loss": "options"}

SPECIFIC: tuple[tuple[str, str, tuple[Finding, ...], str], ...] = (
    ("ask_self_fix", "can I superglue it", (), "glue"),
    ("ask_self_fix", "is denture adhesive ok to hold it", (), "glue"),
    ("ask_self_fix", "may I tighten it with an allen key", (), "tighten"),
    ("ask_self_fix", "can I screw it back in", (), "self_fix"),
    ("ask_self_fix", "the screw is out, can I tighten it", (Finding("part_out"),), "self_fix"),
    ("ask_self_fix", "should I pull it out", (), "loose_meanwhile"),
    ("ask_urgency", "it hangs by a thread, can it wait", (), "loose_meanwhile"),
    ("ask_urgency", "what if I swallow the cap", (Finding("swallowed_part", assertion="hypothetical"),), "swallowed"),
    ("ask_medication", "should I stop my eliquis", (), "blood_thinners"),
    ("ask_medication", "should I stop it", (medication("anticoagulant"),), "blood_thinners"),
    ("ask_risk", "is it dangerous with haemophilia", (), "bleeding_disorder"),
    ("ask_procedure", "what do you do then", (condition("bleeding_disorder"),), "bleeding_disorder"),
    ("ask_risk", "does fosamax matter", (), "bone_medicine"),
    ("ask_candidacy", "is it possible", (medication("antiresorptive"),), "bone_medicine"),
    ("ask_medication", "do I need antibiotics", (), "antibiotics"),
    ("ask_medication", "do I need something for my heart valve before", (), "heart_joint"),
    ("ask_medication", "can I take ibuprofen", (), "painkillers"),
    ("ask_risk", "is it risky while pregnant", (), "pregnancy"),
    ("ask_normal", "is it usual that it is still numb", (), "numb"),
    ("ask_normal", "is bleeding expected", (), "bleeding"),
    ("ask_normal", "does it taste bad for everyone, a bad taste?", (), "pus"),
    ("ask_infection", "is this pus", (Finding("pus"),), "pus"),
    ("ask_normal", "is so much swelling expected", (), "swelling"),
    ("ask_normal", "should it hurt this much", (), "pain"),
    ("ask_normal", "should it wobble, it is wobbling", (), "loose"),
    ("ask_normal", "is the white stuff okay", (), "gum_look"),
    ("ask_normal", "is it fine that a stitch came out", (), "stitches"),
    ("ask_normal", "it only hurts when I bite, is that ok", (), "bite"),
    ("ask_part_identity", "what is the metal thing in my gum", (), "metal_button"),
    ("ask_part_identity", "is it still there", (Finding("missing_in_mouth"),), "cannot_feel"),
    ("ask_part_identity", "is 5 mm too small to be the implant", (), "size"),
    ("ask_part_identity", "it is gold, which part is it", (), "color"),
    ("ask_part_identity", "tooth and screw out again, it had a root canal", (), "post"),
    ("ask_part_identity", "can I send you a photo of it", (), "photo"),
    ("ask_cause", "did the denture pull it out", (), "cause_denture"),
    ("ask_cause", "why does the screw keep coming loose again", (), "cause_loosening"),
    ("ask_cause", "why did it come out", (Finding("part_out"),), "cause_part_out"),
    ("ask_cause", "why did my implant fail", (), "failure_causes"),
    ("ask_cause", "what could be the reason", (Finding("pain"), Finding("swelling")), "cause_pain"),
    ("ask_cause", "was it the short implants", (), "short_implants"),
    ("ask_cause", "could the x-rays weaken it", (), "xray"),
    ("ask_retreatment", "can you reuse the same crown", (), "reuse"),
    ("ask_retreatment", "can it be repaired", (), "repair"),
    ("ask_bone_graft", "grains like sand come out, does the graft hold", (), "graft_grains"),
    ("ask_retreatment", "are the other implants at risk", (), "other_implants"),
    ("ask_options", "what about all on 4", (), "full_arch"),
    ("ask_risk", "does smoking matter", (), "smoking"),
    ("ask_risk", "any danger", (Finding("smoker"),), "smoking"),
    ("ask_risk", "I am diabetic, is it riskier", (), "diabetes"),
    ("ask_risk", "does grinding harm it", (), "grinding"),
    ("ask_risk", "I had radiation to the jaw", (), "radiotherapy"),
    ("ask_risk", "I take methotrexate", (), "immune"),
    ("ask_candidacy", "am I too old", (Finding("age", 82.0),), "older_age"),
    ("ask_candidacy", "is he too young at 16", (Finding("age", 16.0, subject="child"),), "teenagers"),
    ("ask_allergy_material", "is there nickel in it", (), "nickel"),
    ("ask_candidacy", "I react to metals", (), "nickel"),
    ("ask_allergy_material", "do you have zirconia", (), "ceramic"),
    ("ask_procedure", "how do they uncover it", (), "uncovering"),
    ("ask_aftercare", "what can I eat", (), "eating"),
    ("ask_aftercare", "how do I floss", (), "cleaning"),
    ("ask_aftercare", "when can I go to the gym", (), "exercise"),
    ("ask_aftercare", "can I fly on Friday", (), "flying"),
    ("ask_aftercare", "may I blow my nose", (), "sinus"),
    ("ask_aftercare", "is an MRI safe", (), "mri"),
    ("ask_aftercare", "can I wear my denture", (), "denture_wear"),
    ("ask_aftercare", "can I vape", (), "smoking"),
    ("ask_cost", "does insurance cover it", (), "insurance"),
    ("ask_aftercare", "should I ice it tonight", (), "cooling"),
    ("ask_aftercare", "and coffee?", (), "hot_drinks"),
    ("ask_aftercare", "when can I have a beer", (), "alcohol"),
    ("ask_procedure", "do I have to starve before it", (), "fasting"),
    ("ask_aftercare", "can I eat before the surgery", (), "fasting"),
    ("ask_aftercare", "can I wear my retainer tonight", (), "retainer"),
    ("ask_aftercare", "how do I brush near the surgery site", (), "cleaning_after"),
    ("ask_records_transfer", "can you send my x-rays to my new dentist", (), "records_out"),
    ("ask_records_transfer", "the old office did not send my x-rays", (), "records"),
    ("ask_cost", "can I get a quote in writing", (), "cost_plan"),
    ("ask_cost", "do I pay twice, is there a warranty", (), "cost_replacement"),
    ("ask_appointment", "Thursday after eleven would suit me", (), "appointment_wish"),
    ("ask_appointment", "are you open on Saturday", (), "hours"),
    ("ask_procedure", "how do they find out what kind it is", (), "records"),
    ("ask_procedure", "do I get sedation", (), "sedation"),
    ("ask_retreatment", "will it get better on its own", (), "by_itself"),
    ("ask_retreatment", "can you make a new one", (Finding("part", "abutment"),), "repair"),
    ("ask_self_fix", "can I take it out at night", (Finding("part", "denture"),), "denture_wear"),
)


@pytest.mark.parametrize(("intent", "text", "findings", "topic"), SPECIFIC)
def test_what_is_known_makes_the_answer_specific(intent: str, text: str, findings: Any, topic: str) -> None:
    assert f"utter_answer_{topic}" in Talk().say(text, (intent,), findings)


def test_the_price_is_no_reason_to_wait_where_somebody_must_act_today() -> None:
    said = Talk().say("what does it cost, my insurance is gone", ("ask_cost",), (), "same_day")
    assert "utter_answer_cost_urgent" in said
    assert not {"utter_answer_cost", "utter_answer_insurance"} & set(said)


def test_a_wider_topic_is_not_told_beside_the_narrower_one() -> None:
    assert Talk().say("can I eat soup and drink coffee", ("ask_aftercare",)) == ("utter_answer_hot_drinks",)


def test_background_of_an_earlier_turn_counts() -> None:
    talk = Talk()
    talk.say("I have diabetes", ("inform",), (condition("diabetes"),))
    assert talk.say("am I at risk", ("ask_risk",)) == ("utter_answer_diabetes",)


def test_a_symptom_of_an_earlier_turn_does_not_answer_a_new_question() -> None:
    talk = Talk()
    talk.say("it hurts", ("report_pain",), (Finding("pain"),), "routine")
    assert "utter_answer_usual" in talk.say("is this expected", ("ask_normal",), (), "routine")


def test_a_denied_condition_is_not_answered() -> None:
    said = Talk().say("any risk?", ("ask_risk",), (Finding("smoker", assertion="absent"),))
    assert said == ("utter_answer_risk",)


def test_two_conditions_in_one_question_get_two_answers() -> None:
    said = Talk().say("I smoke and have diabetes, what is my risk", ("ask_risk",))
    assert said == ("utter_answer_diabetes", "utter_answer_smoking")


def test_words_outside_the_question_do_not_choose_the_answer() -> None:
    text = (
        "I lost number 7. My gum is fine, no pain. I chew gum at work. I brush a lot. How long until the crown is made?"
    )
    assert Talk().say(text, ("ask_healing_time",)) == ("utter_answer_healing_time",)


def test_the_sentence_before_a_question_can_choose_the_answer() -> None:
    assert Talk().say("I vape. Does that matter?", ("ask_risk",)) == ("utter_answer_smoking",)


def test_what_is_known_of_the_patient_answers_one_question_only() -> None:
    known = (Finding("allergy", "nickel"), Finding("age", 70.0))
    text = "Am I a candidate? I react to jewelry. I am 70."
    assert Talk().say(text, ("ask_allergy_material", "ask_candidacy"), known) == ("utter_answer_nickel",)


def test_every_topic_can_be_reached_and_has_a_name_of_its_own() -> None:
    answers = Tables.load(load_responses()).answers
    topics = [row.key for row in answers]
    assert len(topics) == len(set(topics))
    assert {row.response for row in answers} == {f"utter_answer_{SHARED.get(topic, topic)}" for topic in topics}
    reached = set(DEFAULTS.values()) | {topic for *_, topic in SPECIFIC}
    assert {row.key for row in answers} - set(SHARED) - {"cost_urgent"} == reached
