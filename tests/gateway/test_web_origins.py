"""Which websites may use the chat, and the headers of every kind of answer."""

from __future__ import annotations

import httpx
import pytest

OURS = "https://clinic.example"  # in tests/gateway/clinic.yml
MESSAGES = "/api/conversation/messages"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),  # not a browser, or its own page reading
        ("http://clinic", True),  # the gateway's own pages
        ("https://clinic", True),  # the same behind a proxy that ends TLS
        (OURS, True),
        ("https://evil.example", False),
        ("https://clinic.example.evil.example", False),
        ("http://clinic.example", False),  # another origin: not encrypted
        ("https://clinic.example:8443", False),
        ("https://clinic@evil.example", False),
        ("null", False),
        ("", False),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/conversations"), ("GET", "/api/widget")])
async def test_origins(web: httpx.AsyncClient, origin: str | None, allowed: bool, method: str, path: str) -> None:
    headers = {} if origin is None else {"origin": origin}
    response = await web.request(method, path, headers=headers)
    assert response.is_success == allowed
    if not allowed:
        assert (response.status_code, response.json()["error"]) == (403, "foreign_origin")
    readable = response.headers.get("access-control-allow-origin")
    assert readable == (OURS if origin == OURS else None)
    assert "access-control-allow-credentials" not in response.headers


async def test_an_origin_without_a_host_is_nobodys(web: httpx.AsyncClient) -> None:
    headers = {"origin": "null", "host": ""}
    assert (await web.post("/api/conversations", headers=headers)).status_code == 403


async def test_nothing_is_stored_for_a_foreign_website(web: httpx.AsyncClient) -> None:
    token = (await web.post("/api/conversations")).json()["token"]
    mine = {"authorization": f"Bearer {token}"}
    await web.post(MESSAGES, json={"text": "hi"}, headers=mine | {"origin": "https://evil.example"})
    assert len((await web.get(MESSAGES, headers=mine)).json()["messages"]) == 1


async def test_an_allowed_website_may_read_refusals_too(web: httpx.AsyncClient) -> None:
    from_there = {"origin": OURS}
    for response in (
        await web.post(MESSAGES, json={"text": "hi"}, headers=from_there),  # 401
        await web.post(MESSAGES, content="x" * 700_000, headers=from_there | {"content-type": "application/json"}),
        await web.post(MESSAGES, content="x", headers=from_there),  # 415
    ):
        assert not response.is_success
        assert response.headers["access-control-allow-origin"] == OURS


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
async def test_a_browser_may_ask_first(web: httpx.AsyncClient, method: str) -> None:
    ask = {"access-control-request-method": method, "access-control-request-headers": "authorization,last-event-id"}
    response = await web.options(MESSAGES, headers={"origin": OURS} | ask)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == OURS
    assert method in response.headers["access-control-allow-methods"]
    foreign = await web.options(MESSAGES, headers={"origin": "https://evil.example"} | ask)
    assert "access-control-allow-origin" not in foreign.headers


@pytest.mark.parametrize(
    ("path", "policy", "sharing", "caching"),
    [
        ("/", "script-src 'self'", "same-origin", "no-store"),
        ("/api/widget", None, "same-origin", "public, max-age=60"),
        ("/healthz", None, "same-origin", "no-store"),
        ("/nothing", None, "same-origin", "no-store"),
        ("/widget.js", None, "cross-origin", "public, max-age=300"),
        ("/demo/style.css", None, "same-origin", "public, max-age=300"),
    ],
)
async def test_headers(web: httpx.AsyncClient, path: str, policy: str | None, sharing: str, caching: str) -> None:
    headers = (await web.get(path)).headers
    found = headers["content-security-policy"]
    assert "default-src 'none'" in found
    assert "frame-ancestors 'none'" in found
    assert "unsafe" not in found
    assert "http" not in found
    assert (policy or "script-src") in found if policy else "script-src" not in found
    assert headers["cross-origin-resource-policy"] == sharing
    assert headers["cache-control"] == caching
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers
    assert "server" not in headers
