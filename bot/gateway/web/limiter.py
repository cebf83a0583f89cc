"""How much one conversation and one address may send, so that nobody can crowd out the others."""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from collections.abc import Iterator

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.gateway.guard import refuse
from bot.gateway.metrics import RATE_LIMITED
from bot.gateway.settings import Settings
from bot.gateway.web.address import household, is_this_machine

REASON = "too much at once; if it cannot wait, call the clinic"
"""For the author of a client: the widget says it in its own words, with the telephone numbers."""
BEGIN, PHOTOS = "/api/conversations", "/api/conversation/photos"


class Limits:
    """Pure ASGI, for the API. Refuses with 429 and Retry-After.

    High enough that a person who writes many short texts in fear never meets a limit: what is refused is not scanned.
    Each process counts for itself, in memory. An address is kept only as a hash with a key that dies with the process.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        # not the moving window: in memory its library starts a thread per known key with every request
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._begin = parse_many(settings.limit_new_conversations)
        self._photos = parse_many(settings.limit_photos)
        self._conversation = parse_many(settings.limit_conversation)
        self._address = parse_many(settings.limit_address)
        self._key = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http" and scope["path"].startswith("/api/") and scope["method"] != "OPTIONS":
            for item, *who in self._counted(scope):
                if not await self._limiter.hit(item, *who):
                    RATE_LIMITED.labels(who[0]).inc()
                    stats = await self._limiter.get_window_stats(item, *who)
                    wait = max(1, math.ceil(stats.reset_time - time.time()))
                    await refuse(send, 429, "too_many", REASON, wait)
                    return
        await self._app(scope, receive, send)

    def _counted(self, scope: Scope) -> Iterator[tuple[RateLimitItem, str, str]]:
        """Each limit that counts this request, and for whom."""
        client = scope["client"][0] if scope.get("client") else ""
        if not is_this_machine(client):  # `make chat`, a bench; or a proxy nobody named: all patients would share it
            address = self._hashed(household(client))
            yield from ((item, "address", address) for item in self._address)
            if scope["path"] == BEGIN:
                yield from ((item, "begin", address) for item in self._begin)
        token = Headers(scope=scope).get("authorization")
        if token and scope["method"] == "POST":
            yield from ((item, "conversation", self._hashed(token)) for item in self._conversation)
            if scope["path"] == PHOTOS:
                yield from ((item, "photos", self._hashed(token)) for item in self._photos)

    def _hashed(self, value: str) -> str:
        return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).hexdigest()
