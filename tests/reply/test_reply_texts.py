"""Lines that the words of a message call for, whatever intents were found."""

from __future__ import annotations

import pytest
from reply_talk import Talk


@pytest.mark.parametrize(
    ("text", "intents", "expected"),
    [
        ("I will send you a photo, where to?", ("out_of_scope",), "utter_answer_photo"),
        ("picture attached", ("inform",), "utter_answer_photo"),
        ("HELP", ("out_of_scope",), "utter_disclosure"),
        ("help me please!", (), "utter_disclosure"),
        ("nobody rings me back and it is loose", ("report_loose",), "utter_complaint"),
        ("it should have been checked", ("inform",), "utter_complaint"),
        ("I want my money back", ("complaint",), "utter_refund"),
        ("is she too old for it?", ("inform",), "utter_answer_older_age"),
        ("flying on sunday, is that ok?", ("inform",), "utter_answer_flying"),
        ("do I get sedation?", ("inform",), "utter_answer_sedation"),
    ],
)
def test_words_call_for_a_line(text: str, intents: tuple[str, ...], expected: str) -> None:
    assert expected in Talk().say(text, intents)


@pytest.mark.parametrize(
    ("text", "intents", "never"),
    [
        ("help! my cap fell out", ("report_part_out",), "utter_disclosure"),
        ("I have a photo but cannot send a picture", ("inform",), "utter_answer_photo"),
        ("I want my money back", ("complaint",), "utter_complaint"),
        ("they should have good bone", ("inform",), "utter_complaint"),
        ("when can I come, I am free at four", ("ask_cost",), "utter_answer_cost_replacement"),
        ("about as long as a grain of rice, what is it", ("ask_part_identity",), "utter_answer_graft_grains"),
    ],
)
def test_words_that_only_look_like_it(text: str, intents: tuple[str, ...], never: str) -> None:
    assert never not in Talk().say(text, intents)
