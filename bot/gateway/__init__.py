"""The public front door: receives, stores, scans, asks the engine, answers."""

from __future__ import annotations

import os

# before numpy is imported: threads of a product of small matrices spin after it and take the processor from messages
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
