"""The picker: which picture looks most like it? Drawn buttons with plain words, each heard as that and nothing else."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot import checks, content
from bot.clinic import Clinic
from bot.pictures.catalogue import Catalogue
from bot.reply.render import Renderer
from bot.reply.responses import load_responses
from bot.triage.history import fold
from bot.triage.parts import Parts
from bot.triage.questions import Questions
from bot.triage.types import CaseHistory, Fact
from bot.triage.view import View
from bot.understanding.pipeline import Understander
from bot.understanding.types import Finding, Understanding

NAME = "utter_question_looks_like"
NOW = datetime(2026, 5, 21, 10, 0, tzinfo=timezone.utc)
WEB = load_responses()[NAME].on("web")


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


def after(understanding: Understanding) -> CaseHistory:
    out = CaseHistory(facts=(Fact(Finding("part_out"), 1, NOW.isoformat()),), turns=1, pending="looks_like")
    return fold(out, understanding, (), NOW)


def test_every_choice_but_one_is_drawn() -> None:
    assert set(WEB.buttons) - set(WEB.pictures) == {"Not sure"}
    assert set(WEB.pictures.values()) <= set(Catalogue.load().parts)
    assert len(set(WEB.pictures.values())) == len(WEB.pictures)


def test_a_picture_shows_what_its_answer_says() -> None:
    """The drawing on a button is of the part that the answer is evidence for."""
    entry = Questions.load().entry("looks_like")
    assert entry is not None
    said = {row["title"]: row["yields"][0]["value"].replace(" ", "-") for row in entry.answers if row["yields"]}
    assert said == dict(WEB.pictures)


@pytest.mark.parametrize("title", WEB.buttons)
def test_the_words_of_a_button_are_no_further_evidence(understander: Understander, title: str) -> None:
    """A pick counts once: what the words alone would say of screws and widths must not be added to it."""
    parts = Parts()
    alone = parts.guess(View.of(after(Understanding(title, (), ((0, len(title)),)))))
    heard = parts.guess(View.of(after(understander.understand(title, NOW))))
    assert heard == alone


def test_without_the_engine_the_pictures_are_there_too() -> None:
    rendered = Renderer(Clinic.load()).render(NAME, "web", NOW)
    assert rendered.pictures == WEB.pictures
    sms = Renderer(Clinic.load()).render(NAME, "sms", NOW)
    assert (sms.buttons, dict(sms.pictures), sms.image) == ([], {}, None)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("buttons: [{title: A, payload: A, picture: no-such-part}]", "no part of bot/pictures is no-such-part"),
        ("image: /parts/no-such-part.svg", "no part of bot/pictures is /parts/no-such-part.svg"),
    ],
)
def test_a_picture_nobody_drew_is_named(line: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.yml").write_text(
        'version: "3.1"\nresponses:\n  utter_x:\n'
        f"  - text: Look.\n    metadata: {{source: B.1, approver: pending}}\n    {line}\n"
        "  - {text: Look., channel: sms}\n"
    )
    monkeypatch.setattr(checks, "load_responses", lambda: load_responses(tmp_path))
    with pytest.raises(content.ContentError, match=rf"x\.yml:3: .*{wrong}"):
        checks.check_pictures()


@pytest.mark.parametrize("line", ["image: https://elsewhere.example/x.png", "image: /parts/../x.svg", "image: x.svg"])
def test_only_our_own_drawings_may_be_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(
        'version: "3.1"\nresponses:\n  utter_x:\n'
        f"  - text: Look.\n    metadata: {{source: B.1, approver: pending}}\n    {line}\n"
        "  - {text: Look., channel: sms}\n"
    )
    with pytest.raises(content.ContentError, match="image"):
        load_responses(tmp_path)
