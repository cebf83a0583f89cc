"""How long a request's body may be and of what type, by route; refused before it fills memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.guard import refuse

JSON = "application/json"


@dataclass(frozen=True)
class Body:
    """What one route takes: the media type, and at most so many bytes."""

    kind: str
    most: int


class Bodies:
    """Pure ASGI. `routes` maps a path to its body, or with a slash at the end all below it; any other takes `other`.

    Else 415 (type) and 413 (length).

    Starlette's own limit knows no types, and refuses in plain text.
    """

    def __init__(self, app: ASGIApp, routes: Mapping[str, Body], other: Body) -> None:
        self._app, self._routes, self._other = app, routes, other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        body = self._of(scope["path"])
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != body.kind and (length != "0" or "transfer-encoding" in headers):
            await refuse(send, 415, "wrong_type", f"the body must be {body.kind}")
            return
        if not length.isdigit() or int(length) > body.most:
            await refuse(send, 413, "too_large", "the body is too long")
            return
        taken = 0

        async def counting() -> Message:
            # a chunked body has no length to refuse by: the app sees the device go away, the device a 413
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return {"type": "http.disconnect"} if taken > body.most else message

        async def unless_refused(message: Message) -> None:
            if taken <= body.most:
                await send(message)

        try:
            await self._app(scope, counting, unless_refused)
        except ClientDisconnect:
            if taken <= body.most:
                raise
        if taken > body.most:
            await refuse(send, 413, "too_large", "the body is too long")

    def _of(self, path: str) -> Body:
        below = (body for start, body in self._routes.items() if start.endswith("/") and path.startswith(start))
        return self._routes.get(path) or next(below, self._other)
