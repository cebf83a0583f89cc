"""Real servers on loopback that take alerts: HTTP and SMTP, with all that can go wrong; and a house with a clock."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.alerting import Alerting, Hours, Ladder, Step, Target
from bot.clinic import FILE, Clinic
from bot.desk.alerts.alerts import Alerts
from bot.desk.alerts.links import Links
from bot.evaluation.processes import free_port
from bot.records import audit, cases, conversations, notifications
from bot.records.cases import Reason
from bot.records.database import Database
from bot.records.models import Audit, Case, Channel, Level, Notification

WORDS = "my chin is numb and pus comes out"
"""What the patient wrote; no alert may hold any of it."""
PUBLIC = "https://desk.clinic.example"
MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=Clinic.load(FILE).timezone)
KEY = b"a secret key of a test"
DUE = {"emergency": timedelta(0), "hour": timedelta(minutes=60), "day": timedelta(hours=6)}


class Receiver:
    """Takes what `json://` sends. `plan`: what happens to the next requests: a status, or seconds to hang first."""

    def __init__(self) -> None:
        self.plan: list[int | float] = []
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.asked = 0
        self.port = free_port()
        self._server: ThreadingHTTPServer | None = None

    def url(self, name: str) -> str:
        return f"json://someone:s3cret-pass@127.0.0.1:{self.port}/{name}?+X-Key=s3cret-key"

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                receiver.asked += 1
                word = receiver.plan.pop(0) if receiver.plan else 200
                if isinstance(word, float):
                    time.sleep(word)
                    word = 200
                if word == 200:
                    receiver.taken.append((self.path.strip("/"), body))
                self.send_response(word)
                if word == 302:
                    self.send_header("Location", "/sign-in")
                self.end_headers()

            def do_GET(self) -> None:
                """The page to sign in: it takes no alert."""
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def names(self) -> list[str]:
        return [name for name, _ in self.taken]


class Mailbox:
    """Takes what `mailto://` sends; `refuse` is an SMTP answer it gives to every recipient instead."""

    def __init__(self) -> None:
        self.refuse = ""
        self.mails: list[tuple[list[str], str]] = []
        self.port = free_port()
        self._controller: Controller | None = None

    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=assistant@clinic.example&to=oncall@clinic.example"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        mail = message_from_bytes(envelope.content or b"")
        payload = mail.get_payload(decode=True)
        assert isinstance(payload, bytes)
        self.mails.append((envelope.rcpt_tos, f"{mail['Subject']}\n{payload.decode()}"))
        return "250 OK"


@dataclass
class Clock:
    """Stands still until a test puts it forward."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


def steps(*rows: tuple[int, tuple[str, ...]], again: int = 5) -> Ladder:
    return Ladder(tuple(Step(timedelta(minutes=after), tell) for after, tell in rows), timedelta(minutes=again))


def clinic(targets: dict[str, tuple[Hours, str]], **ladders: Ladder) -> Clinic:
    """The shipped clinic with these alerts; a level without a ladder tells everybody at once."""
    everybody = steps((0, tuple(targets)))
    levels = {level: ladders.get(level, everybody) for level in ("emergency", "hour", "day")}
    made = {name: Target(name, hours, url=url) for name, (hours, url) in targets.items()}
    return replace(Clinic.load(FILE), alerts=Alerting(made, levels))


@dataclass
class Told:
    """What patients were told, instead of the gateway."""

    level: list[Level] = field(default_factory=list)
    said: list[uuid.UUID] = field(default_factory=list)

    def __call__(self, session: object, conversation_id: uuid.UUID, level: Level, now: datetime) -> bool:
        self.level.append(level)
        return True


@dataclass
class House:
    """The records, an alarm on them, and a clock. `restart` is another process on the same records."""

    database: Database
    clinic: Clinic
    now: Clock
    told: Told = field(default_factory=Told)
    key: bytes = KEY

    def __post_init__(self) -> None:
        self.links = Links(self.key, PUBLIC)
        self.alerts = self._alerts()

    def _alerts(self) -> Alerts:
        return Alerts(self.database, self.clinic, self.links, self.told, self.told.said.append, self.now)

    def restart(self) -> None:
        self.alerts.close()
        self.alerts = self._alerts()

    def flag(self, level: Level, rule: str = "R1", conversation: uuid.UUID | None = None, channel: Channel = "web"):
        """A patient writes something for a case of this level. Gives conversation and case."""
        at = self.now()
        with self.database.write() as session:
            known = conversation or conversations.create(session, str(uuid.uuid4()), channel, "en", at).id
            message, _ = conversations.store(session, known, WORDS, None, at)
            reason = Reason(rule, level, at + DUE[level], (WORDS,), "a source")
            case = cases.raise_case(session, known, message.id, [reason], at)
        assert case is not None
        return known, case.id

    def acknowledge(self, case_id: uuid.UUID, actor: str = "anna") -> None:
        with self.database.write() as session:
            assert cases.acknowledge(session, case_id, None, actor, self.now()).done

    def case(self, case_id: uuid.UUID) -> Case:
        with self.database.read() as session:
            return session.get_one(Case, case_id)

    def rows(self, case_id: uuid.UUID) -> list[Notification]:
        with self.database.read() as session:
            return notifications.of_case(session, case_id)

    def trail(self, case_id: uuid.UUID) -> list[Audit]:
        with self.database.read() as session:
            return audit.of_case(session, case_id)

    def run(self) -> None:
        """One look, and all that it begins to send."""
        self.alerts.tick()
        until(lambda: not self.alerts._sender._busy)

    def persist(self, looks: int) -> None:
        """So many looks, each late enough for another try of what failed up to three times."""
        for _ in range(looks):
            self.run()
            self.now.forward(seconds=12)


def until(done: Callable[[], bool], seconds: float = 300.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def example() -> str:
    """The commented section of clinic.yml without its `# `."""
    lines = FILE.read_text("utf-8").splitlines()
    section = takewhile(lambda line: line.startswith("# "), lines[lines.index("# alerts:") :])
    return "\n".join(line.removeprefix("# ") for line in section)


def written(folder: Path, section: str) -> Path:
    """A clinic.yml with this section."""
    facts = FILE.read_text("utf-8").partition("# Who is told")[0]
    file = folder / "clinic.yml"
    file.write_text(facts + section, "utf-8")
    return file
