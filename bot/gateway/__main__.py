"""`python -m bot.gateway`: the web server, on GATEWAY_HOST and GATEWAY_PORT. Several may run: each is as good."""

from __future__ import annotations

import sys
from contextlib import suppress

import uvicorn

from bot.gateway import log
from bot.gateway.app import create_app, real_services
from bot.gateway.port import BACKLOG, CannotListen, listening
from bot.gateway.secret import prove
from bot.gateway.settings import Settings
from bot.records.sealing import SealError

GRACE_SECONDS = 10
"""A message under way is answered; streams end at once."""


def main() -> None:
    """Load everything, and only then listen: until then connections go to a gateway that can answer them."""
    settings = Settings()
    try:
        prove(settings)
    except SealError as error:
        sys.exit(str(error))
    log.configure()
    services = real_services()
    config = uvicorn.Config(
        create_app(lambda: services),
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the app believes only TRUSTED_PROXIES
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    try:
        with listening(settings) as door:
            uvicorn.Server(config).run([door])
    except CannotListen as error:
        sys.exit(str(error))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
