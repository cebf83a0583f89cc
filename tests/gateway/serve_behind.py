"""A gateway process as behind a proxy, for test_two_gateways: its settings come from the environment alone.

`PYTHONPATH=.:tests/gateway python tests/gateway/serve_behind.py FOLDER PORT`
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from gateway_fakes import make_house

from bot.gateway.app import create_app
from bot.gateway.settings import Settings


def main(folder: str, port: str) -> None:
    """Serve until ended."""
    given = Settings()
    named = given.model_dump(include=given.model_fields_set - {"engine_url"})
    house = make_house(Path(folder), given.engine_url, **named)
    uvicorn.run(create_app(lambda: house.services, []), port=int(port), log_config=None, proxy_headers=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
