"""Sites, trend, severity, what was tried; parts concerned; labels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.understanding.labels import labels
from bot.understanding.pipeline import Understander

ATTRIBUTES = [
    ("swelling under my tongue", "swelling", {"site": ["floor_of_mouth"]}),
    ("my left cheek is swollen", "swelling", {"site": ["left", "cheek"]}),
    ("lump under my chin", "swelling", {"site": ["neck", "chin"]}),
    ("the swelling is spreading to my eye", "swelling", {"trend": "spreading", "site": ["eye"]}),
    ("swelling is getting worse", "swelling", {"trend": "worse"}),
    ("the pain is not getting worse", "pain", {"trend": None}),
    ("my cheek is swollen. It is getting worse.", "swelling", {"trend": "worse"}),
    ("swelling went down and now it is back", "swelling", {"trend": "returned"}),
    ("the pain is better today", "pain", {"trend": "better"}),
    ("soaked through 6 gauze pads", "bleeding", {"heavy": True, "gauze_count": 6}),
    ("still bleeding after 30 minutes of biting on gauze", "bleeding", {"after_pressure_minutes": 30.0}),
    ("bleeding for 5 hours, pressed on gauze for half an hour", "bleeding", {"after_pressure_minutes": 30.0}),
    ("the pain is so bad I can't sleep and painkillers don't help", "pain", {"uncontrolled": True}),
    ("hurts when I bite", "pain", {"on_biting": True}),
    ("severe pain", "pain", {"severity": "severe"}),
    ("I take eliquis", "medication", {"class": "anticoagulant"}),
    ("I'm on prednisone", "medication", {"class": "steroid"}),
    ("I have type 2 diabetes", "condition", {"class": "diabetes"}),
    ("my lower lip has been numb for 20 hours", "numbness", {"site": ["lip", "lower_lip"], "since_hours": 20.0}),
]


@pytest.mark.parametrize(("text", "name", "expected"), ATTRIBUTES, ids=[text for text, _, _ in ATTRIBUTES])
def test_attributes(understander: Understander, now: datetime, text: str, name: str, expected: dict[str, Any]) -> None:
    found = [f for f in understander.understand(text, now).findings if f.name == name]
    assert found
    for key, value in expected.items():
        told = next((f.attributes[key] for f in found if key in f.attributes), None)
        assert sorted(told) == sorted(value) if isinstance(value, list) else told == value


PARTS = [
    ("my abutment fell out", ["abutment"]),
    ("the healing cap came off, it was over my implant", ["healing abutment"]),
    ("something popped out next to my implant", []),
    ("the crown of my front implant came off", ["crown"]),
    ("my implant crown is loose", ["crown"]),
    ("the crown and the abutment came out", ["crown", "abutment"]),
    ("I got implants in May and they look great", []),
    ("the screw came out of the crown", ["screw"]),
    ("my implant was placed in May. The cap keeps coming undone", ["healing abutment"]),
    ("the final porcelain cap came off", ["crown"]),
    ("a cover screw I think", ["cover screw"]),
    ("can i screw the healing cap back in", ["healing abutment"]),
    ("my bridge broke", ["bridge"]),
    ("I have 4 implants and the bottom right thing fell out", []),
    ("the hole where my implant fell out is closing", ["implant"]),
    ("My implant was taken out in May, can I have another?", ["implant"]),
    ("am I going to lose the implant because of this", []),
    ("how long do implants last", []),
    ("there is pus around my healing cap", ["healing abutment"]),
    ("my temporary crown came off", ["crown"]),
    ("the crown on my implant feels wobbly", ["crown"]),
    ("breathed in the little screw I think", ["screw"]),
    ("it came out with my denture", []),
    ("the implant tooth came off together with a screw", ["tooth", "screw"]),
    ("Found a small metal thing. I think it's the cover screw", ["cover screw"]),
    ("the crown is firm and nothing is loose, it just hurts", []),
]


@pytest.mark.parametrize(("text", "parts"), PARTS, ids=[text for text, _ in PARTS])
def test_parts_concerned(understander: Understander, now: datetime, text: str, parts: list[str]) -> None:
    assert labels(understander.understand(text, now)).get("part", []) == parts


LABELS = [
    (
        "My daughter is 16. Her healing cap fell out 3 days ago, it is 5 mm. No pain, no fever but her lip is numb.",
        {
            "part": ["healing abutment"],
            "part_size_mm": 5,
            "pain": "absent",
            "fever": "absent",
            "numbness": "present",
            "age": 16,
            "subject": "child",
            "time_since_event_days": 3,
        },
    ),
    ("no pain. well now the pain is back", {"pain": "present"}),
    (
        "temp of 101.3, allergic to penicillin, on warfarin, lower left implant",
        {
            "fever": "present",
            "fever_c": 38.5,
            "allergies": ["penicillin"],
            "medications": ["warfarin"],
            "tooth_location": ["lower left"],
        },
    ),
    ("I'm allergic to nickel, is the metal safe?", {"allergies": ["nickel"]}),
    ("allergic to nickel and latex", {"allergies": ["nickel", "latex"]}),
    ("what diameters do you use", {}),
    ("do I need antibiotics before the graft", {}),
    ("antibiotics (amoxicillin) gave me a rash", {"medications": ["amoxicillin"], "rash": "present"}),
    ("the pain is excruciating", {"pain": "present", "pain_severity": "severe"}),
]


@pytest.mark.parametrize(("text", "expected"), LABELS, ids=[text[:50] for text, _ in LABELS])
def test_labels(understander: Understander, now: datetime, text: str, expected: dict[str, Any]) -> None:
    assert labels(understander.understand(text, now)) == expected


def test_labels_leave_out_what_only_triage_needs(understander: Understander, now: datetime) -> None:
    assert labels(understander.understand("I faint, my voice is muffled and I am drooling", now)) == {}


PLACES = [
    ("upper implant, put in 12 days ago, right side", ["upper right"]),
    ("the crown at the back of my lower jaw", ["lower back"]),
    ("implant in the upper left, near the back", ["upper left back"]),
    ("lower implant, back right", ["lower right back"]),
    ("upper front left", ["upper left front"]),
    ("one upper left and one lower right", ["upper left", "lower right"]),
    ("the right side of my face is swollen", []),
    ("my left cheek is puffy since the upper implant", ["upper"]),
    ("it has a hole in the top and threads on the bottom", []),
    ("my front tooth, number 8", ["tooth 8"]),
    ("it came out of number 14", ["tooth 14"]),
]


@pytest.mark.parametrize(("text", "expected"), PLACES, ids=[text for text, _ in PLACES])
def test_places(understander: Understander, now: datetime, text: str, expected: list[str]) -> None:
    assert labels(understander.understand(text, now)).get("tooth_location", []) == expected
