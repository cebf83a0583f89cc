"""What stands out, and in which language a reply is: told by the gateway, so that no website needs rules of wording."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import httpx
import pytest
from gateway_fakes import CLINIC, FakeEngine, House

from bot.clinic import Clinic
from bot.content import ContentError
from bot.gateway.web.marks import USUAL, Mark, Marks
from bot.records import conversations
from bot.records.conversations import Draft
from bot.reply.render import Renderer
from bot.reply.responses import load_responses

FACTS = Clinic.load(CLINIC)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=FACTS.timezone)
LATER = datetime(2026, 3, 7, 23, 0, tzinfo=FACTS.timezone)
MESSAGES = "/api/conversation/messages"
URGENT, SPANISH = Mark(urgent=True, language="en"), Mark(urgent=False, language="es")


@pytest.mark.parametrize(
    ("names", "mark"),
    [
        ([name for name in load_responses() if name.startswith("utter_flag_") and name.endswith("_emergency")], URGENT),
        (["utter_crisis_line", "utter_already_emergency", "utter_still_emergency", "utter_keep_emergency"], URGENT),
        (["utter_spanish_emergency", "utter_spanish_emergency_again"], Mark(urgent=True, language="es")),
        (
            [
                "utter_spanish",
                "utter_spanish_listed",
                "utter_spanish_hour",
                "utter_spanish_day",
                "utter_spanish_calling",
            ],
            SPANISH,
        ),
        (["utter_disclosure", "utter_have_message", "utter_goodbye", "utter_care_emergency_1", "utter_opt_out"], USUAL),
        ([name for name in load_responses() if name.startswith("utter_flag_") and name.endswith("_hour")], USUAL),
    ],
)
def test_a_response_is_known_by_its_text(names: list[str], mark: Mark) -> None:
    marks, renderer = Marks(Renderer(FACTS), NOW), Renderer(FACTS)
    assert names
    assert {name: marks.of(renderer.render(name, "web", LATER).text) for name in names} == dict.fromkeys(names, mark)


@pytest.mark.parametrize("mark", ["urgent: true", "language: es"])
def test_a_marked_response_says_the_same_at_any_time(tmp_path: Path, mark: str) -> None:
    (tmp_path / "some.yml").write_text(
        'version: "3.1"\nresponses:\n  utter_some:\n    - text: "Come {next_open}."\n'
        f"      metadata: {{source: x, approver: pending, {mark}}}\n"
        '    - text: "Come."\n      channel: sms\n'
    )
    with pytest.raises(ContentError, match=r"some\.yml:4: .*next_open"):
        load_responses(tmp_path)


async def test_the_website_hears_of_it(web: httpx.AsyncClient, engine: FakeEngine) -> None:
    web.headers["authorization"] = f"Bearer {(await web.post('/api/conversations')).json()['token']}"
    replies = (await web.post(MESSAGES, json={"text": "I cannot breathe"})).json()["replies"]
    line = replies[0]["text"]
    assert [(m["text"], m["urgent"], m["language"]) for m in replies] == [(line, True, "en"), ("answer 1", False, "en")]
    talk = (await web.get(MESSAGES)).json()["messages"]
    assert [(m["from"], m["urgent"], m["language"]) for m in talk] == [
        ("assistant", False, "en"), ("patient", False, None), ("assistant", True, "en"), ("assistant", False, "en"),
    ]  # fmt: skip


async def test_of_a_person_only_the_name_is_known(web: httpx.AsyncClient) -> None:
    house: House = web.house  # type: ignore[attr-defined]
    token, conversation, _ = await house.services.way.open("web", house.services.now())
    drafts = [Draft("utter_flag_r1_emergency/web")]
    with house.services.database.write() as session:
        for author in ("Ana, front desk", None):
            conversations.reply(session, conversation.id, drafts, house.services.now(), None, "staff", author)
    talk = (await web.get(MESSAGES, headers={"authorization": f"Bearer {token}"})).json()["messages"][1:]
    assert [(m["from"], m["name"], m["urgent"], m["language"]) for m in talk] == [
        ("staff", "Ana, front desk", False, None), ("staff", None, False, None),
    ]  # fmt: skip
