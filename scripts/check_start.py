"""Before anything starts: is the content right, and are the ports free? One clear sentence if not."""

from __future__ import annotations

import os
import socket
import sys

from bot.checks import problems
from bot.clinic import Clinic

if wrong := list(dict.fromkeys(problems())):
    sys.exit("The content cannot be used:\n  " + "\n  ".join(wrong))
for name in ("PORT", "ENGINE_PORT", "ACTIONS_PORT"):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(os.environ[name])))
        except OSError:
            sys.exit(f"Port {os.environ[name]} is in use. Stop what uses it, or choose another: make run {name}=…")
print(f"Starting the assistant of {Clinic.load().name}…", flush=True)
