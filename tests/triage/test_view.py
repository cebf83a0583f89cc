"""Which of several statements stands."""

from __future__ import annotations

from triage_builders import found, told

from bot.triage.view import View


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
