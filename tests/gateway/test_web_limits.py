"""Too much at once: refused with a time to come back, never a person who writes in fear, and nobody for another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from gateway_fakes import Build

from bot.gateway.app import create_app
from bot.gateway.settings import Settings

MESSAGES = "/api/conversation/messages"
Visit = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def visit(build: Build, within_a_minute: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Visit]:
    """A client of one app from an address; the limits are small, but for what a test does not look at."""
    for name, value in {
        "LIMIT_CONVERSATION": "5/minute",
        "LIMIT_NEW_CONVERSATIONS": "3/minute",
        "LIMIT_PHOTOS": "2/minute",
        "LIMIT_ADDRESS": "20/minute",
        "TRUSTED_PROXIES": "10.0.0.0/8",
    }.items():
        monkeypatch.setenv(name, value)
    house = build()
    app = create_app(lambda: house.services, house.services.clinic.website_origins)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))

        def client(address: str, **headers: str) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app=app, client=(address, 1234))
            return httpx.AsyncClient(transport=transport, base_url="http://clinic", headers=headers)

        yield client


async def begin(web: httpx.AsyncClient) -> httpx.AsyncClient:
    web.headers["authorization"] = f"Bearer {(await web.post('/api/conversations')).json()['token']}"
    return web


async def statuses(web: httpx.AsyncClient, times: int, path: str = MESSAGES) -> list[int]:
    body = {"text": "hi"} if path == MESSAGES else {}
    return [(await web.post(path, json=body)).status_code for _ in range(times)]


def refused(response: httpx.Response) -> None:
    assert response.status_code == 429
    assert response.json()["error"] == "too_many"
    assert 1 <= int(response.headers["retry-after"]) <= 120
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_conversation(visit: Visit) -> None:
    one, other = await begin(visit("203.0.113.1")), await begin(visit("203.0.113.2"))
    assert await statuses(one, 6) == [200] * 5 + [429]
    refused(await one.post(MESSAGES, json={"text": "hi"}))
    assert (await one.get(MESSAGES)).status_code == 200  # reading goes on
    assert await statuses(other, 2) == [200] * 2


async def test_photos_of_a_conversation(visit: Visit) -> None:
    web = await begin(visit("203.0.113.1"))
    for status in (400, 400, 429):
        response = await web.post("/api/conversation/photos", files={"none": b""})
        assert response.status_code == status
    assert await statuses(web, 2) == [200] * 2


async def test_new_conversations_of_an_address(visit: Visit) -> None:
    assert await statuses(visit("203.0.113.1"), 4, "/api/conversations") == [201] * 3 + [429]
    assert await statuses(visit("203.0.113.2"), 1, "/api/conversations") == [201]


async def test_an_address(visit: Visit) -> None:
    web = visit("203.0.113.1")
    for _ in range(20):
        assert (await web.get("/api/widget")).status_code == 200
    refused(await web.get("/api/widget"))
    assert (await web.get("/healthz")).status_code == 200
    assert (await visit("203.0.113.9").get("/api/widget")).status_code == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "shares"),
    [
        ("10.1.2.3", "203.0.113.{n}", False),  # a proxy of ours: each patient has a limit of their own
        ("10.1.2.3", "198.51.100.{n}, 203.0.113.7", True),  # what a patient writes before it is not believed
        ("203.0.113.1", "203.0.113.{n}", True),  # not a proxy of ours
        ("2001:db8:1:2:{n}::1", "", True),  # one household
        ("2001:db8:1:{n}::1", "", False),
        ("::ffff:203.0.113.{n}", "", False),
        ("testclient", "", True),
        ("127.0.0.1", "", False),  # this machine
        ("::1", "", False),
        ("::ffff:127.0.0.1", "", False),
    ],
)
async def test_whose_address_counts(visit: Visit, peer: str, forwarded: str, shares: bool) -> None:
    found = []
    for n in range(4):
        headers = {"x-forwarded-for": forwarded.format(n=n)} if forwarded else {}
        found += await statuses(visit(peer.format(n=n), **headers), 1, "/api/conversations")
    assert found == [201] * 3 + [429 if shares else 201]


@pytest.mark.parametrize(
    ("accepts", "begins"),
    [("en-US,en;q=0.9", "If it cannot wait"), ("es-MX,es;q=0.8", "Si no puede esperar"), ("", "If it cannot wait"),
     ("*", "If it cannot wait"), ("zz;q=<script>", "If it cannot wait")],
)  # fmt: skip
async def test_what_is_refused_says_whom_to_call(visit: Visit, accepts: str, begins: str) -> None:
    """It was not scanned, and may be an emergency."""
    web = await begin(visit("203.0.113.1", **{"accept-language": accepts}))
    await statuses(web, 5)
    response = await web.post(MESSAGES, json={"text": "I cannot breathe"})
    refused(response)
    call = response.json()["help"]
    assert call.startswith(begins)
    assert {"555-010-0002", "911"} <= set(call.rstrip(".").replace(".", "").split())


async def test_what_is_refused_is_not_read(visit: Visit) -> None:
    web = await begin(visit("203.0.113.1"))
    await statuses(web, 5)
    response = await web.post(MESSAGES, content="{", headers={"content-type": "application/json"})
    refused(response)


async def test_as_shipped_a_frightened_patient_is_never_cut_off(web: httpx.AsyncClient) -> None:
    """Thirty short texts as fast as they can be sent."""
    await begin(web)
    assert set(await statuses(web, 30)) == {200}


@pytest.mark.parametrize("limit", ["", "many", "5 per fortnight"])
def test_a_limit_must_be_readable(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMIT_ADDRESS", limit)
    with pytest.raises(ValueError, match="limit_address"):
        Settings()


async def test_as_shipped_a_flood_is(web: httpx.AsyncClient, within_a_minute: None) -> None:
    await begin(web)
    found = await statuses(web, 80)
    assert found.index(429) == 60
    assert set(found[60:]) == {429}
