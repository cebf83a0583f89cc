"""A later message that names no symptom speaks of the earlier ones: it may raise, never lower."""

from __future__ import annotations

import pytest
from triage_builders import found, told

from bot.triage.assess import Triage
from bot.triage.view import View


@pytest.mark.parametrize(
    ("text", "trend"),
    [
        ("It's worse now", "worse"),
        ("its getting worse", "worse"),
        ("much worse than yesterday!!", "worse"),
        ("Worse.", "worse"),
        ("hi again, it got a lot worse overnight", "worse"),
        ("it is bigger today", "worse"),
        ("It went away but now it\u2019s back", "returned"),
        ("it has started again", "returned"),
        ("ITS BACK AGAIN", "returned"),
        ("it's spreading", "spreading"),
        ("now it is going up towards my eye", "spreading"),
    ],
)
def test_earlier_symptoms_go_on(text: str, trend: str) -> None:
    history = told(text=text, to=told(found("swelling", site=["cheek"])), hours_later=20)
    last = View.of(history).findings(["swelling"])[-1]
    assert (last.attributes["trend"], last.attributes["site"], last.text) == (trend, ["cheek"], "swelling")


@pytest.mark.parametrize(
    "text",
    [
        "it is not worse",
        "no it isn't getting worse",
        "it hasn't come back",
        "what if it gets worse?",
        "could it get worse",
        "a bit better today",
        "I'll be back again on Monday",
        "the price is worse for me than I thought",
        "thanks",
    ],
)
def test_what_denies_or_imagines_adds_nothing(text: str) -> None:
    assert len(told(text=text, to=told(found("swelling"))).facts) == 1


def test_a_symptom_that_is_over_does_not_go_on() -> None:
    over = told(found("swelling", assertion="past"), to=told(found("swelling")))
    assert len(told(text="it's worse now", to=over).facts) == 2


def test_a_named_symptom_speaks_for_itself() -> None:
    history = told(found("pain", trend="worse"), text="the pain is worse", to=told(found("pain"), found("swelling")))
    assert [f.finding.name for f in history.facts] == ["pain", "swelling", "pain", "swelling"]


def test_worse_the_next_day_raises(triage: Triage) -> None:
    first = told(found("time_since_placement_weeks", 0.6), found("pain", severity="mild"))
    assert triage.assess(first).urgency == "soon"
    later = triage.assess(told(text="it's worse now", to=first, hours_later=24))
    assert later.urgency == "same_day"
    assert later.red_flags[0].rule == "R17"


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("a lot worse now, like an 8", 8.0),
        ("it's a seven today", 7.0),
        ("still about 3", 3.0),
        ("like a 5 or so", 5.0),
        ("it is 9 mm", None),
        ("now it is 8 pm", None),
        ("like 8 of them", None),
        ("from 3 to like an 8", None),
        ("thanks", None),
    ],
)
def test_the_grade_of_the_pain_told_before(text: str, grade: float | None) -> None:
    last = View.of(told(text=text, to=told(found("pain")))).findings(["pain_severity"])
    assert [finding.value for finding in last] == ([] if grade is None else [grade])
    assert not View.of(told(text=text, to=told(found("swelling")))).findings(["pain_severity"])


@pytest.mark.parametrize(
    ("text", "pending", "name"),
    [
        ("swallowed it", "fever", "swallowed_part"),
        ("cant find it", "fever", "part_missing"),
        ("no", "photo", None),
        ("ok", "photo", None),
        ("like a pencil", "photo", "thread_width"),
    ],
)
def test_an_answer_to_an_earlier_question(text: str, pending: str, name: str | None) -> None:
    asked = told(found("part_out"), pending="where_is_part")
    after = told(text=text, to=asked, pending=pending)
    names = {fact.finding.name for fact in after.facts if fact.turn == after.turns}
    assert (name in names) if name else names.isdisjoint({"part_missing", "swallowed_part", "thread_width"})


def test_days_answer_how_long_ago_the_surgery_was() -> None:
    before = told(found("swelling"), pending="hours_since_surgery")
    after = told(found("time_since_event_days", 3.0), text="3 days", to=before, pending="hours_since_surgery")
    assert {fact.finding.name for fact in after.facts if fact.turn == after.turns} >= {"time_since_placement_weeks"}


def test_a_loose_part_that_is_swallowed_is_heard_in_one_word() -> None:
    after = told(text="swallowed", to=told(found("loose")))
    assert "swallowed_part" in {fact.finding.name for fact in after.facts if fact.turn == after.turns}
