"""Our drawings in replies: from the engine's responses, or the gateway's own, to what the browser is shown."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from gateway_fakes import FakeEngine, FakeRendered, FakeRenderer, House

from bot.gateway.speech import Speech

PICTURED = {"title": "Cap", "payload": "Cap", "picture": "healing-abutment"}
PLAIN = {"title": "Not sure", "payload": "Not sure"}


async def said(web: httpx.AsyncClient) -> dict[str, Any]:
    token = (await web.post("/api/conversations")).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    body = {"text": "what is it?", "client_id": "a"}
    answer = await web.post("/api/conversation/messages", json=body, headers=headers)
    reply: dict[str, Any] = answer.json()["replies"][-1]
    again = (await web.get("/api/conversation/messages", headers=headers)).json()["messages"][-1]
    assert again == reply
    return reply


async def test_pictures_of_the_engine_reach_the_browser(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    engine.buttons, engine.image = [PICTURED, PLAIN], "/parts/implant.svg"
    reply = await said(web)
    assert reply["buttons"] == [PICTURED, PLAIN]
    assert reply["image"] == "/parts/implant.svg"
    drawing = await web.get(reply["image"])
    assert drawing.status_code == 200


async def test_without_pictures_there_are_none(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    engine.buttons = [PLAIN]
    reply = await said(web)
    assert (reply["buttons"], reply["image"]) == ([PLAIN], None)


@pytest.mark.parametrize(
    ("picture", "image"),
    [("../x", None), ("https://elsewhere.example/x", None), (None, "https://elsewhere.example/x.svg"), (None, "x")],
)
async def test_no_other_picture_is_shown(web: httpx.AsyncClient, engine: FakeEngine, picture: Any, image: Any) -> None:
    """An engine that names one is not believed at all: the patient is told to wait, and nothing of it is stored."""
    engine.buttons, engine.image = [PLAIN | ({"picture": picture} if picture else {})], image
    reply = await said(web)
    assert reply["text"] == "utter_have_message/web"
    assert (reply["buttons"], reply["image"]) == ([], None)


def test_the_gateways_own_words_have_them_too(house: House) -> None:
    class Drawn(FakeRenderer):
        def render(self, *_: Any) -> FakeRendered:
            return FakeRendered("Which?", ["Cap", "Not sure"], {"Cap": "healing-abutment"}, "/parts/implant.svg")

    speech = Speech(Drawn(), lambda texts: [" ".join(texts)], house.now)
    draft = speech.say("utter_x", "web", house.now)
    assert (draft.buttons, draft.image) == ((PICTURED, PLAIN), "/parts/implant.svg")
    assert [(text.buttons, text.image) for text in speech.packed([draft], "sms")] == [((), None)]
