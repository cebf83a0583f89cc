"""What came out: three labels, never excluded by size."""

from __future__ import annotations

import math

import pytest
from triage_builders import found, told

from bot import content
from bot.triage.assess import Triage
from bot.triage.parts import FILE, Parts
from bot.triage.questions import FILE as QUESTIONS
from bot.triage.types import PartGuess
from bot.triage.view import View
from bot.understanding.types import Finding

OUT = found("part_out")


@pytest.fixture(scope="module")
def parts() -> Parts:
    return Parts()


def guess(parts: Parts, *findings: Finding, intents: tuple[str, ...] = ()) -> PartGuess | None:
    return parts.guess(View.of(told(*findings, intents=intents)))


@pytest.mark.parametrize(
    ("clues", "label"),
    [
        ([found("part", "abutment")], "screw_in_part"),
        ([found("part", "healing abutment"), found("stage", "no_crown_yet")], "screw_in_part"),
        ([found("thread_width", "thin"), found("threads", "lower")], "screw_in_part"),
        (
            [found("thread_width_mm", 1.8), found("stage", "crown_fitted"), found("part", "abutment screw")],
            "screw_in_part",
        ),
        ([found("tooth_attached"), found("big"), found("part", "screw")], "could_be_implant"),
        ([found("tooth_attached"), found("thread_width", "thick")], "could_be_implant"),
        ([found("threads", "whole"), found("thread_width_mm", 4.0)], "could_be_implant"),
        ([found("part", "implant"), found("empty_hole"), found("bleeding")], "could_be_implant"),
        ([found("part", "screw")], "cannot_tell"),
        ([found("part", "screw"), found("stage", "no_crown_yet")], "cannot_tell"),
        ([found("part_size_mm", 5.0), found("part", "screw")], "cannot_tell"),
        ([found("part_size_mm", 2.0)], "cannot_tell"),
        ([found("part_size_mm", 13.0)], "cannot_tell"),
        ([], "cannot_tell"),
    ],
)
def test_labels(parts: Parts, clues: list[Finding], label: str) -> None:
    result = guess(parts, OUT, *clues)
    assert result is not None
    assert result.label == label
    assert math.isclose(sum(result.candidates.values()), 1.0)


@pytest.mark.parametrize("size", [0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 9.9, 10.0, 13.0, 40.0])
@pytest.mark.parametrize("part", ["screw", "implant", "tooth"])
def test_size_alone_never_excludes_the_implant(parts: Parts, size: float, part: str) -> None:
    result = guess(parts, OUT, found("part", part), found("part_size_mm", size))
    assert result is not None
    assert result.candidates["implant"] >= 0.15
    assert result.label != "screw_in_part"


def test_thin_screw_with_tooth_points_to_the_crown(parts: Parts) -> None:
    result = guess(parts, OUT, found("tooth_attached"), found("thread_width", "thin"), intents=("ask_part_identity",))
    assert result is not None
    assert max(result.candidates, key=lambda name: result.candidates[name]) == "crown"
    assert any("screw-retained crown" in clue for clue in result.evidence)


def test_evidence_names_the_clue(parts: Parts) -> None:
    result = guess(parts, OUT, found("threads", "lower"))
    assert result is not None
    assert result.evidence == ("threads: lower half (for healing abutment)",)


def test_no_guess_where_nothing_came_out(parts: Parts) -> None:
    assert guess(parts, found("swelling"), found("part", "implant")) is None
    assert guess(parts, found("part_out", assertion="absent")) is None


def test_no_guess_where_the_patient_knows_it_is_a_crown_or_a_stitch(parts: Parts) -> None:
    assert guess(parts, OUT, found("part", "crown")) is None
    assert guess(parts, OUT, found("part", "stitches")) is None
    assert guess(parts, OUT, found("part", "crown"), intents=("ask_part_identity",)) is not None


def test_the_prior_of_the_implant_is_kept() -> None:
    data = content.load(FILE, FILE.with_suffix(".schema.json"))
    assert data["prior"]["implant"] >= 0.15
    assert math.isclose(sum(data["prior"].values()), 1.0)
    assert set(data["screw_in"]) <= set(data["prior"])
    size = [clue["weights"]["implant"] for clue in data["clues"] if clue.get("size")]
    assert all(abs(weight) <= 0.7 for weight in size), "size is the weakest clue"


# --- the picker
PICKER = next(row for row in content.load(QUESTIONS)["questions"] if row["id"] == "looks_like")
PICKS = {row["title"]: row["yields"][0]["value"] for row in PICKER["answers"] if row["yields"]}


def picked(words: str) -> View:
    return View.of(told(text=words, to=told(OUT), pending="looks_like"))


def test_every_pick_is_evidence_and_none_is_dead() -> None:
    clues = [clue["when"] for clue in content.load(FILE)["clues"]]
    assert sorted(PICKS.values()) == sorted(when["value"] for when in clues if when.get("finding") == "looks_like")


@pytest.mark.parametrize("title", PICKS)
def test_no_pick_excludes_the_implant(parts: Parts, title: str) -> None:
    result = parts.guess(picked(title))
    assert result is not None
    assert result.candidates["implant"] >= 0.15
    assert any(clue.startswith("picked: ") for clue in result.evidence)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Button on a screw", "screw_in_part"),
        ("button", "screw_in_part"),
        ("DISC", "screw_in_part"),
        ("Bolt with a head", "screw_in_part"),
        ("Metal cone", "screw_in_part"),
        ("stud", "screw_in_part"),
        ("Screw, no head", "could_be_implant"),
        ("SCREW", "could_be_implant"),
        ("Tooth on a screw", "could_be_implant"),
        ("BOTH", "could_be_implant"),
        ("Tooth alone", "cannot_tell"),
        ("not sure", "cannot_tell"),
        ("none of these", "cannot_tell"),
    ],
)
def test_a_pick_moves_the_label(parts: Parts, words: str, label: str) -> None:
    result = parts.guess(picked(words))
    assert result is not None
    assert result.label == label


def test_what_is_told_of_the_thread_outweighs_a_pick(parts: Parts) -> None:
    history = told(text="Button on a screw", to=told(OUT), pending="looks_like")
    result = parts.guess(View.of(told(found("thread_width", "thick"), to=history)))
    assert result is not None
    assert result.label == "could_be_implant"


def test_another_pick_replaces_the_first(parts: Parts) -> None:
    history = told(text="Button on a screw", to=told(OUT), pending="looks_like")
    view = View.of(told(text="Screw, no head", to=history, pending="looks_like"))
    result = parts.guess(view)
    assert result is not None
    assert [clue for clue in result.evidence if clue.startswith("picked")] == [
        "picked: screw without a head (for implant)"
    ]


def test_a_pick_never_lowers_the_urgency() -> None:
    triage = Triage()
    for title in PICKS:
        history = told(text=title, to=told(OUT), pending="looks_like")
        assert triage.assess(history).urgency == triage.assess(told(OUT)).urgency, title
