"""Rendering, text-message arithmetic, and the clinic's own facts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.clinic import FILE, Clinic
from bot.content import ContentError
from bot.reply.render import Renderer
from bot.reply.sms import LIMIT, is_gsm7, join, segments, septets

CLINIC = Clinic.load()


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=CLINIC.timezone)


# --- render


def test_placeholders_are_filled_and_the_channel_has_its_own_words() -> None:
    renderer = Renderer(CLINIC)
    web = renderer.render("utter_have_message", "web", at("2026-11-21T12:00"))
    sms = renderer.render("utter_have_message", "sms", at("2026-11-21T12:00"))
    assert CLINIC.oncall_phone in web.text
    assert CLINIC.oncall_phone in sms.text
    assert web.text != sms.text
    assert "{" not in web.text + sms.text


def test_a_channel_without_words_of_its_own_gets_the_general_ones() -> None:
    renderer, now = Renderer(CLINIC), at("2026-11-21T12:00")
    assert renderer.render("utter_greet", "shell", now) == renderer.render("utter_greet", "web", now)


def test_buttons_are_titles() -> None:
    rendered = Renderer(CLINIC).render("utter_check_airway", "web", at("2026-11-21T12:00"))
    assert rendered.buttons == ["Yes", "No", "Not sure"]
    assert Renderer(CLINIC).render("utter_check_airway", "sms", at("2026-11-21T12:00")).buttons == []


def test_an_unknown_response_is_an_error() -> None:
    with pytest.raises(ContentError, match=r"bot/domain/responses: no response named utter_nonsense"):
        Renderer(CLINIC).render("utter_nonsense", "web", at("2026-11-21T12:00"))


# --- text messages


@pytest.mark.parametrize(
    ("text", "plain", "places", "parts"),
    [
        ("a" * 160, True, 160, 1),
        ("a" * 161, True, 161, 2),
        ("a" * 306, True, 306, 2),
        ("a" * 307, True, 307, 3),
        ("price: 5€", True, 10, 1),
        ("inglés ñ", True, 8, 1),
        ("don’t", False, 5, 1),
        ("ok 🙂", False, 4, 1),
        ("a – b", False, 5, 1),
    ],
)
def test_alphabet_and_segments(text: str, plain: bool, places: int, parts: int) -> None:
    assert is_gsm7(text) is plain
    assert septets(text) == places
    assert segments(text) == parts


def test_join_packs_in_order_and_loses_nothing() -> None:
    texts = ["a" * 200, "b" * 105, "c" * 10, "d" * 400, "e"]
    packed = join(texts)
    assert packed == ["a" * 200 + " " + "b" * 105, "c" * 10, "d" * 400, "e"]
    assert all(septets(text) <= LIMIT for text in packed if "d" not in text)
    assert join([]) == []


# --- the clinic


@pytest.mark.parametrize(
    ("now", "is_open", "words", "closing"),
    [
        ("2026-11-23T09:00", True, "now, until 5 pm", "2026-11-23T17:00"),  # Monday
        ("2026-11-23T08:00", True, "now, until 5 pm", "2026-11-23T17:00"),
        ("2026-11-23T17:00", False, "tomorrow at 8 am", "2026-11-24T17:00"),
        ("2026-11-23T07:59", False, "today at 8 am", "2026-11-23T17:00"),
        ("2026-11-27T14:59", True, "now, until 3 pm", "2026-11-27T15:00"),  # Friday closes early
        ("2026-11-27T15:00", False, "Monday at 8 am", "2026-11-30T17:00"),
        ("2026-11-28T12:00", False, "Monday at 8 am", "2026-11-30T17:00"),
        ("2026-11-29T12:00", False, "tomorrow at 8 am", "2026-11-30T17:00"),
    ],
)
def test_opening_hours(now: str, is_open: bool, words: str, closing: str) -> None:
    assert CLINIC.is_open(at(now)) is is_open
    assert CLINIC.facts(at(now))["next_open"] == words
    assert CLINIC.closing(at(now)) == at(closing)
    assert CLINIC.next_open(at(now)) >= at(now)
    assert CLINIC.is_open(CLINIC.next_open(at(now)))


def test_hours_are_of_the_clinic_wherever_the_clock_is() -> None:
    assert CLINIC.is_open(datetime.fromisoformat("2026-11-23T14:00:00+00:00"))  # 9 am in New York
    assert not CLINIC.is_open(datetime.fromisoformat("2026-11-23T23:00:00+00:00"))


def test_days_with_the_same_hours_are_joined() -> None:
    hours = CLINIC.facts(at("2026-11-23T09:00"))["opening_hours"]
    assert hours == "Monday to Thursday 8 am to 5 pm, Friday 8 am to 3 pm (New York time)"


def test_another_clinic_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.yml"
    other.write_text(FILE.read_text("utf-8").replace("Riverside Implant Clinic", "Hill Dental"), "utf-8")
    monkeypatch.setenv("CLINIC_FILE", str(other))
    assert Clinic.load().name == "Hill Dental"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("phone: 555-010-0100          #", "# phone: 555 #", "'phone' is a required property"),
        ("phone: 555-010-0100 ", "phone: call us", "clinic.yml:3: phone: 'call us"),
        ("timezone: America/New_York", "timezone: America/Atlantis", "clinic.yml:8: timezone: unknown time zone"),
        ('friday: "08:00-15:00"', 'friday: "15:00-08:00"', "clinic.yml:15: hours.friday: closes at 08:00"),
        ('friday: "08:00-15:00"', 'friday: "8-15"', "clinic.yml:15: hours.friday: '8-15' does not match"),
        ('friday: "08:00-15:00"', 'fryday: "08:00-15:00"', "clinic.yml:10: hours:"),
        ("hours:", "hours: [", "not valid YAML"),
    ],
)
def test_a_wrong_clinic_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    path = tmp_path / "clinic.yml"
    text = FILE.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as error:
        Clinic.load(path)
    assert reason in str(error.value)
