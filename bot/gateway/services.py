"""The one place where the parts of the gateway are put together."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.clinic import Clinic
from bot.desk.attempts import Attempts
from bot.desk.desk import Desk
from bot.desk.tools import Tools
from bot.gateway.engine import Engine
from bot.gateway.handover import Handover
from bot.gateway.ledger import Ledger
from bot.gateway.look import Look
from bot.gateway.loop.answers import Answers
from bot.gateway.loop.holding import Holding
from bot.gateway.loop.policy import Policy
from bot.gateway.loop.watch import Watch
from bot.gateway.photos.store import PhotoStore
from bot.gateway.scan import Scan, Scans
from bot.gateway.secret import sealer, secret_key
from bot.gateway.settings import Settings
from bot.gateway.settling import Settling
from bot.gateway.sms.rules import Rules
from bot.gateway.sms.texting import Sms, create_sms
from bot.gateway.speech import Renders, Speech
from bot.gateway.sweep import Sweep
from bot.gateway.way import Hooks, Way
from bot.gateway.web.address import household
from bot.gateway.web.hub import Hub
from bot.gateway.web.marks import Marks
from bot.records import reading
from bot.records.database import Database
from bot.reply.render import Renderer
from bot.reply.sms import join


@dataclass(frozen=True)
class Services:
    """What the web app, the worker, the terminal and an evaluation share. Use the async ones in one event loop."""

    settings: Settings
    clinic: Clinic
    database: Database
    engine: Engine
    hub: Hub
    way: Way
    speech: Speech
    marks: Marks
    photos: PhotoStore
    sweep: Sweep
    sms: Sms | None
    """None for a clinic without text messages."""
    watch: Watch
    """Of the closed loop: what is asked and told when time has passed."""
    deliver: Callable[[uuid.UUID], None]
    """To be told of a conversation in which texts are to be sent."""

    def now(self) -> datetime:
        """The server's clock in the clinic's zone."""
        return datetime.now(self.clinic.timezone)

    async def close(self) -> None:
        """Give back connections."""
        if self.sms is not None:
            await self.sms.door.close()
            await asyncio.to_thread(self.sms.courier.close)
        await self.engine.close()
        self.database.close()


def create_services(
    settings: Settings, deliver: Callable[[uuid.UUID], None] | None = None, scan: Scans | None = None
) -> Services:
    """Everything real: content read and checked, the database migrated. Raises ContentError, SealError.

    `deliver` is told, in a thread, of a conversation in which texts are to be sent; by default they are sent at once.
    `scan` may be given to share the loaded language pipeline, or to load it only at need.
    """
    clinic = Clinic.load()
    return assemble(settings, clinic, scan or create_scan(), Renderer(clinic), join, deliver)


def assemble(
    settings: Settings,
    clinic: Clinic,
    scan: Scans,
    renderer: Renders,
    join: Callable[[list[str]], list[str]],
    deliver: Callable[[uuid.UUID], None] | None = None,
) -> Services:
    """The wiring itself, of whatever parts; migrates the database."""
    speech = Speech(renderer, join, datetime.now(clinic.timezone))
    sealed = sealer(settings)
    database = Database(settings.database_url, sealed)
    database.migrate()
    engine = Engine(settings.engine_url)
    handover = Handover(clinic)
    look = Look(database, scan, speech, clinic, handover, settings)
    photos = PhotoStore(Path(settings.photos_folder), settings.photo_bytes, sealed)
    hub = Hub(partial(_states, database))
    deliver = deliver or (lambda conversation: sms.courier.send(conversation) if sms else None)
    policy, rules = Policy(), Rules(database, speech, handover, clinic, deliver)
    answers = Answers(database, speech, handover, policy, deliver)
    way = Way(
        Ledger(database, look, speech, clinic, settings, [rules.settle, answers.settle]),
        look,
        Settling(database, look, speech, handover, Holding(speech, policy), settings),
        engine,
        settings,
        Hooks(hub.typing, hub.wake, deliver),
    )
    now = partial(datetime.now, clinic.timezone)
    sweep = Sweep(database, way, settings, now)
    sms = create_sms(settings, clinic, database, way, handover, speech, photos, now)
    marks = Marks(renderer, now())
    watch = Watch(database, speech, handover, policy, clinic, deliver)
    return Services(settings, clinic, database, engine, hub, way, speech, marks, photos, sweep, sms, watch, deliver)


def create_desk(services: Services, loop: asyncio.AbstractEventLoop) -> Desk:
    """The desk of a web process; `loop` is where its streams are, while its pages are made in threads."""
    settings = services.settings

    def said(conversation: uuid.UUID) -> None:
        loop.call_soon_threadsafe(partial(services.hub.wake, conversation))
        services.deliver(conversation)

    return Desk(
        services.database,
        services.clinic,
        settings.public_url.rstrip("/"),
        secret_key(settings),
        timedelta(minutes=settings.desk_idle_minutes),
        timedelta(hours=settings.desk_session_hours),
        Attempts(settings.limit_sign_in, household),
        said,
        services.photos.open,
        services.photos.remove,
        Tools.load(services.clinic, services.database, services.now),
    )


def _states(database: Database, asked: Collection[uuid.UUID]) -> Mapping[uuid.UUID, reading.State]:
    with database.read() as session:
        return reading.states(session, asked)


def create_scan() -> Scan:
    """Understanding and triage, loaded and warm: some seconds now, so that the first patient need not wait them."""
    from bot.triage.assess import Triage
    from bot.triage.history import fold
    from bot.understanding.embeddings import Encoder
    from bot.understanding.handed import Hander
    from bot.understanding.pipeline import Understander
    from bot.understanding.second_look import SecondLook

    understander, encoder = Understander(), Encoder()
    understander.warm()
    encoder.encode(["The first sentence costs the most."])
    return Scan(understander, SecondLook(encoder), Triage(), fold, Hander(encoder))
