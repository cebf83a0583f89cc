"""One worker process of the race: ready, told to go, looks again and again. Prints how much it did."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

from gateway_fakes import make_house

SECONDS = 1.0


def main(folder: Path, now: datetime) -> int:
    """Look at `now` for a second from the line on that comes in."""
    house = make_house(folder, "http://127.0.0.1:1")
    print("ready", flush=True)
    sys.stdin.readline()
    done, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        done += house.services.watch.look(now)
    return done


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])))
