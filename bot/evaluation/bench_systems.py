"""The two systems that `make bench` compares, each as the processes it is used with: the Procfile's, and `rasa run`.

Their patients have the same two cores, so both are played by a client that takes little of them (aiohttp: a seventh of
httpx's processor time a request).
"""

from __future__ import annotations

import re
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

import aiohttp

from bot.content import ROOT
from bot.evaluation.processes import BIN, Part, StartError, free_port, stop, wait
from bot.records.sealing import new_key

MAPPED = re.compile(r"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)$")
"""The first line of a mapping in /proc/PID/smaps; its file, if any."""
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
AT_ONCE, TIMEOUT = 64, 60.0
IDLE_SECONDS = 4.0
"""An unused connection is closed after this long: before uvicorn does, which has 5 s."""
STARTED = "Application startup complete"
"""What uvicorn logs."""


class Talk(Protocol):
    """One patient's conversation with a system."""

    async def say(self, text: str) -> None:
        """Send a message and wait for the replies. Raises aiohttp.ClientError or TimeoutError."""


@dataclass
class System:
    """A running system at `url`. `parts` are its processes by name. Talk to it within one event loop."""

    name: str
    url: str
    parts: Mapping[str, subprocess.Popen[bytes]]

    @cached_property
    def client(self) -> aiohttp.ClientSession:
        """Made at the first use, which is within the event loop; to be closed there."""
        return aiohttp.ClientSession(
            self.url,
            connector=aiohttp.TCPConnector(limit=AT_ONCE, keepalive_timeout=IDLE_SECONDS),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            trust_env=False,
            raise_for_status=True,
        )

    async def begin(self) -> Talk:
        """A new conversation."""
        if self.name == "starter":
            return _StarterTalk(self.client)
        async with self.client.post("/api/conversations") as answer:
            return _OurTalk(self.client, (await answer.json())["token"])

    async def without_answer(self) -> int:
        """How many messages were answered with "we have your message" only, because the engine was late or away."""
        if self.name == "starter":
            return 0
        async with self.client.get("/metrics") as answer:
            metrics = await answer.text()
        away = re.findall(r"^assistant_engine_away_total\S* (\S+)$", metrics, re.MULTILINE)
        return int(sum(map(float, away)))

    def memory(self) -> dict[str, float]:
        """Megabytes: `rss_mb` of all processes together (`used`), `rss_sum_mb` added up, `rss_<process>_mb` of each."""
        tables = {name: [_table(pid) for pid in family(process.pid)] for name, process in self.parts.items()}
        everything = [table for each in tables.values() for table in each]
        found = {"rss_mb": used(everything), "rss_sum_mb": _megabytes(sum(sum(table.values()) for table in everything))}
        return found | {f"rss_{name}_mb": used(each) for name, each in tables.items()}


@dataclass
class _OurTalk:
    client: aiohttp.ClientSession
    token: str

    async def say(self, text: str) -> None:
        body = {"text": text, "client_id": secrets.token_hex(8)}
        headers = {"authorization": f"Bearer {self.token}"}
        async with self.client.post("/api/conversation/messages", json=body, headers=headers) as answer:
            await answer.read()


@dataclass
class _StarterTalk:
    client: aiohttp.ClientSession
    sender: str = field(default_factory=lambda: secrets.token_hex(8))

    async def say(self, text: str) -> None:
        body = {"sender": self.sender, "message": text}
        async with self.client.post("/webhooks/rest/webhook", json=body) as answer:
            await answer.read()


@contextmanager
def ours(logs: Path, records: Path) -> Iterator[System]:
    """The processes of the Procfile, on free ports, with records of their own. Raises StartError."""
    ports = {f"{name}_PORT": str(free_port()) for name in ("ENGINE", "ACTIONS", "GATEWAY")}
    url, engine = f"http://127.0.0.1:{ports['GATEWAY_PORT']}", f"http://127.0.0.1:{ports['ENGINE_PORT']}"
    (counts := records / "metrics").mkdir()
    environment = {
        **QUIET,
        **ports,
        "PROMETHEUS_MULTIPROC_DIR": str(counts),
        "ENGINE_URL": engine,
        "ACTIONS_URL": f"http://127.0.0.1:{ports['ACTIONS_PORT']}/webhook",
        "DATABASE_URL": f"sqlite:///{records / 'records.sqlite3'}",
        "QUEUE_FILE": str(records / "huey.sqlite3"),
        "SECRET_KEY": "bench",
        "ENCRYPTION_KEY": new_key(),
        "PHOTOS_FOLDER": str(records / "photos"),
        "LIMIT_CONVERSATION": "100000/minute",
        "PYTHONPATH": str(ROOT),
    }
    parts = [
        Part(name, ["/bin/sh", "-c", f"exec env {command}"], environment, "")
        for name, command in commands((ROOT / "Procfile").read_text(encoding="utf-8"))
    ]
    with _running("ours", parts, url, f"{url}/readyz", logs) as system:
        for name, process in system.parts.items():
            if name.startswith("gateway"):  # they share a port: whichever is first answers for the other
                _until_said(STARTED, process, logs / f"ours_{name}.log")
        yield system


@contextmanager
def starter(logs: Path, model: Path) -> Iterator[System]:
    """What `rasa init` made, served as it is by `rasa run` with its REST channel. Raises StartError."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [f"{BIN}/rasa", "run", "--interface", "127.0.0.1", "--port", str(port), "--model", str(model)]
    files = ["--credentials", f"{model.parents[1]}/credentials.yml", "--endpoints", f"{model.parents[1]}/endpoints.yml"]
    parts = [Part("rasa", command + files, QUIET, "")]
    with _running("starter", parts, url, f"{url}/webhooks/rest/", logs) as system:
        yield system


@contextmanager
def _running(name: str, parts: Sequence[Part], url: str, ready: str, logs: Path) -> Iterator[System]:
    processes = {}
    with ExitStack() as stack:
        for part in parts:
            log = stack.enter_context((logs / f"{name}_{part.name}.log").open("w"))
            processes[part.name] = process = part.start(log)
            stack.callback(stop, process)
        # the first process of ours is the engine, which takes the longest
        wait(ready, processes[parts[0].name], logs / f"{name}_{parts[0].name}.log")
        yield System(name, url, processes)


def _until_said(words: str, process: subprocess.Popen[bytes], log: Path) -> None:
    while words not in log.read_text(encoding="utf-8"):
        if process.poll() is not None:
            raise StartError(f"it ended with code {process.returncode}: see {log}")
        time.sleep(0.3)


def commands(procfile: str) -> list[tuple[str, str]]:
    """Name and command of each process of a Procfile."""
    lines = (line.split(":", 1) for line in procfile.splitlines() if line.strip() and not line.startswith("#"))
    return [(name.strip(), command.strip()) for name, command in lines]


def used(tables: Sequence[Mapping[str, int]]) -> float:
    """Megabytes that processes take together: what is each one's own, and of each mapped file the pages once.

    `tables`: for each process the resident kilobytes by mapped file, "" for what is its own. Other than PSS it does
    not become less because programs outside the system happen to map the same libraries.
    """
    files = {file for table in tables for file in table if file}
    own = sum(table.get("", 0) for table in tables)
    return _megabytes(own + sum(max(table.get(file, 0) for table in tables) for file in files))


def _megabytes(kilobytes: int) -> float:
    return round(kilobytes / 1024, 1)


def family(pid: int) -> list[int]:
    """A process and all that it started, and so on."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for thread in threads for child in thread.read_text(encoding="ascii").split()]
    return [pid, *(each for child in children for each in family(child))]


def _table(pid: int) -> dict[str, int]:
    return resident(Path(f"/proc/{pid}/smaps").read_text(encoding="utf-8", errors="replace"))


def resident(smaps: str) -> dict[str, int]:
    """Kilobytes in memory by mapped file, "" for what the process has for itself, changed pages of files included."""
    table: dict[str, int] = {"": 0}
    file = ""
    for line in smaps.splitlines():
        if mapping := MAPPED.match(line):
            file = mapping[1] if mapping[1].startswith("/") else ""
        elif line.startswith("Rss:"):
            table[file] = table.get(file, 0) + _kilobytes(line)
        elif line.startswith("Anonymous:") and file:  # a private copy of a file's page is the process's own
            table[file] -= _kilobytes(line)
            table[""] += _kilobytes(line)
    return table


def _kilobytes(line: str) -> int:
    return int(line.split()[1])
