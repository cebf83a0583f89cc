"""Content that is wrong is named with file and line before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import checks
from bot.clinic import FILE, Clinic
from bot.content import ContentError, error_at, load
from bot.reply.responses import load_responses


def test_the_content_as_it_is_has_no_problem() -> None:
    assert list(checks.problems()) == []


def test_an_unknown_intent_in_the_training_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new.yml").write_text('version: "3.1"\n\nnlu:\n- intent: ask_whitening\n  examples: |\n    - white?\n')
    monkeypatch.setattr(checks, "TRAINING", tmp_path)
    with pytest.raises(ContentError, match=r"new\.yml:4: .*ask_whitening"):
        checks.check_training_data()


def test_an_intent_without_training_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "TRAINING", tmp_path)
    with pytest.raises(ContentError, match=r"intents\.yml:\d+: .*no training examples for .*report_pain"):
        checks.check_training_data()


def test_a_clinic_without_a_phone(tmp_path: Path) -> None:
    file = tmp_path / "clinic.yml"
    lines = FILE.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("phone:")))
    with pytest.raises(ContentError, match=r"clinic\.yml:\d+: .*'phone' is a required property"):
        Clinic.load(file)


def test_a_language_the_chat_does_not_have(tmp_path: Path) -> None:
    file = tmp_path / "clinic.yml"
    file.write_text(FILE.read_text().replace("languages: [en, es]", "languages: [en, fr]"))
    line = file.read_text().splitlines().index(next(row for row in file.read_text().splitlines() if "[en, fr]" in row))
    with pytest.raises(
        ContentError, match=rf"clinic\.yml:{line + 1}: languages\.1: the chat has its sentences in en and"
    ):
        Clinic.load(file)


def test_a_response_without_a_text_message(tmp_path: Path) -> None:
    (tmp_path / "talk.yml").write_text(
        'version: "3.1"\nresponses:\n  utter_greet:\n'
        "  - text: Hello.\n    metadata: {source: INFER, approver: pending}\n"
    )
    with pytest.raises(ContentError, match=r"talk\.yml:3: .*utter_greet: has no text-message variation"):
        load_responses(tmp_path)


@pytest.mark.parametrize(("text", "line"), [("a: [1, 2", 2), ("a: 1\nb: {x: 1\nc", 4), ("\ta: 1", 1)])
def test_broken_yaml_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "x.yml"
    file.write_text(text)
    with pytest.raises(ContentError, match=rf"x\.yml:{line}: not valid YAML"):
        load(file)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        load(tmp_path / "none.yml")


def test_error_at_points_into_lists(tmp_path: Path) -> None:
    file = tmp_path / "x.yml"
    file.write_text("rules:\n- id: R1\n- id: R2\n  level: 9\n")
    assert str(error_at(file, ["rules", 1, "level"], "too high")).endswith("x.yml:4: rules.1.level: too high")
