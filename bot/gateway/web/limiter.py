"""How much one conversation and one address may send, so that nobody can crowd out the others."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator

from limits import RateLimitItem, parse_many
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.gateway.guard import refuse
from bot.gateway.metrics import RATE_LIMITED
from bot.gateway.secret import derived, secret_key
from bot.gateway.services import Services
from bot.gateway.settings import Settings
from bot.gateway.web.address import household, is_this_machine
from bot.gateway.web.counters import Counters
from bot.gateway.web.texts import Texts, spoken

REASON = "too much at once; `help` is for the patient"
CANNOT_WAIT = "cannot_wait"
"""The sentence of the widget that says whom to call."""
BEGIN, PHOTOS = "/api/conversations", "/api/conversation/photos"


class Limits:
    """Pure ASGI, for the API. Refuses with 429 and Retry-After.

    High enough that a person who writes many short texts in fear never meets a limit: what is refused is not scanned.
    An address is kept only as a hash with a key: of the process, or where several count together, of the deployment.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._counters = Counters(settings.queue_url)
        self._begin = parse_many(settings.limit_new_conversations)
        self._photos = parse_many(settings.limit_photos)
        self._conversation = parse_many(settings.limit_conversation)
        self._address = parse_many(settings.limit_address)
        shared = settings.queue_url != ""
        self._key = derived(secret_key(settings), "limits").encode() if shared else secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http" and scope["path"].startswith("/api/") and scope["method"] != "OPTIONS":
            for item, *who in self._counted(scope):
                if wait := await self._counters.wait(item, *who):
                    RATE_LIMITED.labels(who[0]).inc()
                    await refuse(send, 429, "too_many", REASON, wait, whom_to_call(Request(scope)))
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


def whom_to_call(request: Request) -> str:
    """The clinic's numbers in the browser's language: what is refused is not scanned, and may be an emergency."""
    services, texts = request.app.state.services, request.app.state.texts
    assert isinstance(services, Services)
    assert isinstance(texts, Texts)
    language = spoken(services.clinic, request.headers.get("accept-language", "").partition(",")[0].strip())
    return texts.of(language)[CANNOT_WAIT].format_map(services.clinic.facts(services.now()))
