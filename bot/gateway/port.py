"""The port that all gateways of a house listen on: the kernel gives each new connection to one that lives."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from bot.gateway.locks import Lock
from bot.gateway.settings import Settings

BACKLOG = 2048


class CannotListen(Exception):
    """Another program has the port, perhaps a gateway of another house; or it is none. The message says what to do."""


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket that listens on GATEWAY_HOST and GATEWAY_PORT, beside those of the same house. Raises CannotListen.

    Only call it once every connection can be answered. The kernel lets any two programs of one user share a port who
    both ask for it, so the first of a house makes sure that nobody is there.
    """
    host, port = settings.gateway_host, settings.gateway_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    turn, mates = Lock(settings, f"turn-{port}"), Lock(settings, f"port-{port}")
    turn.wait()  # one of the house after the other
    try:
        if mates.take():
            socket.create_server((host, port), family=family).close()
        door = socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=True)
        mates.share()
    except OSError as error:
        mates.release()
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} is in use. Stop what uses it, or set another as GATEWAY_PORT."
        else:
            reason = f"Cannot listen on {host}, port {port}: {error.strerror}."
        raise CannotListen(reason) from error
    finally:
        turn.release()
    try:
        yield door
    finally:
        door.close()
        mates.release()
