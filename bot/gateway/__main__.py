"""`python -m bot.gateway`: the web server, on GATEWAY_HOST and GATEWAY_PORT."""

from __future__ import annotations

import sys

import uvicorn

from bot.gateway.app import create_app
from bot.gateway.secret import prove
from bot.gateway.settings import Settings
from bot.records.sealing import SealError

GRACE_SECONDS = 10
"""A message under way is answered; streams end at once."""

if __name__ == "__main__":
    settings = Settings()
    try:
        prove(settings)
    except SealError as error:
        sys.exit(str(error))
    uvicorn.run(
        create_app(),
        host=settings.gateway_host,
        port=settings.gateway_port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the app believes only TRUSTED_PROXIES
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
