"""The five processes of an installation, each of which can be killed, frozen and started again."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.clinic import FILE
from bot.content import ROOT
from bot.evaluation.bench_systems import STARTED
from bot.evaluation.processes import Part, free_port, healthy, parts, stop, wait
from bot.records.sealing import new_key


@dataclass
class Fleet:
    """Running processes by name: gateway, gateway2, worker, engine, actions."""

    folder: Path
    parts: dict[str, Part]
    url: str
    database: Path
    key: str
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    events: list[tuple[str, str, float]] = field(default_factory=list)
    killed: list[tuple[tuple[str, ...], float]] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start a process; its log is added to."""
        with (self.folder / f"{name}.log").open("a") as log:
            self.said[name] = log.tell()
            self.running[name] = self.parts[name].start(log)

    def ready(self, name: str) -> None:
        """Wait until it answers."""
        if self.parts[name].health:
            wait(self.parts[name].health, self.running[name], self.folder / f"{name}.log")
        elif name.startswith("gateway"):  # the other one answers at the same address
            while STARTED.encode() not in (self.folder / f"{name}.log").read_bytes()[self.said[name] :]:
                assert self.running[name].poll() is None, f"{name} ended"
                time.sleep(0.1)

    def kill(self, *names: str) -> None:
        """`kill -9` and start again at once, as a supervisor does; notes how long the door was shut, if it was."""
        for name in names:
            self.running[name].kill()
        for name in names:
            self.running[name].wait()
        began = time.monotonic()
        self.killed.append((names, time.time()))
        for name in names:
            self.start(name)
        while not healthy(f"{self.url}/healthz"):
            time.sleep(0.05)
        if "gateway" in names:
            self.events.append(("door", "shut", round(time.monotonic() - began, 1)))
        for name in names:
            self.ready(name)
            self.events.append((name, "killed", round(time.monotonic() - began, 1)))

    def freeze(self, name: str, seconds: float) -> None:
        """Let it hang: it takes connections and never answers."""
        self.running[name].send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.running[name].send_signal(signal.SIGCONT)
        self.events.append((name, "frozen", seconds))

    def all_up(self) -> bool:
        """Whether gateway, database and engine say that they are ready."""
        return healthy(f"{self.url}/readyz")


@contextmanager
def fleet(folder: Path, texting: dict[str, str]) -> Iterator[Fleet]:
    """All five, on free ports, with a database of their own and a clinic without quiet hours now."""
    port, engine_port, actions_port = free_port(), free_port(), free_port()
    clinic = folder / "clinic.yml"
    clinic.write_text(_awake(FILE.read_text()))
    environment = {
        "CLINIC_FILE": str(clinic),
        "DATABASE_URL": f"sqlite:///{folder / 'records.sqlite3'}",
        "QUEUE_FILE": str(folder / "huey.sqlite3"),
        "SECRET_KEY": "faults",
        "ENCRYPTION_KEY": (key := new_key()),
        "ENGINE_URL": f"http://127.0.0.1:{engine_port}",
        "GATEWAY_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        **texting,
    }
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "bot.gateway"]
    gateways = [Part(name, command, environment, "") for name in ("gateway", "gateway2")]
    every = [*gateways, Part("worker", worker(), environment, ""), *parts(engine_port, actions_port)]
    fleet = Fleet(folder, {part.name: part for part in every}, url, folder / "records.sqlite3", key)
    try:
        for part in every:
            fleet.start(part.name)
        for part in every:
            fleet.ready(part.name)
        while not fleet.all_up():
            time.sleep(0.2)
        yield fleet
    finally:
        for process in fleet.running.values():
            if process.poll() is None:
                os.kill(process.pid, signal.SIGCONT)
                stop(process)


def worker() -> list[str]:
    """The worker as the Procfile starts it."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return shlex.split(next(line.removeprefix("worker:") for line in lines if line.startswith("worker:")))


def _awake(clinic: str) -> str:
    """The clinic with quiet hours at another time of day: a late answer must not wait for the morning."""
    lines = clinic.splitlines()
    begin = datetime.now().astimezone() + timedelta(hours=11)
    hours = f'  quiet_hours: "{begin:%H:%M}-{begin + timedelta(minutes=30):%H:%M}"'
    zone = ["timezone: UTC" if line.startswith("timezone:") else line for line in lines]
    return "\n".join(hours if line.strip().startswith("quiet_hours:") else line for line in zone) + "\n"
