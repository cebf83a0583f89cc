"""Folding: answers, corrections, digests."""

from __future__ import annotations

import pytest
from triage_builders import NOW, found, told

from bot.triage.history import digest, fold
from bot.triage.questions import Questions
from bot.triage.types import CaseHistory
from bot.triage.view import View
from bot.understanding.types import Understanding


def answered(pending: str, text: str) -> list[tuple[object, ...]]:
    history = told(text=text, pending=pending)
    return [(f.finding.name, f.finding.value, f.finding.assertion, f.finding.uncertain) for f in history.facts]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("fever", "yes", ("fever", None, "present", False)),
        ("fever", "Yeah", ("fever", None, "present", False)),
        ("fever", "yep!!", ("fever", None, "present", False)),
        ("fever", "\U0001f44d", ("fever", None, "present", False)),
        ("fever", "yes since this morning", ("fever", None, "present", False)),
        ("fever", "no", ("fever", None, "absent", False)),
        ("fever", "nope", ("fever", None, "absent", False)),
        ("fever", "Not really.", ("fever", None, "absent", False)),
        ("fever", "no i don\u2019t", ("fever", None, "absent", False)),
        ("fever", "idk", ("fever", None, "present", True)),
        ("fever", "I'm not sure", ("fever", None, "present", True)),
        ("fever", "Not sure", ("fever", None, "present", True)),
        ("fever", "a bit", ("fever", None, "present", True)),
        ("fever", "kinda", ("fever", None, "present", True)),
        ("fever", "101.3", ("fever_c", 38.5, "present", False)),
        ("fever", "38,4", ("fever_c", 38.4, "present", False)),
        ("check_airway", "no", ("breathing_trouble", None, "absent", False)),
        ("check_airway", "unsure", ("breathing_trouble", None, "present", True)),
        ("check_crisis", "yes", ("self_harm", None, "present", False)),
        ("where_is_part", "HAVE", ("part_missing", None, "absent", False)),
        ("where_is_part", "I swallowed it", ("swallowed_part", None, "present", False)),
        ("where_is_part", "i swalowed it", ("swallowed_part", None, "present", False)),
        ("where_is_part", "no idea", ("part_missing", None, "present", True)),
        ("upper_lower", "the bottom", ("tooth_location", "lower", "present", False)),
        ("hours_since_surgery", "28", ("time_since_placement_weeks", 0.1667, "present", False)),
        ("hours_since_surgery", "about 2 days", ("time_since_placement_weeks", 0.2857, "present", False)),
        ("hours_since_surgery", "3 weeks", ("time_since_placement_weeks", 3.0, "present", False)),
        ("hours_since_surgery", "6 to 36 hours", ("time_since_placement_weeks", 0.1429, "present", True)),
        ("pain_severity", "7", ("pain_severity", 7.0, "present", False)),
        ("pain_severity", "about eight", ("pain_severity", 8.0, "present", False)),
        ("size", "around 6", ("part_size_mm", 6.0, "present", False)),
        ("thread_width", "THIN", ("thread_width", "thin", "present", False)),
        ("thread_width", "none", ("threads", "none", "present", False)),
        ("bleeding_pressure", "STILL", ("bleeding", None, "present", False)),
    ],
)
def test_an_answer_becomes_a_fact(question: str, text: str, expected: tuple[object, ...]) -> None:
    assert expected in answered(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("fever", "no one called me back"),
        ("fever", "how much does a crown cost?"),
        ("fever", "no improvement"),
        ("pain_severity", "25"),
        ("size", "300"),
        ("hours_since_surgery", "not sure"),
        ("photo", "yes"),
        ("fever", ""),
        ("fever", "\U0001f600"),
    ],
)
def test_what_is_no_answer_gives_no_fact(question: str, text: str) -> None:
    assert answered(question, text) == []


def test_without_a_question_yes_means_nothing() -> None:
    assert told(text="yes").facts == ()


def test_a_message_with_findings_is_not_forced_into_an_answer() -> None:
    history = told(found("numbness"), text="no i think my chin is numb", pending="fever")
    assert [f.finding.name for f in history.facts] == ["numbness"]
    history = told(found("numbness"), text="yes and my chin is numb", pending="fever")
    assert [f.finding.name for f in history.facts] == ["numbness", "fever"]


def test_the_answer_keeps_the_patients_words_and_its_question() -> None:
    fact = told(text=" Yeah ", pending="fever").facts[0].finding
    assert (fact.text, fact.attributes["answer_to"]) == ("Yeah", "fever")
    assert " Yeah "[fact.start : fact.end] == fact.text


@pytest.mark.parametrize(
    "text",
    [
        "I wrote 6 but it is 9",
        "sorry, 9 not 6",
        "9, not 6",
        "oops I meant 9",
        "I typed 6 instead of 9",
        "it should be 9",
    ],
)
def test_a_correction_replaces_the_number(text: str) -> None:
    first = told(found("part_size_mm", 6.0))
    history = told(text=text, to=first)
    assert [f.value for f in View.of(history).findings(["part_size_mm"])] == [9.0]


def test_a_correction_with_units_drops_the_old_number() -> None:
    first = told(found("part_size_mm", 6.0))
    both = [found("part_size_mm", 6.0), found("part_size_mm", 9.0)]
    history = told(*both, text="I wrote 6 mm but it is 9 mm", to=first)
    assert [f.value for f in View.of(history).findings(["part_size_mm"])] == [9.0]


@pytest.mark.parametrize("text", ["I have 2 dogs", "sorry, I have 2 questions for you", "but 3 visits and 2 bills"])
def test_a_number_without_a_correction_changes_nothing(text: str) -> None:
    first = told(found("part_size_mm", 6.0))
    assert told(text=text, to=first).facts == first.facts


def test_a_number_that_answers_a_question_corrects_nothing() -> None:
    first = told(found("part_size_mm", 6.0))
    history = told(text="not sure, maybe 7", to=first, pending="pain_severity")
    view = View.of(history)
    assert [f.value for f in view.findings(["part_size_mm", "pain_severity"])] == [6.0, 7.0]


def test_a_correction_is_heard_while_a_number_is_awaited() -> None:
    first = told(found("part_size_mm", 6.0))
    both = [found("part_size_mm", 6.0), found("part_size_mm", 9.0)]
    history = told(*both, text="sorry, I wrote 6 mm but it is 9 mm", to=first, pending="pain_severity")
    assert [f.value for f in View.of(history).findings(["part_size_mm"])] == [9.0]


def test_turns_intents_texts_and_pending() -> None:
    first = told(text="My cap fell out!", intents=("report_part_out",), pending="fever")
    second = told(text="my cap fell OUT", to=first, intents=("greet", "report_part_out"))
    assert (second.turns, second.pending, second.asked) == (2, None, ("fever",))
    assert second.intents == ("report_part_out", "greet")
    assert second.texts[0] == second.texts[1]
    assert len(second.texts[0]) == 12


def test_a_crisis_intent_is_kept_with_the_words() -> None:
    history = told(text="nothing matters any more", intents=("crisis",))
    assert [(f.finding.name, f.finding.value, f.finding.text) for f in history.facts] == [
        ("intent", "crisis", "nothing matters any more")
    ]


def test_digest_of_odd_texts() -> None:
    assert digest("") == digest("  ")
    assert digest("\U0001f600") != digest("\U0001f622")
    assert digest("\ud800") == digest("\ud800")


def test_every_title_and_word_of_every_question_is_understood() -> None:
    book = Questions.load()
    for entry in book.entries():
        for row in entry.answers:
            for word in [row["title"], *row.get("words", ())]:
                facts = fold(CaseHistory(pending=entry.id), Understanding(word, (), ((0, len(word)),)), (), NOW).facts
                expected = [(y["finding"], y.get("value"), y.get("assertion", "present")) for y in row["yields"]]
                assert [(f.finding.name, f.finding.value, f.finding.assertion) for f in facts] == expected, (
                    entry.id,
                    word,
                )


def test_the_history_survives_json() -> None:
    history = told(found("swelling", site=["neck"]), text="my neck", intents=("report_swelling",))
    assert CaseHistory.from_dict(history.to_dict()) == history
