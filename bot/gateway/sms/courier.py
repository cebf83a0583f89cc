"""Sends at once what this process has just said: a safety line must not wait for a worker that starts again."""

from __future__ import annotations

import logging
import uuid
from concurrent.futures import ThreadPoolExecutor

from bot.gateway.sms.sender import Sender

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""Threads of its own: a provider that hangs must not take those in which messages are stored and scanned."""


class Courier:
    """The first try of every text. What fails, or is cut off by a crash, stays due, and the worker sends it."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="courier")

    def send(self, conversation_id: uuid.UUID) -> None:
        """Send the texts of a conversation; nobody waits for it."""
        self._threads.submit(self._drain, conversation_id)

    def close(self) -> None:
        """Send nothing more that was not begun."""
        self._threads.shutdown(cancel_futures=True)

    def _drain(self, conversation_id: uuid.UUID) -> None:
        try:
            self._sender.drain(conversation_id)
        except Exception as error:  # the worker finds the texts
            logger.error("cannot be sent", extra={"code": type(error).__name__})
