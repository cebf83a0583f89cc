"""Recall: indirect wordings give their finding; imagined patients give what a reader would note."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot import content
from bot.understanding.pipeline import Understander

HERE = Path(__file__).parent
WORDINGS = [(name, text) for name, texts in content.load(HERE / "wordings.yml").items() for text in texts]
PATIENTS = content.load(HERE / "patients.yml")
LEXICON = HERE.parents[1] / "bot" / "understanding" / "lexicon"


@pytest.mark.parametrize(("name", "text"), WORDINGS, ids=[f"{name}: {text}" for name, text in WORDINGS])
def test_wording(understander: Understander, now: datetime, name: str, text: str) -> None:
    found = understander.understand(text, now).findings
    assert [f for f in found if f.name == name and f.assertion == "present"], [(f.name, f.assertion) for f in found]


@pytest.mark.parametrize("patient", PATIENTS, ids=[patient["text"][:60] for patient in PATIENTS])
def test_patient(understander: Understander, now: datetime, patient: dict[str, Any]) -> None:
    found = [(f.name, f.assertion) for f in understander.understand(patient["text"], now).findings]
    for assertion in ("present", "absent", "past", "hypothetical"):
        for name in patient.get(assertion, ()):
            assert (name, assertion) in found
    for name in patient.get("never", ()):
        assert (name, "present") not in found


FLAG_WORDINGS = [
    (rule, text) for rule, group in content.load(HERE / "red_flag_wordings.yml").items() for text in group["texts"]
]
FLAG_FINDINGS = {rule: set(group["findings"]) for rule, group in content.load(HERE / "red_flag_wordings.yml").items()}


@pytest.mark.parametrize(("rule", "text"), FLAG_WORDINGS, ids=[f"{rule}: {text}" for rule, text in FLAG_WORDINGS])
def test_indirect_wording_of_a_red_flag(understander: Understander, now: datetime, rule: str, text: str) -> None:
    found = understander.understand(text, now).findings
    assert FLAG_FINDINGS[rule] & {f.name for f in found if f.assertion == "present"}, [
        (f.name, f.assertion) for f in found
    ]


NO_SIGN = [
    ("I take metformin twice a day", "overdose"),
    ("took 10 mg of oxycodone as prescribed", "overdose"),
    ("I took the whole pack of antibiotics as told", "overdose"),
    ("I took two ibuprofen this morning", "overdose"),
    ("I have migraine maybe twice a year", "overdose"),
    ("been wearing a horrible denture for years", "unwell"),
    ("I am so confused about the invoice", "confusion"),
    ("this leaflet is confusing", "confusion"),
    ("I got confused between the two appointments", "confusion"),
    ("hardly any scratches on it", "rash"),
    ("the price sticks in my throat", "swallowing_trouble"),
    ("the crown fell off on Tuesday and I kept it", "trauma"),
    ("is the infection clinic open?", "gum_boil"),
]


@pytest.mark.parametrize(("text", "name"), NO_SIGN)
def test_what_only_looks_like_a_sign(understander: Understander, now: datetime, text: str, name: str) -> None:
    assert name not in {f.name for f in understander.understand(text, now).findings if f.assertion == "present"}


def test_warm_changes_no_answer(now: datetime) -> None:
    cold, warm = Understander(), Understander()
    warm.warm()
    text = "My chin is numb since Tuesday and the gum bleeds."
    assert warm.understand(text, now) == cold.understand(text, now)


RED_FLAGS = [
    "cant breathe",
    "throat is closing",
    "face is drooping",
    "chin is numb",
    "it won't stop bleeding",
    "I want to die",
    "swelling under my tongue",
    "chest pain",
    "can't swallow",
    "I breathed it in",
]
AROUND = [
    "{}",
    "{}!!!",
    "hi, how much is a crown? {} also what are your hours",
    "😭😭 {} 😭",
    "i had an implant on monday {} please call me",
    "My dog is called Rex. No fever. {}. Thanks!",
    "<p>{}</p>",
    "sorry to bother you but {}",
    "my mum says {}",
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("flag", RED_FLAGS)
@pytest.mark.parametrize("form", [str.lower, str.upper, str.title])
def test_nothing_around_hides_a_red_flag(
    understander: Understander, now: datetime, flag: str, around: str, form: Any
) -> None:
    alone = {f.name for f in understander.understand(flag, now).findings if f.assertion == "present"}
    within = understander.understand(around.format(form(flag)), now).findings
    assert alone
    assert alone <= {f.name for f in within if f.assertion == "present"}


MISSPELT = [
    ("swolen face", "swelling"),
    ("my tounge is sweling", "swelling"),
    ("bleding alot", "bleeding"),
    ("puss coming out", "pus"),
    ("nub lip", "numbness"),
    ("i cant breth", "breathing_trouble"),
    ("feverr", "fever"),
    ("my implent is losse", "loose"),
    ("cant swolow", "swallowing_trouble"),
    ("abuttment fell out", "part_out"),
    ("painnnn", "pain"),
    ("numbnes in chin", "numbness"),
    ("vommiting", "vomiting"),
    ("throte closing", "breathing_trouble"),
    ("i can t breathe", "breathing_trouble"),
    ("c a n t  b r e a t h e", "breathing_trouble"),
    ("I. cant. breathe.", "breathing_trouble"),
]


@pytest.mark.parametrize(("text", "name"), MISSPELT)
def test_misspellings_hide_nothing(understander: Understander, now: datetime, text: str, name: str) -> None:
    assert name in {f.name for f in understander.understand(text, now).findings if f.assertion == "present"}


@pytest.mark.parametrize(
    "text",
    [
        "the number you gave me",
        "well, that is fine",
        "I lost my job",
        "we were loose with money",
        "push the door",
        "chewing gum",
        "a gun",
        "the crew was nice",
        "cheers mate",
        "the bride was late",
        "an aesthetic question",
        "brake fluid",
        "selling my car",
    ],
)
def test_false_friends_are_left_alone(understander: Understander, now: datetime, text: str) -> None:
    dangerous = {
        "numbness",
        "swelling",
        "pus",
        "bleeding",
        "pain",
        "part_out",
        "breathing_trouble",
        "lower_anaesthetic",
    }
    assert not dangerous & {f.name for f in understander.understand(text, now).findings}


def test_every_finding_of_the_lexicon_is_in_the_inventory() -> None:
    inventory = (HERE.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    for path in LEXICON.glob("*.yml"):
        for entry in content.load(path).get("entries", ()):
            if not entry["finding"].startswith("_"):
                assert f"`{entry['finding']}`" in inventory, f"{path.name}: {entry['finding']}"
