"""Several gateways with one Redis: limits counted together, one queue; and nobody stands still without it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from gateway_fakes import Build
from huey import RedisHuey, SqliteHuey
from limits import parse
from redis_server import RedisServer

from bot.content import ROOT
from bot.gateway import tasks
from bot.gateway.app import create_app
from bot.gateway.settings import Settings
from bot.gateway.web.counters import Counters

MESSAGES = "/api/conversation/messages"
Gateways = Callable[[], httpx.AsyncClient]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def gateways(
    build: Build, redis: RedisServer, within_a_minute: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[Gateways]]:
    """Two gateways on one database and one Redis, each as a patient at 203.0.113.1 meets it."""
    env = {"QUEUE_URL": redis.url, "SECRET_KEY": "x" * 32, "LIMIT_CONVERSATION": "5/minute"}
    for name, value in (env | {"LIMIT_NEW_CONVERSATIONS": "3/minute"}).items():
        monkeypatch.setenv(name, value)
    async with AsyncExitStack() as stack:

        async def gateway() -> Gateways:
            house = build()
            app = create_app(lambda: house.services, house.services.clinic.website_origins)
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app=app, client=("203.0.113.1", 1234))
            return lambda: httpx.AsyncClient(transport=transport, base_url="http://clinic")

        yield [await gateway(), await gateway()]


async def test_two_gateways_count_together(gateways: list[Gateways]) -> None:
    one, two = gateways[0](), gateways[1]()
    token = (await one.post("/api/conversations")).json()["token"]
    for web in (one, two):
        web.headers["authorization"] = f"Bearer {token}"
    found = [(await web.post(MESSAGES, json={"text": "hi"})).status_code for web in (one, two, one, two, one, two, one)]
    assert found == [200] * 5 + [429] * 2
    for web in (one, two):
        del web.headers["authorization"]
    assert [(await web.post("/api/conversations")).status_code for web in (two, one, two)] == [201, 201, 429]


async def test_no_address_and_no_token_is_in_redis(gateways: list[Gateways], redis: RedisServer) -> None:
    import redis as client

    web = gateways[0]()
    token = (await web.post("/api/conversations")).json()["token"]
    await web.post(MESSAGES, json={"text": "my lip is numb"}, headers={"authorization": f"Bearer {token}"})
    with client.Redis.from_url(redis.url) as opened:
        keys = [key.decode() for key in opened.scan_iter()]
    assert len(keys) >= 3
    assert not [key for key in keys if "203.0.113" in key or token in key]


async def test_while_redis_is_away_each_counts_for_itself(gateways: list[Gateways], redis: RedisServer) -> None:
    web = gateways[0]()
    web.headers["authorization"] = f"Bearer {(await web.post('/api/conversations')).json()['token']}"
    redis.stop()
    began = time.monotonic()
    found = [(await web.post(MESSAGES, json={"text": "hi"})).status_code for _ in range(7)]
    assert found == [200] * 5 + [429] * 2
    assert time.monotonic() - began < 10


async def test_redis_that_comes_back_counts_again(
    redis: RedisServer, within_a_minute: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, item = Counters(redis.url), Counters(redis.url), parse("2/minute")
    clock = time.monotonic()
    for each in (one, two):
        monkeypatch.setattr(each._breaker, "_clock", lambda: clock)
    redis.stop()
    assert [await one.wait(item, "a") for _ in range(2)] == [0, 0]
    redis.start()
    assert await one.wait(item, "a") > 0, "still alone, and it remembers"
    clock += 6
    assert [await each.wait(item, "a") for each in (one, two)] == [0, 0]
    assert 1 <= await two.wait(item, "a") <= 120


@pytest.mark.parametrize(("url", "kind"), [("", SqliteHuey), ("redis://127.0.0.1:1/0", RedisHuey)])
def test_the_queue_is_where_the_settings_say(tmp_path: Path, url: str, kind: type) -> None:
    assert isinstance(tasks._queue(Settings(queue_url=url, queue_file=str(tmp_path / "q.sqlite3"))), kind)


@pytest.mark.parametrize("url", ["sqlite:///x", "http://127.0.0.1", "127.0.0.1:6379"])
def test_another_address_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="queue_url"):
        Settings(queue_url=url)


def test_a_task_of_one_process_is_done_by_another(tmp_path: Path, redis: RedisServer) -> None:
    """Huey's own consumer on our queue: no task is lost when Redis is away for a moment."""
    (tmp_path / "job.py").write_text(
        "from bot.gateway.tasks import huey\n"
        "@huey.task()\n"
        "def touch(name):\n"
        "    open(name, 'w').close()\n"
    )  # fmt: skip
    env = os.environ | {"QUEUE_URL": redis.url, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    enqueue = [sys.executable, "-c", "import sys, job; job.touch(sys.argv[1])"]

    def done(name: str) -> bool:
        subprocess.run([*enqueue, str(tmp_path / name)], env=env, check=True, cwd=ROOT, timeout=120)
        end = time.monotonic() + 120
        while not (tmp_path / name).exists() and time.monotonic() < end:
            time.sleep(0.05)
        return (tmp_path / name).exists()

    # without the start-up hook, which loads the language and opens the records
    code = "import job; job.huey._startup.clear(); job.huey.create_consumer(workers=1, periodic=False).run()"
    with (tmp_path / "log").open("w") as log:
        consumer = subprocess.Popen([sys.executable, "-c", code], env=env, cwd=ROOT, stdout=log, stderr=log)
    try:
        assert done("one"), (tmp_path / "log").read_text()
        redis.stop()
        redis.start()
        assert done("two"), (tmp_path / "log").read_text()
    finally:
        consumer.terminate()
        consumer.wait(10)
