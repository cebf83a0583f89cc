"""`python -m bot.gateway.worker`: answers later what the engine could not answer at once."""

from __future__ import annotations

from bot.gateway import log

if __name__ == "__main__":
    log.configure()
    from bot.gateway.tasks import huey

    huey.create_consumer(workers=1, periodic=True).run()
