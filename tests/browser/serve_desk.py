"""A gateway process for the desk's browser tests: everything real but the engine. `serve_desk.py FOLDER PORT`

Staff: anna (front desk), ben (clinician), kim (admin), all with the password of browser_desk.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from browser_desk import PASSWORD, settings
from gateway_fakes import FakeEngine

from bot.desk.passwords import Passwords
from bot.gateway.app import create_app
from bot.gateway.services import Services, create_services
from bot.records import staff
from bot.records.models import Role

PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("anna", "Anna Ruiz", "front_desk"),
    ("ben", "Dr. Ben Okafor", "clinician"),
    ("kim", "Kim Lee", "admin"),
)


def main(folder: str, port: str) -> None:
    """Serve until ended."""
    engine = FakeEngine()
    engine.start()

    def make() -> Services:
        services = create_services(settings(Path(folder), int(port), engine.url))
        hashed = Passwords().hashed(PASSWORD)
        with services.database.write() as session:
            for name, called, role in PEOPLE:
                staff.add(session, name, called, role, services.now()).password_hash = hashed
        return services

    uvicorn.run(create_app(make), port=int(port), log_config=None, timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
