"""A gateway process for the browser tests: real web door, records and sentences; the scan knows a few words.

`python tests/browser/serve_gateway.py FOLDER ENGINE_URL PORT ORIGIN`
"""

from __future__ import annotations

import sys
from pathlib import Path

import gateway_fakes
import uvicorn

from bot.clinic import Clinic
from bot.gateway.app import create_app
from bot.reply.render import Renderer


def main(folder: str, engine_url: str, port: str, origin: str) -> None:
    """Serve until ended; pages of `origin` may use the chat too."""
    # the clinic's real sentences, so that an emergency line is one
    gateway_fakes.FakeRenderer = lambda: Renderer(Clinic.load(gateway_fakes.CLINIC))  # type: ignore[assignment,misc]
    app = create_app(lambda: gateway_fakes.make_house(Path(folder), engine_url).services, [origin])
    uvicorn.run(app, port=int(port), log_config=None, timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
