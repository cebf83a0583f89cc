"""`PYTHONPATH=. python tests/gateway/serve_fake.py PORT`: the real web door with a fake engine, to work on the widget.

The engine takes half a second. A text with "buttons" or "pictures" gets them; "staff" brings a message of staff after
some seconds; "away" is answered as if the engine were down, in full by itself later; "cannot breathe", "lip is numb"
and "pus" are red flags.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import uuid
from pathlib import Path

import uvicorn
from gateway_fakes import FakeEngine, House, make_house
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.gateway.app import create_app
from bot.records import conversations
from bot.records.conversations import Draft

LATER_SECONDS = 6
PARTS = ("Healing abutment", "Implant", "Cover screw", "Crown")


class PlayEngine(FakeEngine):
    """Answers with what the words ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: set[str] = set()
        self.staff: list[uuid.UUID] = []

    async def _turn(self, request: Request) -> Response:
        await asyncio.sleep(0.5)
        body = await request.json()
        text = body["text"]
        if "away" in text and text not in self.failed:
            self.failed.add(text)
            return JSONResponse({"error": "away"}, 503)
        if "staff" in text:
            self.staff.append(uuid.UUID(body["sender"].partition(".")[0]))
        words = ("Yes", "No", "Not sure") if "buttons" in text else PARTS if "pictures" in text else ()
        pictures = {word: {"picture": word.lower().replace(" ", "-")} for word in PARTS}
        self.buttons = [{"title": word, "payload": word} | pictures.get(word, {}) for word in words]
        return await super()._turn(request)


async def later(house: House, engine: PlayEngine) -> None:
    """Be the worker, and the staff."""
    services = house.services
    while True:
        await asyncio.sleep(LATER_SECONDS)
        await services.sweep.answer()
        while engine.staff:
            with services.database.write() as session:
                draft = Draft("This is Ana from the front desk. Can you come at 3 pm?")
                conversations.reply(session, engine.staff.pop(), [draft], services.now(), None, by="staff")


async def main(port: int) -> None:
    """Serve until Ctrl-C."""
    engine = PlayEngine()
    engine.start()
    with tempfile.TemporaryDirectory() as folder:
        house = make_house(Path(folder), engine.url)
        services = house.services
        app = create_app(lambda: services, services.clinic.website_origins)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, timeout_graceful_shutdown=1))
        working = asyncio.create_task(later(house, engine))
        print(f"http://127.0.0.1:{port}/", flush=True)
        await server.serve()
        working.cancel()
    engine.stop()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
