"""`python -m bot.gateway`: the web server, on GATEWAY_HOST and GATEWAY_PORT."""

from __future__ import annotations

import uvicorn

from bot.gateway.app import create_app
from bot.gateway.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    uvicorn.run(
        create_app(),
        host=settings.gateway_host,
        port=settings.gateway_port,
        log_config=None,
        access_log=False,
        server_header=False,
    )
