"""What `make chat` prints."""

from __future__ import annotations

from bot.records.models import Message
from bot.terminal.show import explanation, reply


def test_quick_replies_stand_under_the_text() -> None:
    shown = reply(
        Message(text="Is it numb?", buttons=[{"title": "Yes", "payload": "Yes"}, {"title": "No", "payload": "No"}])
    )
    assert shown.plain.splitlines() == ["assistant: Is it numb?", "           [Yes]  [No]"]


def test_an_explanation_has_the_patients_words_and_the_rule() -> None:
    message = Message(
        text="my chin is numb since yesterday",
        understanding=[
            {"name": "numbness", "value": None, "assertion": "present", "subject": "self", "uncertain": False,
             "text": "numb", "attributes": {"site": ["chin"]}}
        ],
        intents=["report_numbness"],
        assessment={
            "urgency": "same_day",
            "red_flags": [{"rule": "R7", "tier": "hour", "evidence": ["numb"], "source": "TGN"}],
            "part": {"label": "cannot_tell", "candidates": {"implant": 0.2, "abutment": 0.8}, "evidence": []},
            "question": "hours_since_surgery", "check": None, "reasons": ["pain_soon"],
            "grounds": [{"rule": "pain_soon", "urgency": "soon", "evidence": ["sore"], "source": "ADA-PAIN"}],
        },
    )  # fmt: skip
    text = explanation(message, True, ["fever: Yes -> emergency"]).plain
    assert "numbness=present, site ['chin'] “numb”" in text
    assert "same_day (handed to staff)" in text
    assert "R7 hour: “numb” [TGN]" in text
    assert "cannot_tell (abutment 80%, implant 20%) from no clue" in text
    assert "hours_since_surgery" in text
    assert "pain_soon soon: “sore” [ADA-PAIN]" in text
    assert "fever: Yes -> emergency" in text


def test_a_message_the_engine_has_not_seen_can_be_shown() -> None:
    assert "info" in explanation(Message(text="hi", understanding=None, intents=None, assessment=None), False).plain
