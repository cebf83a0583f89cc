"""Waits until the whole assistant answers, then says what to open. Ends with the process that started it."""

from __future__ import annotations

import os
import time
from urllib.error import URLError
from urllib.request import urlopen

ADDRESS = f"http://127.0.0.1:{os.environ['PORT']}"
SECONDS = 180


def ready() -> bool:
    """Whether gateway, database and engine answer."""
    try:
        with urlopen(f"{ADDRESS}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    parent, started = os.getppid(), time.monotonic()
    while not ready():
        if os.getppid() != parent:
            raise SystemExit
        if time.monotonic() - started > SECONDS:
            raise SystemExit(f"Not ready after {SECONDS} s: see the messages above.")
        time.sleep(0.5)
    print(
        f"\n  Ready after {time.monotonic() - started:.0f} s.\n"
        f"  Chat in the browser:  {ADDRESS}/\n"
        "  Chat in a terminal:   make chat\n"
        f"  Text messages:        {ADDRESS}/dev/sms\n"
        f"  The clinic's desk:    {ADDRESS}/desk  (the first account: make staff-user NAME=anna ROLE=admin)\n"
        "  Stop:                 Ctrl-C\n",
        flush=True,
    )
