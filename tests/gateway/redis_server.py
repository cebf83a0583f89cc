"""A real Redis on a free port of this machine, that can be stopped and started like any other."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import redis

from bot.evaluation.processes import free_port

SERVER = shutil.which("redis-server")


class RedisServer:
    """Keeps nothing: started again it is empty."""

    def __init__(self, folder: Path) -> None:
        """Skips the test where there is no redis-server; with CI set that is a failure."""
        if SERVER is None:
            assert not os.environ.get("CI"), "redis-server is not installed"
            pytest.skip("left out: no redis-server on this machine (Debian's package of that name)")
        self._folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        assert SERVER is not None
        command = [SERVER, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url, retry=_patient()) as client:
            client.ping()

    def stop(self) -> None:
        """At once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


def _patient() -> redis.retry.Retry:
    return redis.retry.Retry(redis.backoff.ConstantBackoff(0.05), 200)
