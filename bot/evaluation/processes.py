"""Starts the trained engine and its action server on free loopback ports, for measuring and trying."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from bot.content import ROOT

BIN = ROOT / ".venv-engine" / "bin"
MODEL = ROOT / "models" / "assistant.tar.gz"
START_SECONDS = 600.0
_held: deque[socket.socket] = deque(maxlen=200)


class StartError(Exception):
    """A process did not come up; the message says where its log is."""


@dataclass(frozen=True)
class Engine:
    """A running engine and its action server."""

    url: str
    rasa: subprocess.Popen[bytes]
    actions: subprocess.Popen[bytes]


@contextmanager
def engine(log_folder: Path, port: int | None = None) -> Iterator[Engine]:
    """Run engine (on `port` or a free one) and action server, and stop both afterwards. Raises StartError."""
    if not MODEL.is_file():
        raise StartError("no trained model: run `make train`")
    log_folder.mkdir(parents=True, exist_ok=True)
    engine_port, actions_port = port or free_port(), free_port()
    with ExitStack() as stack:
        processes = {}
        for part in parts(engine_port, actions_port):
            log = stack.enter_context((log_folder / f"{part.name}.log").open("w"))
            processes[part.name] = process = part.start(log)
            stack.callback(stop, process)
        for part in parts(engine_port, actions_port):
            wait(part.health, processes[part.name], log_folder / f"{part.name}.log")
        yield Engine(f"http://127.0.0.1:{engine_port}", processes["engine"], processes["actions"])


@dataclass(frozen=True)
class Part:
    """A process that can be started, and killed and started again. `health` answers 200 once it is ready."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    health: str

    def start(self, log: IO[str]) -> subprocess.Popen[bytes]:
        """Start it, writing to `log`."""
        return subprocess.Popen(  # noqa: S603 (our own command, no shell)
            self.command, cwd=ROOT, env=os.environ | self.environment, stdout=log, stderr=subprocess.STDOUT
        )


def parts(engine_port: int, actions_port: int) -> tuple[Part, Part]:
    """The action server and the engine, on these ports."""
    actions_url = f"http://127.0.0.1:{actions_port}"
    environment = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "SANIC_HOST": "127.0.0.1",
        "ACTIONS_URL": f"{actions_url}/webhook",
        "PYTHONPATH": str(ROOT),
    }
    actions = [f"{BIN}/python", "-m", "rasa_sdk", "--actions", "actions.actions", "--port", str(actions_port)]
    engine = [
        f"{BIN}/python", "-m", "bot.engine", "run", "--interface", "127.0.0.1", "--port", str(engine_port),
        "--model", str(MODEL), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
    ]  # fmt: skip
    return (
        Part("actions", actions, environment, f"{actions_url}/health"),
        Part("engine", engine, environment, f"http://127.0.0.1:{engine_port}/webhooks/gateway/"),
    )


def free_port() -> int:
    """A loopback port nobody listens on now, and nobody else is given before this process has asked for 200 more."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port = int(held.getsockname()[1])
    if sys.platform == "linux":  # there others may listen where this one only sits; elsewhere it would be in their way
        _held.append(held)
    else:
        held.close()
    return port


def wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until `url` answers 200. Raises StartError when the process ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StartError(f"it ended with code {process.returncode}: see {log}")
        if healthy(url):
            return
        time.sleep(0.3)
    raise StartError(f"not ready after {START_SECONDS:.0f} s: see {log}")


def healthy(url: str) -> bool:
    """Whether `url` answers 200 within two seconds."""
    try:
        return httpx.get(url, timeout=2.0).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that we started."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
