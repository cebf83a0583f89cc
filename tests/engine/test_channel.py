"""The loopback channel: responses know the patient's channel."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.engine.channel import PatientChannel
from bot.understanding.handed import plain


@pytest.mark.parametrize("name", ["web", "sms"])
def test_patient_channel_has_the_name_of_the_door(name: str) -> None:
    assert PatientChannel(name).name() == name


def sent(*responses: dict[str, Any]) -> list[dict[str, Any]]:
    channel = PatientChannel("web")

    async def send() -> None:
        for response in responses:
            await channel.send_response("p", dict(response))

    asyncio.run(send())
    return channel.messages


def test_a_picture_goes_with_its_text() -> None:
    buttons = [{"title": "Cap", "payload": "Cap", "picture": "healing-abutment"}]
    assert sent(
        {"text": "First.", "image": "/parts/implant.svg"},
        {"text": "Which?", "buttons": buttons},
        {"text": "One.\n\nTwo.", "image": "/parts/crown.svg"},
    ) == [
        {"recipient_id": "p", "text": "First.", "image": "/parts/implant.svg"},
        {"recipient_id": "p", "text": "Which?", "buttons": buttons},
        {"recipient_id": "p", "text": "One."},
        {"recipient_id": "p", "text": "Two.", "image": "/parts/crown.svg"},
    ]


def test_a_picture_without_any_text_is_nothing() -> None:
    assert sent({"image": "/parts/implant.svg"}) == []


@pytest.mark.parametrize(
    "typed", ["it hurts", "  /help it hurts \n", "EXTERNAL: ow\u00a0", "a " * 2000, "/", "\u2003x\u200b "]
)
def test_rasa_keeps_the_text_that_was_understood(typed: str) -> None:
    """Else what was handed over would belong to another text, and the engine would read it itself."""
    assert UserMessage(plain(typed)).text == plain(typed)
