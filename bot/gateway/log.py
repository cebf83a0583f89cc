"""Structured logs: JSON lines with ids and codes. No text of a patient, no token, no phone number can get in."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import datetime, timezone

FIELDS = ("message_id", "rule", "tier", "code", "ms", "count", "method", "route", "status")
"""The only extra fields that are written: a new one is a decision, not an accident."""
OURS = ("bot", "uvicorn")
"""Loggers whose events are fixed sentences. A library's may hold anything: of those only the place is written."""


class JsonLines(logging.Formatter):
    """One JSON object a line. Of an exception: its type and where it was raised, not its message."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        line |= {field: getattr(record, field) for field in FIELDS if hasattr(record, field)}
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])[-5:]
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False, default=str)


def _event(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] not in OURS:
        return f"{record.module}:{record.lineno}"
    return str(record.msg).split("\n", 1)[0]  # not filled in: arguments may be anything


def configure() -> None:
    """Send everything to standard error in this form and silence what would print addresses of requests."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "huey"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False
    access.disabled = True
