"""What each kind of service is given: the addresses of docs/alerts.md, and a link that works in each of them."""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests
from alerts_fakes import KEY, PUBLIC

from bot.alerting import Target
from bot.clinic import Clinic
from bot.content import ROOT
from bot.desk.alerts import provider
from bot.desk.alerts.links import Links
from bot.desk.alerts.texts import Texts
from bot.records.notifications import Claim
from bot.reply.sms import is_gsm7

DOCS = (ROOT / "docs" / "alerts.md").read_text("utf-8")
ADDRESSES = re.findall(r"^\| [^|]+ \| `(\S+://\S+)` \|", DOCS, re.MULTILINE)
CLINIC = Clinic.load()
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=CLINIC.timezone)
LINK = Links(KEY, PUBLIC).link(uuid.UUID(int=2**127 - 1))


def alert(level: str = "emergency", step: int = 1):
    claim = Claim(uuid.uuid4(), level, step, 1, NOON - timedelta(days=1), NOON)  # type: ignore[arg-type]
    return Texts(CLINIC).alert(claim, LINK, NOON)


def test_the_docs_name_the_usual_ways() -> None:
    assert {address.partition("://")[0] for address in ADDRESSES} >= {"mailtos", "twilio", "https", "jsons"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_address_of_the_docs_works(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = provider.service(Target("x", "always", url=address))
    if address.startswith("mailto"):
        return  # tested with a real server
    posted: list[str] = []

    def post(*args: Any, **given: Any) -> requests.Response:
        posted.append(json.dumps(given.get("data") or given.get("json"), default=lambda raw: raw.decode()))
        answer = requests.Response()
        answer.status_code, answer._content = 200, b"ok"
        return answer

    monkeypatch.setattr(requests, "post", post)
    monkeypatch.setattr(requests, "request", lambda _, *args, **given: post(*args, **given))
    assert provider.send(made, alert(), "emergency") is None
    [body] = posted
    assert LINK in body, "whole and not escaped"
    assert "Apprise" not in body
    assert "github" not in body


@pytest.mark.parametrize("level", ["day", "hour", "emergency"])
@pytest.mark.parametrize("step", [0, 1])
def test_a_text_message_has_two_parts_at_most(level: str, step: int) -> None:
    said = alert(level, step)
    assert is_gsm7(said.text)
    assert len(said.text) <= 2 * 153
    assert said.text.endswith(said.link)
