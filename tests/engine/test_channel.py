"""The loopback channel: nothing typed becomes a command, responses know the patient's channel."""

from __future__ import annotations

import pytest

from bot.engine.channel import PatientChannel, plain


@pytest.mark.parametrize(
    ("typed", "handed_over"),
    [
        ("/restart", "restart"),
        ('/greet{"tooth": "molar"}', 'greet{"tooth": "molar"}'),
        ("  //  /back", "back"),
        ("EXTERNAL: report_pain", "report_pain"),
        ("/EXTERNAL:/x", "x"),
        ("my pain is 7/10", "my pain is 7/10"),
        ("/", "-"),
        ("", "-"),
    ],
)
def test_plain_takes_commands_apart(typed: str, handed_over: str) -> None:
    assert plain(typed) == handed_over


@pytest.mark.parametrize("name", ["web", "sms"])
def test_patient_channel_has_the_name_of_the_door(name: str) -> None:
    assert PatientChannel(name).name() == name
