"""Every sentence a patient can read: both wordings, source, length, alphabet, reading grade, what is never said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from bot.clinic import Clinic
from bot.content import ROOT
from bot.reply.responses import Response, load_responses
from bot.reply.sms import LIMIT, ONE, is_gsm7, septets

pytest.importorskip("textstat", reason="the reading grade is measured in the gateway environment")
from content_reading import grade

RESPONSES = load_responses()
FILLED = {**Clinic.load().facts(datetime.fromisoformat("2026-11-21T12:00:00-05:00")), "heard": "12.5 mm, upper left"}
CHANNELS = ("web", "sms")
GRADE = 6.0
# Spanish cannot be counted as English
NOT_GRADED = re.compile("^utter_(other_language|spanish.*|.*_es)$")
WORDS = {"utter_answer_": 45, "utter_do_": 36, "utter_part_": 30, "utter_flag_": 62, "utter_question_": 40}
SEPTETS = {"utter_answer_": ONE, "utter_do_": 110, "utter_part_": 130, "utter_question_": 150}
FORBIDDEN = re.compile(
    r"\bnormal(ly)?\b|nothing to worry|not your implant|not an implant|not infected|no infection"
    r"|\b\d+ ?(mg|ml|milligrams?)\b|wait and see|usually comes back|comes back by itself|guarantee|for free|don't worry"
    r"|\bwarm compress|\bheat pad",
    re.IGNORECASE,
)
ONLY_DENIED = re.compile(
    r"\b(glue|push|screw|put) (it|them) (back|in)\b|\bglue it\b|\btighten\b|\bmake yourself sick\b|\bsqueeze\b"
    r"|\bblow your nose\b"
    r"|\b(stop|skip|change|pause) (or \w+ )?(it|a blood thinner|your (drugs?|medicines?)|a drug)\b|\bsleep with\b",
    re.IGNORECASE,
)
DENIAL = re.compile(r"\b(not|never|no)\b", re.IGNORECASE)


def text(response: Response, channel: str) -> str:
    return response.on(channel).text.format_map(FILLED)


def limit(limits: dict[str, int], name: str, default: int) -> int:
    return next((value for prefix, value in limits.items() if name.startswith(prefix)), default)


@pytest.fixture(params=sorted(RESPONSES))
def response(request: pytest.FixtureRequest) -> Response:
    return RESPONSES[request.param]


def test_there_are_responses_of_every_kind() -> None:
    kinds = {name.split("_")[1] for name in RESPONSES}
    assert {"answer", "do", "part", "flag", "check", "question"} <= kinds


def test_both_wordings_and_one_of_each(response: Response) -> None:
    assert sorted(str(variation.channel) for variation in response.variations) == ["None", "sms"]


def test_reading_grade(response: Response) -> None:
    if NOT_GRADED.match(response.name):
        return
    grades = {channel: grade(text(response, channel)) for channel in CHANNELS}
    assert max(grades.values()) <= GRADE, grades


def test_web_is_short(response: Response) -> None:
    assert len(text(response, "web").split()) <= limit(WORDS, response.name, 60)


def test_sms_is_gsm7_and_short(response: Response) -> None:
    sms = text(response, "sms")
    assert is_gsm7(sms)
    assert "\n" not in sms
    most = ONE if response.name.endswith("_emergency") else limit(SEPTETS, response.name, LIMIT)
    assert septets(sms) <= most, septets(sms)


@pytest.mark.parametrize("channel", CHANNELS)
def test_never_said(response: Response, channel: str) -> None:
    said = text(response, channel)
    assert not FORBIDDEN.search(said)
    for sentence in re.split(r"(?<=[.!?:]) ", said):
        assert not ONLY_DENIED.search(sentence) or DENIAL.search(sentence), sentence


def test_buttons_are_what_a_patient_could_type() -> None:
    for path, name, variation in _variations():
        for button in variation.get("buttons", ()):
            assert button["title"] == button["payload"], f"{path.name}: {name}"


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_safety_line_says_that_it_is_automated_and_whom_to_call(response: Response, channel: str) -> None:
    if response.name.startswith("utter_flag_"):
        said = text(response, channel)
        assert "utomated" in said
        assert FILLED["emergency_number"] in said


def test_source_and_approver_are_named(response: Response) -> None:
    assert response.source.strip()
    assert response.approver == "pending" or len(response.approver.split()) >= 2


def test_none_is_dead_and_none_is_missing() -> None:
    used = {name for path in _places() for name in re.findall(r"\butter_[a-z0-9_]*[a-z0-9]\b", path.read_text("utf-8"))}
    used |= set(_raised())
    assert set(RESPONSES) - used == set()
    assert {name for name in used if not name.endswith(("utter_message",))} - set(RESPONSES) == set()


def _raised() -> Iterator[str]:
    """The lines of a tier a rule reaches only because of, say, diabetes: triage makes their names."""
    tiers = ("day", "hour", "emergency")
    data = yaml.safe_load((ROOT / "bot" / "triage" / "red_flags.yml").read_text("utf-8"))
    levels = {rule["id"]: [level["tier"] for level in rule["levels"]] for rule in data["rules"]}
    for modifier in data["raises"]:
        for rule in modifier["rules"]:
            for tier in levels[rule]:
                if tier != tiers[-1]:
                    yield f"utter_flag_{rule.lower()}_{tiers[tiers.index(tier) + 1]}"


def _variations() -> Iterator[tuple[Path, str, dict[str, object]]]:
    for path in sorted((ROOT / "bot" / "domain" / "responses").glob("*.yml")):
        for name, variations in yaml.safe_load(path.read_text("utf-8"))["responses"].items():
            for variation in variations:
                yield path, name, variation


def _places() -> Iterator[Path]:
    """Data and code that may name a response; the domain itself does not count as a use."""
    for folder in ("bot/gateway", "bot/desk", "bot/reply", "bot/triage", "actions", "stories"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".yml") and "domain" not in path.parts and path.name != "red_flag_examples.yml":
                yield path
