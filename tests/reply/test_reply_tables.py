"""Broken tables and responses are errors that name file and line."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content import ContentError
from bot.reply import responses, tables
from bot.reply.conditions import Scene, holds
from bot.reply.responses import load_responses
from bot.reply.tables import Tables
from bot.understanding.types import Finding

RESPONSES = load_responses()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in tables.FILES:
        shutil.copy(tables.FOLDER / name, tmp_path / name)
    return tmp_path


def line_of(path: Path, words: str) -> int:
    return next(number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if words in line)


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        (
            "answers.yml",
            "response: utter_answer_glue",
            "response: utter_answer_gleu",
            "no response named utter_answer_gleu",
        ),
        ("answers.yml", "intents: [ask_gum_closing]", "intents: [ask_gum_closing]\n    say: x", "'say' was unexpected"),
        ("answers.yml", "related: [uncovering]", "related: [uncoverring]", "no topic named uncoverring"),
        ("talk.yml", "you (suck|idiot", "you ((suck|idiot", "not a regular expression"),
        ("talk.yml", "handover: utter_handover", "handover: utter_hand", "no response named utter_hand"),
        ("situations.yml", "finding: [implant_moves]", "found: [implant_moves]", "'found' was unexpected"),
    ],
)
def test_an_error_names_file_and_line(folder: Path, name: str, old: str, new: str, reason: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as error:
        Tables.load(RESPONSES, folder)
    assert reason in str(error.value)
    number = int(str(error.value).split(f"{name}:")[1].split(":")[0])
    assert abs(number - line_of(path, new.splitlines()[0])) <= 2


def write(
    folder: Path, text: str, channel: str = "sms", metadata: str = "metadata: {source: S2, approver: pending}"
) -> Path:
    path = folder / "some.yml"
    path.write_text(
        f'version: "3.1"\nresponses:\n  utter_some:\n    - text: "{text}"\n      {metadata}\n'
        f'    - text: "short"\n      channel: {channel}\n',
        "utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("text", "channel", "metadata", "reason"),
    [
        (
            "Call {phone}",
            "sms",
            "metadata: {source: S2, approver: pending}",
            "some.yml:4: responses.utter_some.0.text: unknown",
        ),
        ("Call {clinic_phone", "sms", "metadata: {source: S2, approver: pending}", "some.yml:4"),
        ("Hello", "web", "metadata: {source: S2, approver: pending}", "some.yml:3"),
        ("Hello", "sms", "metadata: {source: S2}", "'approver' is a required property"),
        ("Hello", "sms", "channel: web", "'metadata' is a required property"),
    ],
)
def test_a_broken_response(tmp_path: Path, text: str, channel: str, metadata: str, reason: str) -> None:
    write(tmp_path, text, channel, metadata)
    with pytest.raises(ContentError) as error:
        load_responses(tmp_path)
    assert reason in str(error.value)


def test_a_response_given_twice(tmp_path: Path) -> None:
    shutil.copy(write(tmp_path, "Hello"), tmp_path / "two.yml")
    with pytest.raises(ContentError, match=r"two.yml:3: .*already in"):
        load_responses(tmp_path)


def test_the_shipped_folder_is_read() -> None:
    assert {path.name for path in responses.FOLDER.glob("*.yml")} == {r.path.name for r in RESPONSES.values()}


PRESENT, FEARED = Finding("pain"), Finding("pain", assertion="hypothetical")


@pytest.mark.parametrize(
    ("when", "findings", "text", "expected"),
    [
        ({}, (), "", True),
        ({"finding": ["pain"]}, (PRESENT,), "", True),
        ({"finding": ["pain"]}, (FEARED,), "", False),
        ({"mentioned": ["pain"]}, (FEARED,), "", True),
        ({"mentioned": ["pain"]}, (Finding("pain", assertion="absent"),), "", False),
        ({"finding": ["pain"]}, (Finding("pain", uncertain=True),), "", True),
        ({"finding": ["part"], "value": ["crown"]}, (Finding("part", "bridge"),), "", False),
        ({"finding": ["medication"], "class": ["antibiotic"]}, (Finding("medication", "x"),), "", False),
        ({"finding": ["pain"], "trend": ["worse"]}, (Finding("pain", attributes={"trend": "worse"}),), "", True),
        ({"text": r"\bglue\b"}, (), "Can I GLUE it", True),
        ({"text": r"\bglue\b"}, (), "gluey", False),
        ({"age": {"below": 18}}, (Finding("age", 16.0),), "", True),
        ({"age": {"below": 18}}, (Finding("age", 18.0),), "", False),
        ({"age": {"from": 60}}, (), "", False),
        ({"subject": ["child"]}, (Finding("pain", subject="child"),), "", True),
        ({"not": {"finding": ["pain"]}}, (PRESENT,), "", False),
        ({"any": [{"finding": ["pain"]}, {"text": "x"}]}, (), "x", True),
        ({"all": [{"finding": ["pain"]}, {"text": "x"}]}, (), "x", False),
        ({"intents": ["report_pain"], "urgency": ["soon"], "part": ["cannot_tell"]}, (), "", True),
        ({"urgency": ["info"]}, (), "", False),
    ],
)
def test_conditions(when: dict[str, object], findings: tuple[Finding, ...], text: str, expected: bool) -> None:
    scene = Scene(text, findings, frozenset({"report_pain"}), "soon", "cannot_tell")
    assert holds(when, scene) is expected


def test_the_longest_text_keeps_no_pattern_busy() -> None:
    def patterns(data: Any) -> Iterator[str]:
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            if key == "text" and isinstance(value, str):
                yield value
            elif isinstance(value, (dict, list)):
                yield from patterns(value)

    found = [
        pattern
        for file in Path("bot/reply").glob("*.yml")
        for pattern in patterns(yaml.safe_load(file.read_text(encoding="utf-8")))
    ]
    assert len(found) > 100
    text = "My gum is a bit sore and the cap of the implant came off when I was eating my lunch. " * 46
    begun = time.process_time()
    for pattern in found:
        re.search(pattern, text, re.IGNORECASE)
    assert (
        time.process_time() - begun < 5.0
    )  # some 30 ms; a pattern that tries everything from everywhere takes minutes
