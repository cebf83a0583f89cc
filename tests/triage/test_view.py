"""Which of several statements stands."""

from __future__ import annotations

import pytest
from triage_builders import found, told

from bot.triage.view import View
from bot.understanding.types import Subject


def test_a_later_denial_takes_a_symptom_back() -> None:
    first = told(found("swelling", site=["cheek"]))
    later = View.of(told(found("swelling", assertion="past"), to=first))
    assert [f.assertion for f in later.findings(["swelling"])] == ["past"]
    assert later.overridden == {1}


def test_a_denial_of_one_place_leaves_the_other() -> None:
    first = told(found("swelling", site=["cheek"]), found("swelling", site=["neck"]))
    later = View.of(told(found("swelling", assertion="absent", site=["neck"]), to=first))
    assert [(f.assertion, f.attributes["site"]) for f in later.findings(["swelling"])] == [
        ("present", ["cheek"]),
        ("absent", ["neck"]),
    ]


def test_within_one_message_both_stand() -> None:
    view = View.of(told(found("swelling", site=["cheek"]), found("swelling", assertion="absent")))
    assert [f.assertion for f in view.findings(["swelling"])] == ["present", "absent"]


def test_imagining_takes_nothing_back() -> None:
    view = View.of(told(found("fever", assertion="hypothetical"), to=told(found("fever"))))
    assert "present" in [f.assertion for f in view.findings(["fever"])]
    assert not view.overridden


def test_a_new_number_replaces_the_old_one() -> None:
    view = View.of(told(found("part_size_mm", 9.0), to=told(found("part_size_mm", 6.0))))
    assert [f.value for f in view.findings(["part_size_mm"])] == [9.0]


def test_parts_and_medicines_are_told_apart_by_value() -> None:
    first = told(found("part", "abutment"))
    view = View.of(told(found("part", "crown", assertion="absent"), to=first))
    assert [(f.value, f.assertion) for f in view.findings(["part"])] == [("abutment", "present"), ("crown", "absent")]


def test_hours_since_surgery_grow_between_turns() -> None:
    first = told(found("time_since_placement_weeks", 30 / 168))
    known = View.of(told(found("numbness"), to=first, hours_later=10)).surgery_hours()
    assert known is not None
    assert abs(known[0] - 40) < 1e-6


def test_the_latest_surgery_counts() -> None:
    known = View.of(
        told(found("time_since_placement_weeks", 12.0), found("surgery", "bone_graft", since_hours=20))
    ).surgery_hours()
    assert known is not None
    assert known[0] == 20


def test_until_shows_an_earlier_turn() -> None:
    history = told(found("fever"), to=told(found("pus")))
    assert View.of(history, until=1).findings(["pus", "fever"])[0].name == "pus"
    assert View.of(history, until=1).findings(["fever"]) == []


@pytest.mark.parametrize(
    ("new", "old", "stands"),
    [
        ("self", "self", ["absent"]),
        ("self", "child", ["absent"]),  # "no fever any more", said of the child named before
        ("child", "self", ["present", "absent"]),
        ("other", "child", ["present", "absent"]),
    ],
)
def test_a_denial_reaches_only_its_person(new: Subject, old: Subject, stands: list[str]) -> None:
    view = View.of(told(found("fever", assertion="absent", subject=new), to=told(found("fever", subject=old))))
    assert [f.assertion for f in view.findings(["fever"])] == stands


def test_the_writers_denial_is_their_own_when_they_told_of_both() -> None:
    both = told(found("fever", subject="child"), found("fever"))
    view = View.of(told(found("fever", assertion="absent"), to=both))
    assert [(f.subject, f.assertion) for f in view.findings(["fever"])] == [("child", "present"), ("self", "absent")]


def test_the_surgery_of_the_patient_counts() -> None:
    history = told(
        found("time_since_placement_weeks", 0.2, subject="child"),
        found("time_since_placement_weeks", 10.0),
        found("swelling"),
    )
    known = View.of(history).surgery_hours()
    assert known is not None
    assert known[0] == 1680


def test_the_fitting_of_a_crown_is_no_surgery() -> None:
    crown = found("time_since_placement_weeks", 0.1, surgery="crown_fitting")
    assert View.of(told(crown, found("surgery", "crown_fitting", since_hours=3))).surgery_hours() is None


def test_what_lasts_has_lasted_longer_the_next_day() -> None:
    first = told(found("numbness", since_hours=4.0), found("time_since_event_days", 1.0))
    view = View.of(told(to=first, hours_later=24))
    assert view.findings(["numbness"])[0].attributes["since_hours"] == 28
    assert view.findings(["time_since_event_days"])[0].value == 2
    assert view.findings(["numbness"])[0].text == "numbness"
