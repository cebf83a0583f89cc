"""What stands before the app: size and type of a body, security headers, an access log without addresses."""

from __future__ import annotations

import json
import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

PROBES = ("/healthz", "/readyz")
"""Asked every few seconds by whoever watches: not worth a line each."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
BYTES_A_CHARACTER = 12
"""The longest way to write one character in JSON: an escaped surrogate pair."""


class Guard:
    """Pure ASGI. A body must be JSON (else 415) and at most as long as `max_text` characters can be (else 413)."""

    def __init__(self, app: ASGIApp, max_text: int) -> None:
        self._app, self._max_bytes = app, max_text * BYTES_A_CHARACTER + 1_000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [(k, v) for k, v in message["headers"] if k.decode("latin-1").lower() not in HEADERS]
                message["headers"] = headers + [(k.encode(), v.encode()) for k, v in HEADERS.items()]
            await send(message)

        try:
            await self._inside(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "-")  # the template: the address itself holds the token
            extra = {"method": scope["method"], "route": route, "status": status}
            level = logging.DEBUG if route in PROBES else logging.INFO
            logger.log(level, "request", extra=extra | {"ms": round(1000 * (time.perf_counter() - started))})

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        length = headers.get("content-length", "0")
        has_body = length != "0" or "transfer-encoding" in headers
        if has_body and headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            await refuse(send, 415, "wrong_type", "the body must be application/json")
            return
        if not length.isdigit() or int(length) > self._max_bytes:
            await refuse(send, 413, "too_large", "the message is too long")
            return
        body = b""
        more = has_body
        while more:  # bounded, so it is read here: a chunked body has no length to refuse by
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._max_bytes:
                await refuse(send, 413, "too_large", "the message is too long")
                return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)


async def refuse(send: Send, status: int, code: str, reason: str) -> None:
    """A short JSON refusal, the body unread."""
    body = json.dumps({"error": code, "reason": reason}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
