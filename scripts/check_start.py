"""Before anything starts: is the clinic's file right, and are the ports free? One clear sentence if not."""

from __future__ import annotations

import os
import socket
import sys

from bot.clinic import Clinic
from bot.content import ContentError

try:
    clinic = Clinic.load()
except ContentError as error:
    sys.exit(f"The clinic's file cannot be used.\n  {error}")
for name in ("PORT", "ENGINE_PORT", "ACTIONS_PORT"):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(os.environ[name])))
        except OSError:
            sys.exit(f"Port {os.environ[name]} is in use. Stop what uses it, or choose another: make run {name}=…")
print(f"Starting the assistant of {clinic.name}…", flush=True)
