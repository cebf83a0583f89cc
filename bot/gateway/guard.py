"""What stands before the app: foreign websites, the headers of every answer, an access log without addresses."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

PROBES = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds by whoever watches: not worth a line each."""
EMBEDDED = ("/widget.js", "/widget/", "/parts/")
"""What other websites may load into their pages; everything else is for this origin or an allowed one."""

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""HSTS is not among them: only the proxy with the certificate knows whether it may be promised."""
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
POLICIES = {
    "text/html": f"{_NOTHING}; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'",
    # opened by itself a drawing may style itself and nothing else
    "image/svg+xml": f"{_NOTHING}; style-src 'unsafe-inline'; sandbox",
}
"""The content security policy by kind of page; anything else may load nothing at all."""


class Guard:
    """Pure ASGI: refuses API calls from websites that are not allowed, completes headers, logs, answers what breaks."""

    def __init__(
        self, app: ASGIApp, origins: Collection[str], rooms: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """`rooms` are headers for everything below a path that is stricter than the rest."""
        self._app, self._origins, self._rooms = app, frozenset(origins), rooms or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers, path = MutableHeaders(scope=message), scope["path"]
                for room in (room for room in self._rooms if path == room or path.startswith(f"{room}/")):
                    for name, value in self._rooms[room].items():
                        headers.setdefault(name, value)
                complete(headers, path)
            await send(message)

        try:
            if self._foreign(scope):
                await refuse(sending, 403, "foreign_origin", "this website may not use the chat")
            else:
                await self._app(scope, receive, sending)
        except ClientDisconnect:
            pass  # it went away while it was sending: nobody is there to answer
        except Exception as error:
            logger.exception("request broken")
            if not status:
                await refuse(sending, 500, "internal", type(error).__name__)
        finally:
            route = getattr(scope.get("route"), "path", "-")  # the template: an address may be anything
            extra = {"method": scope["method"], "route": route, "status": status}
            level = logging.DEBUG if route in PROBES else logging.INFO
            logger.log(level, "request", extra=extra | {"ms": round(1000 * (time.perf_counter() - started))})

    def _foreign(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or not scope["path"].startswith("/api/"):
            return False
        # by host, not by scheme: behind a proxy that ends TLS this process sees http
        host = origin.partition("://")[2]
        own = host != "" and host == headers.get("host")
        return not own and origin not in self._origins


def complete(headers: MutableHeaders, path: str) -> None:
    """Put in what every answer carries; what a route or a room said stands."""
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    kind = headers.get("content-type", "").partition(";")[0]
    headers.setdefault("content-security-policy", POLICIES.get(kind, _NOTHING))
    headers.setdefault("cache-control", "no-store")
    sharing = "cross-origin" if path.startswith(EMBEDDED) else "same-origin"
    headers.setdefault("cross-origin-resource-policy", sharing)


async def refuse(
    send: Send, status: int, code: str, reason: str, retry_after: int | None = None, call: str | None = None
) -> None:
    """A short JSON refusal, the body unread. `retry_after` is in seconds; `call` tells whom to telephone instead."""
    body = json.dumps({"error": code, "reason": reason} | ({"help": call} if call else {})).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if retry_after is not None:
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
