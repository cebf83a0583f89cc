"""loop.yml: every response exists on both channels and in both languages, every word has one meaning."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.clinic import Clinic
from bot.content import ContentError
from bot.gateway.loop.policy import FILE, Policy
from bot.gateway.sms.keywords import Keywords
from bot.records.models import LEVELS, Conversation
from bot.reply.render import Renderer

POLICY = Policy()
NOON = datetime.fromisoformat("2026-11-21T12:00:00-05:00")


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_everything_can_be_said_and_names_whom_to_call(channel: str) -> None:
    clinic = Clinic.load()
    renderer = Renderer(clinic)
    for name in POLICY.responses:
        text = renderer.render(name, channel, NOON).text
        assert any(number in text for number in (clinic.oncall_phone, clinic.emergency_number)), name
    assert len(POLICY.responses) == 30


@pytest.mark.parametrize("name", sorted(name for words in POLICY.ask.values() for name in words.by_language.values()))
def test_what_a_button_of_the_question_sends_is_an_answer(name: str) -> None:
    buttons = Renderer(Clinic.load()).render(name, "web", NOON).buttons
    found = [POLICY.answer(title) for title in buttons]
    assert [answer and answer.means for answer in found] == ["reached", "not_reached", "not_needed"]


@pytest.mark.parametrize(
    ("language", "words"), [("", ["YES", "NO", "NOT NEEDED"]), ("_es", ["SI", "NO", "NO HACE FALTA"])]
)
def test_the_words_a_text_message_names_are_answers(language: str, words: list[str]) -> None:
    text = Renderer(Clinic.load()).render(f"utter_follow_up{language}", "sms", NOON).text
    for word, means in zip(words, ["reached", "not_reached", "not_needed"], strict=True):
        assert word in text
        answer = POLICY.answer(word)
        assert answer is not None
        assert answer.means == means


@pytest.mark.parametrize(
    ("text", "means", "anytime", "goes_on"),
    [
        ("Yes!", "reached", False, False),
        ("yes, they called.", "reached", False, False),
        ("Sí, gracias", "reached", False, False),
        ("No", "not_reached", False, False),
        ("nobody’s", None, False, False),
        ("No, nobody called me", "not_reached", True, False),
        ("Nadie me llamó", "not_reached", True, False),
        ("It's worse", "not_reached", False, True),
        ("peor", "not_reached", False, True),
        ("not needed", "not_needed", False, False),
        ("No need to call me back.", "not_needed", True, False),
        ("You don't need to call me", "not_needed", True, False),
        ("Ya no hace falta que me llamen", "not_needed", True, False),
        ("no?", None, False, False),
        ("did you?", None, False, False),
        ("no my lip is numb", None, False, False),
        ("yes but it bleeds", None, False, False),
        ("cancel", None, False, False),
        ("", None, False, False),
        ("👍", None, False, False),
    ],
)
def test_answers(text: str, means: str | None, anytime: bool, goes_on: bool) -> None:
    found = POLICY.answer(text)
    assert (found and found.means) == means
    if found is not None:
        assert (found.anytime, found.goes_on) == (anytime, goes_on)


def test_no_answer_is_a_command_of_text_messaging() -> None:
    keywords = Keywords()
    assert [word for word in POLICY._answers if keywords.find(word, opted_out=False)] == []


@pytest.mark.parametrize(
    ("language", "said", "expected"),
    [
        ("en", (), "utter_follow_up"),
        ("es", (), "utter_follow_up_es"),
        ("fr", (), "utter_follow_up"),
        ("en", ("utter_spanish_hour",), "utter_follow_up_es"),
    ],
)
def test_the_language(language: str, said: tuple[str, ...], expected: str) -> None:
    conversation = Conversation(language=language, history={"said": list(said)})
    assert POLICY.ask["day"].to(conversation) == expected


def test_a_higher_level_is_asked_and_alarmed_sooner_and_only_the_lowest_may_be_resolved_by_the_patient() -> None:
    for waits in (POLICY.silent_after, {level: line.every for level, line in POLICY.waiting.items()}):
        assert [waits[level] for level in LEVELS] == sorted(waits.values(), reverse=True)
    assert POLICY.patient_may_resolve == {"day"}


def test_a_word_with_two_meanings_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "loop.yml"
    file.write_text(FILE.read_text("utf-8").replace("words: [not needed,", "words: [nope, not needed,"))
    with pytest.raises(ContentError, match=r"loop\.yml:\d+: answers\.\d\.words: 'nope' is already an answer"):
        Policy(file)
