"""A gateway killed in the middle of a message: nothing is lost, nothing is answered twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gateway_fakes import FakeEngine, make_house
from sqlalchemy import select

from bot.gateway import sweep, tasks
from bot.gateway.settings import Settings
from bot.records.models import Message

SEND = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from gateway_fakes import make_house

async def main():
    house = make_house(Path(sys.argv[1]), sys.argv[2], engine_timeout=30.0)
    _, conversation, _ = await house.services.way.open("web", house.services.now())
    before = house.services.now() - timedelta(minutes=1)
    await house.services.way.receive(conversation.id, "i cannot breathe", "c1", before)

asyncio.run(main())
"""


def test_killed_while_the_engine_thinks(tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.mode = "hang"
    path = os.pathsep.join([str(Path(__file__).parent), os.getcwd()])
    gateway = subprocess.Popen(
        [sys.executable, "-c", SEND, str(tmp_path), engine.url], env=os.environ | {"PYTHONPATH": path}
    )
    while not engine.asked:
        assert gateway.poll() is None
        time.sleep(0.02)
    gateway.send_signal(signal.SIGKILL)
    gateway.wait(10)

    engine.mode = "answer"
    house = make_house(tmp_path, engine.url)
    with house.services.database.read() as session:
        message = session.scalars(select(Message).where(Message.direction == "patient")).one()
    assert message.status == "pending"  # its safety line is out
    case = house.case(message.conversation_id)  # staff knew before the engine was asked
    assert case is not None
    assert case.rules[0]["evidence"] == ["cannot breathe"]

    monkeypatch.setattr(tasks, "_services", lambda: house.services)
    monkeypatch.setattr(sweep, "ALONE_SECONDS", 0.0)
    tasks.answer.call_local()
    tasks.answer.call_local()
    assert [text for _, text in house.talk(message.conversation_id)] == [
        "utter_disclosure/web",
        "i cannot breathe",
        "utter_flag_r1_emergency/web",
        "answer 1",
    ]
    assert house.message(message.id).status == "answered"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_TIMEOUT", "1.5")
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/records")
    assert (Settings().engine_timeout, Settings().database_url) == (1.5, "postgresql://db/records")
    monkeypatch.setenv("ENGINE_TIMEOUT", "0")
    with pytest.raises(ValueError, match="engine_timeout"):
        Settings()
