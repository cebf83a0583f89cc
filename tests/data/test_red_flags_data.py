"""Our own red-flag messages: format, closed labels, labels that agree, what they must cover, and no copies.

`kind` is a key of this file only: the rule of section C that the message is a case of, or why a message that sounds
like one is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from rapidfuzz import fuzz, process
from test_data import ASSERTIONS, HERE, INTENTS, PARTS, REAL, ROOT, copies, rows, runs, texts, training_sentences, words

from bot.evaluation.messages import read
from bot.evaluation.metrics import SYMPTOMS
from bot.triage.types import URGENCIES

NAME = "red_flags.jsonl"
KEYS = {"id", "text", "conversation", "received_at", "channel", "kind", "intents", "findings", "urgency",
        "urgency_acceptable"}  # fmt: skip
EMERGENCY_KINDS = ("R1", "R2", "R3", "R4", "R6", "R8", "R10", "R13", "R14", "R25", "R26")
SAME_DAY_KINDS = ("R3", "R5", "R6", "R7", "R8", "R9", "R11", "R12", "R15", "R16", "R17", "R19", "R20", "R21", "R22",
                  "R23", "R28")  # fmt: skip
ALWAYS_EMERGENCY = ("R1", "R2", "R4", "R10", "R13", "R14")  # R26: vomiting after sedation is the hour tier
NEGATIVE_KINDS = ("negated", "denied", "past", "hypothetical", "question", "idiom", "lookalike", "story", "expected",
                  "fiction", "faq_medicine", "logistics", "elsewhere", "worry")  # fmt: skip
RAISED = {"emergency", "same_day"}
LONG = 50  # words above which a message is long
SPANISH = re.compile(r"[áéíóúñ¿]|\b(?:muchísimo|sangra|hinchad[oa]|implantes|sin|necesito)\b")
ENGLISH = re.compile(r"\b(?:the|and|is|my|i)\b")
SIMILAR = 85  # token_sort_ratio from which two messages of this file are one message in two versions

Row = dict[str, Any]

MESSAGES = rows(NAME)
FLAGS = [row for row in MESSAGES if row["urgency"] in RAISED]
NEGATIVES = [row for row in MESSAGES if row["urgency"] not in RAISED]


def conversations() -> dict[str, list[Row]]:
    """The turns of each conversation, in file order."""
    turns: dict[str, list[Row]] = {}
    for row in MESSAGES:
        if "conversation" in row:
            turns.setdefault(row["conversation"], []).append(row)
    return turns


def strings(value: Any) -> Iterator[str]:
    """Every string in a YAML value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def triage_texts() -> list[tuple[str, str]]:
    """(file, text) of every string in the data of triage: rules, questions and the detector's examples."""
    found = []
    for path in sorted((ROOT / "bot" / "triage").rglob("*.yml")):
        for value in strings(yaml.safe_load(path.read_text(encoding="utf-8"))):
            found += [(path.name, line) for line in value.splitlines()]
    return found


def test_the_evaluation_reads_every_line() -> None:
    messages, problems = read(HERE / NAME)
    assert problems == []
    assert len(messages) == len(MESSAGES)


def test_ids_are_unique_and_in_order() -> None:
    first = sum(row["id"].startswith("rf-") for row in MESSAGES)
    second = len(MESSAGES) - first  # the pool of fresh wordings for tuning
    expected = [f"rf-{n:04}" for n in range(1, first + 1)] + [f"rp-{n:03}" for n in range(1, second + 1)]
    assert [row["id"] for row in MESSAGES] == expected


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: row["id"])
def test_row_has_only_labels_of_the_closed_lists(row: Row) -> None:
    assert set(row) <= KEYS
    assert row["text"] == row["text"].strip() != ""
    assert row["channel"] in ("web", "sms")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", row["received_at"])
    assert row["intents"]
    assert set(row["intents"]) <= INTENTS
    assert len(row["intents"]) == len(set(row["intents"]))
    assert {row["urgency"], *row.get("urgency_acceptable", ())} <= set(URGENCIES)
    assert row["urgency"] not in row.get("urgency_acceptable", ())
    for name, value in row.get("findings", {}).items():
        if name == "part":
            assert set(value) <= PARTS
        elif name in SYMPTOMS:
            assert value in ASSERTIONS
        else:
            assert name in ("fever_c", "time_since_placement_weeks")
            assert value > 0


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: row["id"])
def test_urgency_agrees_with_kind(row: Row) -> None:
    acceptable = set(row.get("urgency_acceptable", ()))
    if row["kind"] in NEGATIVE_KINDS:
        assert not {row["urgency"], *acceptable} & RAISED
    else:
        assert row["kind"] in {*EMERGENCY_KINDS, *SAME_DAY_KINDS, "R18"}
        assert row["urgency"] in RAISED
    if row["kind"] in ALWAYS_EMERGENCY:
        assert row["urgency"] == "emergency"
    if row["urgency"] in RAISED:  # the yardstick of "no emergency missed" leaves no way down
        assert acceptable <= ({"emergency"} if row["urgency"] == "same_day" else set())
    if "crisis" in row["intents"]:
        assert row["kind"] == "R14"


def test_half_are_flags_and_half_are_not() -> None:
    assert len(MESSAGES) >= 420
    assert len(FLAGS) >= 210
    assert len(NEGATIVES) >= 210
    assert 0.45 <= len(FLAGS) / len(MESSAGES) <= 0.55


def test_every_kind_is_there_in_number() -> None:
    urgent = Counter((row["kind"], row["urgency"]) for row in MESSAGES)
    assert sum(row["urgency"] == "emergency" for row in MESSAGES) >= 110
    assert sum(row["urgency"] == "same_day" for row in MESSAGES) >= 100
    assert {kind: n for kind in EMERGENCY_KINDS if (n := urgent[kind, "emergency"]) < 7} == {}
    assert {kind: n for kind in SAME_DAY_KINDS if (n := urgent[kind, "same_day"]) < 4} == {}
    negatives = Counter(row["kind"] for row in NEGATIVES)
    assert {kind: n for kind in NEGATIVE_KINDS if (n := negatives[kind]) < 10} == {}


def test_every_way_of_writing_is_there() -> None:
    assert sum(len(row["text"].split()) > LONG for row in FLAGS) >= 60  # the flag hides in a story
    assert sum(len(row["text"].split()) > LONG for row in NEGATIVES) >= 20
    assert sum(row["channel"] == "sms" for row in MESSAGES) >= 120
    assert sum(row["text"].isupper() for row in MESSAGES) >= 15
    assert sum(any(ord(sign) > 0x2600 for sign in row["text"]) for row in MESSAGES) >= 8
    for of in (FLAGS, NEGATIVES):
        spanish = [row for row in of if SPANISH.search(row["text"].lower()) and not ENGLISH.search(row["text"].lower())]
        assert len(spanish) >= 12


def test_conversations_go_forward_and_their_urgency_never_falls() -> None:
    for name, turns in conversations().items():
        places = [MESSAGES.index(row) for row in turns]
        assert places == list(range(places[0], places[0] + len(turns))), name
        times = [row["received_at"] for row in turns]
        assert times == sorted(set(times)), name
        levels = [URGENCIES.index(row["urgency"]) for row in turns]
        assert levels == sorted(levels), name


def test_flags_come_second_and_are_played_down_afterwards() -> None:
    turns = list(conversations().values())
    second = [c for c in turns if c[0]["urgency"] not in RAISED and any(row["urgency"] in RAISED for row in c[1:])]
    assert len(second) >= 15
    assert sum(len(c) >= 2 and c[-2]["urgency"] == c[-1]["urgency"] == "emergency" for c in turns) >= 5
    assert any(all(row["urgency"] not in RAISED for row in c) for c in turns)


def test_no_two_messages_are_one() -> None:
    plain = [" ".join(words(row["text"])) for row in MESSAGES]
    scores = process.cdist(plain, plain, scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR)
    near = [(MESSAGES[a]["id"], MESSAGES[b]["id"]) for a, b in zip(*scores.nonzero()) if a < b]
    assert near == []
    seen: dict[tuple[str, ...], str] = {}
    for row in MESSAGES:
        for run in runs(row["text"]):
            assert seen.setdefault(run, row["id"]) == row["id"], run


def test_a_copied_run_is_found() -> None:
    ours = texts(MESSAGES[:1])
    assert copies(ours, [("copy", "Before it " + ours[0][1] + " and after")])


def test_no_copies_of_training_sentences() -> None:
    training = training_sentences()
    assert training
    assert copies(texts(MESSAGES), training) == []


def test_no_copies_of_the_triage_data() -> None:
    there = triage_texts()
    assert there
    assert copies(texts(MESSAGES), there) == []


@pytest.mark.skipif(not REAL.exists(), reason="the real messages are not at hand")
def test_no_run_of_a_real_message() -> None:
    real = {run for line in REAL.read_text(encoding="utf-8").splitlines() for run in runs(line)}
    assert real
    assert [row["id"] for row in MESSAGES if real & set(runs(row["text"]))] == []
