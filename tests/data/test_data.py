"""Our own test messages: format, closed labels, what they must cover, and that they are nobody else's sentences."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rapidfuzz import fuzz, process

from bot.evaluation.messages import read
from bot.evaluation.metrics import SYMPTOMS
from bot.triage.types import URGENCIES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REAL = ROOT.parent / "shared" / "messages" / "dev.jsonl"

INTENTS = frozenset(
    {
        "report_part_out", "report_loose", "report_broken", "report_pain", "report_swelling", "report_bleeding",
        "report_numbness", "report_sinus", "report_reaction", "report_appearance", "ask_part_identity",
        "ask_gum_closing", "ask_self_fix", "ask_urgency", "ask_cause", "ask_normal", "ask_infection",
        "ask_retreatment", "ask_options", "ask_candidacy", "ask_risk", "ask_allergy_material",
        "ask_immediate_loading", "ask_bone_graft", "ask_bone_loss", "ask_healing_time", "ask_procedure",
        "ask_aftercare", "ask_medication", "ask_lifespan", "ask_cost", "ask_records_transfer", "ask_second_opinion",
        "ask_next_step", "ask_appointment", "inform", "greet", "thanks", "goodbye", "affirm", "deny", "unsure",
        "complaint", "talk_to_human", "bot_challenge", "crisis", "opt_out", "out_of_scope",
    }
)  # fmt: skip
ASSERTIONS = frozenset({"present", "absent", "past", "hypothetical"})
PARTS = frozenset(
    {
        "implant", "healing abutment", "abutment", "cover screw", "abutment screw", "screw", "multi-unit abutment",
        "overdenture attachment", "crown", "bridge", "denture", "tooth", "post", "bone graft", "stitches", "clot",
        "perio pack",
    }
)  # fmt: skip
NUMBERS = {  # lowest and highest value that a message can sensibly state
    "part_size_mm": (0.3, 60),
    "fever_c": (34, 43),
    "time_since_placement_weeks": (0, 2600),
    "time_since_event_days": (0, 8000),
    "age": (1, 110),
}
LOCATION = re.compile(r"(?=.)(upper|lower)?( ?(left|right))?( ?(front|back))?|tooth \d{1,2}")
STRING_LISTS = frozenset({"conditions", "allergies", "medications"})
KEYS = {"id", "text", "conversation", "received_at", "channel", "intents", "findings", "urgency", "urgency_acceptable",
        "reply_should"}  # fmt: skip
RUN = 9  # a shared run of this many words is a copy
SIMILAR = 90  # token_set_ratio from which two messages of SHORT or more words are one message in two versions
SHORT = 6

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


MESSAGES = rows("messages.jsonl")
SMALL = rows("small.jsonl")
ALL = MESSAGES + SMALL
HELD_OUT = (
    *("heldout.jsonl", "heldout_red_flags.jsonl", "heldout_red_flags_2.jsonl"),
    *("heldout_dialogues.jsonl", "heldout_dialogues_2.jsonl", "blind_red_flags.jsonl", "blind_dialogues.jsonl"),
)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower().replace("’", "'"))


def runs(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1))


def copies(ours: Iterable[tuple[str, str]], theirs: Iterable[tuple[str, str]]) -> list[str]:
    """Each pair (name, text) of ours that shares a run of words with, or is much like, one of theirs.

    token_set_ratio ignores what only the longer text says, so that a short sentence of common words "equals" any long
    message: it is asked only where one text has at most twice the words of the other.
    """
    others = [(name, text, len(words(text))) for name, text in theirs]
    where = {run: name for name, text, _ in others for run in runs(text)}
    found = []
    for name, text in ours:
        found += [f"{name} ~ {where[run]}: {' '.join(run)}" for run in runs(text) if run in where][:1]
        length = len(words(text))
        near = {
            place: other.lower()
            for place, (_, other, size) in enumerate(others)
            if min(length, size) >= SHORT and max(length, size) <= 2 * min(length, size)
        }
        for _, _, place in process.extract_iter(text.lower(), near, scorer=fuzz.token_set_ratio, score_cutoff=SIMILAR):
            found.append(f"{name} ~ {others[place][0]}: {others[place][1]}")
    return found


def training_sentences() -> list[tuple[str, str]]:
    """(intent, sentence) of every Rasa training example there is, without its entity marks."""
    sentences = []
    for path in sorted((ROOT / "nlu_data").rglob("*.yml")):
        for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu", ()):
            for line in str(block.get("examples") or "").splitlines():
                sentence = re.sub(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})", r"\1", line.strip().removeprefix("-").strip())
                sentences.append((str(block.get("intent")), sentence))
    return sentences


def second_look_sentences() -> list[tuple[str, str]]:
    """(group, sentence) of everything the learned second look is fitted on that is its own."""
    folder = ROOT / "bot" / "understanding" / "second_look"
    groups = [g for path in sorted(folder.glob("*.yml")) for g in yaml.safe_load(path.read_text("utf-8"))["groups"]]
    return [(group["about"], text) for group in groups for text in group["today"] + group["calm"]]


def texts(of: Iterable[Row]) -> list[tuple[str, str]]:
    return [(row["id"], row["text"]) for row in of]


@pytest.mark.parametrize("name", ["messages.jsonl", "small.jsonl"])
def test_the_evaluation_reads_every_line(name: str) -> None:
    messages, problems = read(HERE / name)
    assert problems == []
    assert len(messages) == len(rows(name))


@pytest.mark.parametrize("row", ALL, ids=lambda row: row["id"])
def test_row_has_only_labels_of_the_closed_lists(row: Row) -> None:
    assert set(row) <= KEYS
    assert row["text"].strip()
    assert row["channel"] in ("web", "sms")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", row["received_at"])
    assert row["intents"]
    assert set(row["intents"]) <= INTENTS
    assert len(row["intents"]) == len(set(row["intents"]))
    assert {row["urgency"], *row.get("urgency_acceptable", ())} <= set(URGENCIES)
    assert row["urgency"] not in row.get("urgency_acceptable", ())
    for name, value in row["findings"].items():
        if name in SYMPTOMS:
            assert value in ASSERTIONS, name
        elif name == "part":
            assert value
            assert set(value) <= PARTS
        elif name in NUMBERS:
            low, high = NUMBERS[name]
            assert low <= value <= high, name
        elif name == "pain_severity":
            assert value in ("mild", "moderate", "severe") or 0 <= value <= 10
        elif name == "tooth_location":
            assert value
            assert all(LOCATION.fullmatch(place) for place in value), value
        elif name == "subject":
            assert value in ("child", "other")
        else:
            assert name in STRING_LISTS, name
            assert value
            assert all(item == item.lower() for item in value)


@pytest.mark.parametrize("row", ALL, ids=lambda row: row["id"])
def test_labels_of_a_row_agree_with_each_other(row: Row) -> None:
    findings, intents = row["findings"], row["intents"]
    if "out_of_scope" in intents:
        assert (intents, findings, row["urgency"]) == (["out_of_scope"], {}, "info")
    if "crisis" in intents:
        assert row["urgency"] == "emergency"
    if "pain_severity" in findings:
        # a bare number that answers a question states no symptom of its own
        assert findings.get("pain") in ("present", "past") or intents == ["inform"]
    if findings.get("fever_c", 0) >= 38:
        assert findings.get("fever") in ("present", "past")
    if findings.get("breathing_trouble") == "present":
        assert row["urgency"] == "emergency"


def test_ids_are_unique() -> None:
    assert [name for name, count in Counter(row["id"] for row in ALL).items() if count > 1] == []


def test_conversations_are_unbroken_and_go_forward_in_time() -> None:
    for of in (MESSAGES, SMALL):
        turns: dict[str, list[int]] = {}
        for place, row in enumerate(of):
            if "conversation" in row:
                turns.setdefault(row["conversation"], []).append(place)
        for name, places in turns.items():
            assert 2 <= len(places) <= 5, name
            assert places == list(range(places[0], places[-1] + 1)), name
            times = [of[place]["received_at"] for place in places]
            assert times == sorted(times), name


def test_the_urgency_of_a_conversation_never_falls() -> None:
    for of in (MESSAGES, SMALL):
        highest: dict[str, int] = {}
        for row in of:
            if "conversation" in row:
                level = URGENCIES.index(row["urgency"])
                assert level >= highest.get(row["conversation"], 0), row["id"]
                highest[row["conversation"]] = level


def test_the_big_file_covers_what_it_must() -> None:
    main = Counter(row["intents"][0] for row in MESSAGES)
    any_place = Counter(intent for row in MESSAGES for intent in row["intents"])
    assert {name for name in INTENTS if main[name] < 4 or any_place[name] < 6} == set()
    assert {name for name in SYMPTOMS if not any(name in row["findings"] for row in MESSAGES)} == set()
    assert len(MESSAGES) >= 400
    assert len([r for r in MESSAGES if len(words(r["text"])) > 60 and len(r["intents"]) > 1]) >= 120
    assert main["out_of_scope"] >= 60
    assert len({r["conversation"] for r in MESSAGES if "conversation" in r}) >= 25
    assert len([r for r in MESSAGES if r.get("reply_should")]) >= 150
    assert len([r for r in MESSAGES if any(name.startswith("time_since") for name in r["findings"])]) >= 100
    assert len([r for r in MESSAGES if "part_size_mm" in r["findings"]]) >= 60
    not_now = [r for r in MESSAGES if any(r["findings"].get(name, "present") != "present" for name in SYMPTOMS)]
    assert len(not_now) >= 40
    assert len([r for r in MESSAGES if "subject" in r["findings"]]) >= 25
    assert len([r for r in MESSAGES if r["channel"] == "sms"]) >= 100


def test_every_red_flag_rule_up_to_r20_is_there() -> None:
    flags = [row for row in MESSAGES if row["id"].startswith("flag-r")]
    rules = Counter(row["id"].split("-")[1] for row in flags)
    assert {f"r{number:02}" for number in range(1, 21) if rules[f"r{number:02}"] < 3} == set()
    assert len(flags) >= 60
    low = [row["id"] for row in flags if row["urgency"] not in ("emergency", "same_day")]
    # a moving implant without other signs is the one rule that is seen within days (clinical.md, R18)
    assert [name for name in low if not name.startswith("flag-r18")] == []


def test_the_small_file_is_small_and_mixed() -> None:
    intents = {intent for row in SMALL for intent in row["intents"]}
    assert len(SMALL) == 24
    assert {"report_part_out", "ask_cost", "crisis", "out_of_scope", "greet", "thanks"} <= intents
    assert {row["urgency"] for row in SMALL} == set(URGENCIES)
    assert any("conversation" in row for row in SMALL)
    assert any(row["channel"] == "sms" for row in SMALL)


def test_no_message_stands_twice() -> None:
    pairs = [found for place, row in enumerate(ALL) for found in copies(texts([row]), texts(ALL[place + 1 :]))]
    assert pairs == []


def test_no_message_is_training_data() -> None:
    sentences = training_sentences()
    if not sentences:
        pytest.skip("no training data yet")
    assert copies(texts(ALL), sentences) == []


@pytest.mark.parametrize("name", ["messages.jsonl", "red_flags.jsonl", "small.jsonl"])
def test_no_message_is_what_the_second_look_learns_from(name: str) -> None:
    assert copies(second_look_sentences(), texts(rows(name))) == []


@pytest.mark.parametrize("name", HELD_OUT)
def test_nothing_that_is_held_out_is_known(name: str) -> None:
    assert read(HERE / name)[1] == []
    held_out = texts(rows(name))
    known = [*training_sentences(), *second_look_sentences(), *texts([*ALL, *rows("red_flags.jsonl")])]
    assert copies(held_out, known) == []


@pytest.mark.skipif(not REAL.exists(), reason="the real messages are not part of the project")
def test_no_message_is_taken_from_a_real_patient() -> None:
    real = texts(json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines())
    assert copies(texts(ALL), real) == []


@pytest.mark.skipif(not REAL.exists(), reason="the real messages are not part of the project")
def test_the_second_look_learns_from_no_real_patient() -> None:
    real = texts(json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines())
    assert copies(second_look_sentences(), real) == []


def test_a_copy_would_be_found() -> None:
    ours = [("a", "My cap fell out at lunch and I do not know what to do about it now")]
    assert copies(ours, [("b", "Well, my cap fell out at lunch and I do not complain")])
    assert copies(ours, [("c", "at lunch my cap fell out and now I do not know what to do about it")])
    assert not copies(ours, [("d", "The crown on my implant is loose and my dentist is on holiday until Monday")])
