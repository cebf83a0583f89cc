"""Terse messages that go on with the conversation."""

from __future__ import annotations

import pytest

from bot.reply.follow_ups import FollowUps
from bot.triage.types import CaseHistory, Fact
from bot.understanding.types import Finding

FOLLOW_UPS = FollowUps()
AT = "2026-03-03T10:00:00-05:00"
PILLS = Finding("medication", value="eliquis", attributes={"class": "anticoagulant"})


def before(*intents: str, finding: Finding | None = None) -> CaseHistory:
    facts = (Fact(finding, 1, AT),) if finding else ()
    return CaseHistory(turns=1, intents=intents, facts=facts)


@pytest.mark.parametrize(
    ("text", "found", "history", "expected"),
    [
        ("and tea?", ["out_of_scope"], before("ask_aftercare"), ["ask_aftercare"]),
        ("what about vaping", ["inform"], before("ask_aftercare"), ["ask_risk", "inform"]),
        ("wine?", ["out_of_scope"], before(), ["ask_aftercare"]),
        ("how long?", ["out_of_scope"], before("ask_cost", "ask_gum_closing"), ["ask_gum_closing"]),
        ("how long?", ["out_of_scope"], before(), ["ask_healing_time"]),
        ("why not?", ["out_of_scope"], before("ask_self_fix"), ["ask_self_fix"]),
        ("and on Sundays?", ["out_of_scope"], before("ask_appointment"), ["ask_appointment"]),
        ("monday ok?", ["out_of_scope"], before("report_pain"), ["ask_urgency"]),
        ("can I skip it tonight", ["ask_urgency"], before(finding=PILLS), ["ask_medication"]),
        ("how do I stop it bleeding", ["ask_next_step"], before(finding=PILLS), ["ask_next_step"]),
        ("can I skip it tonight", ["ask_urgency"], before(), ["ask_urgency"]),
        ("so how long does that last?", ["ask_lifespan"], before(finding=Finding("numbness")), ["ask_normal"]),
        ("so how long does that last?", ["ask_lifespan"], before(), ["ask_lifespan"]),
        ("should she throw up?", ["ask_aftercare"], before(finding=Finding("swallowed_part")), ["ask_next_step"]),
        ("you said that already, you already said it", ["out_of_scope"], before(), ["talk_to_human"]),
        ("can a human read this?", ["bot_challenge"], before(), ["talk_to_human"]),
        ("tea is nice", ["out_of_scope"], before("ask_aftercare"), ["out_of_scope"]),
        ("and tea?", ["out_of_scope"], CaseHistory(), ["out_of_scope"]),
        ("and my chin is numb, is tea ok?", ["report_numbness"], before(), ["report_numbness"]),
        ("thanks and coffee?", ["thanks", "ask_aftercare"], before(), ["thanks", "ask_aftercare"]),
        ("I want to die, and tea?", ["crisis"], before(), ["crisis"]),
    ],
)
def test_what_a_terse_message_asks(text: str, found: list[str], history: CaseHistory, expected: list[str]) -> None:
    assert FOLLOW_UPS.intents(text, found, (), history) == expected


@pytest.mark.parametrize(
    ("finding", "asked", "expected"),
    [
        (PILLS, "ask_risk", ["ask_medication", "inform"]),
        (Finding("condition", value="diabetes"), "ask_candidacy", ["ask_risk", "inform"]),
        (Finding("condition", value="diabetes", assertion="absent"), "ask_risk", ["inform"]),
        (Finding("condition", value="diabetes"), "ask_cost", ["inform"]),
        (Finding("allergy", value="nickel"), "ask_allergy_material", ["ask_allergy_material", "inform"]),
    ],
)
def test_what_patients_add_about_themselves(finding: Finding, asked: str, expected: list[str]) -> None:
    assert FOLLOW_UPS.intents("I also have this", ["inform"], (finding,), before(asked)) == expected
