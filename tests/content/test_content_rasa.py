"""Without Rasa a patient reads the same words as with it (runs in the engine's environment)."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.clinic import Clinic
from bot.content import ROOT
from bot.reply.render import Renderer


def test_the_renderer_says_what_rasa_says() -> None:
    pytest.importorskip("rasa", reason="Rasa is in the engine's environment")
    from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
    from rasa.shared.core.domain import Domain

    responses = Domain.load(str(ROOT / "bot" / "domain")).responses
    clinic = Clinic.load()
    now = datetime.fromisoformat("2026-11-23T10:00:00-05:00")
    rasa, renderer, facts = TemplatedNaturalLanguageGenerator(responses), Renderer(clinic), clinic.facts(now)
    assert len(responses) > 200
    for name in responses:
        for channel in ("web", "sms"):
            theirs = rasa.generate_from_slots(name, {}, channel, heard="5 mm", **facts)
            ours = renderer.render(name, channel, now, "5 mm")
            assert theirs is not None
            buttons = theirs.get("buttons", [])
            assert (theirs["text"], [b["title"] for b in buttons]) == (ours.text, ours.buttons)
            assert {b["title"]: b["picture"] for b in buttons if "picture" in b} == ours.pictures
            assert theirs.get("image") == ours.image
