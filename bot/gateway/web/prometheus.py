"""`/metrics`: for a Prometheus on this machine, or one that knows METRICS_TOKEN."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar, get_args

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, PROCESS_COLLECTOR, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bot.gateway.services import Services
from bot.gateway.web.address import asks_from_here
from bot.gateway.web.visit import Inside, bearer
from bot.records.counts import Counts, counts
from bot.records.models import LEVELS, Channel, DeliveryState

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""What the library calls the folder in which processes count together: read when it is imported."""
Word = TypeVar("Word", bound=str)
router = APIRouter()


class Records(Collector):
    """What the records say at this moment."""

    def __init__(self, found: Counts, now: datetime, streams: int) -> None:
        self._found, self._now, self._streams = found, now, streams

    def collect(self) -> Iterable[Metric]:
        """See Collector. A state that nothing is in is 0, so that an alert can tell it from a lost series."""
        found = self._found
        oldest = (self._now - found.oldest_waiting).total_seconds() if found.oldest_waiting else 0.0
        yield _gauge("waiting_messages", "Messages without their full answer", "door", get_args(Channel), found.waiting)
        yield GaugeMetricFamily("assistant_oldest_waiting_seconds", "Age of the longest waiting message", oldest)
        yield _gauge("open_cases", "Cases that staff have not resolved", "level", LEVELS, found.open_cases)
        yield GaugeMetricFamily("assistant_overdue_cases", "Open cases after their time", found.overdue_cases)
        yield _gauge("deliveries", "Text messages by state", "state", get_args(DeliveryState), found.deliveries)
        yield GaugeMetricFamily("assistant_open_streams", "Event streams open in this process", self._streams)


def _gauge(name: str, says: str, label: str, words: Iterable[Word], values: Mapping[Word, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"assistant_{name}", says, labels=[label])
    for word in words:
        family.add_metric([word], values.get(word, 0))
    return family


@router.get("/metrics")
async def metrics(request: Request, services: Inside) -> Response:
    """Counters of this process, or of all on this machine that share PROMETHEUS_MULTIPROC_DIR; what the records say."""
    if not _allowed(request, services.settings.metrics_token.get_secret_value()):
        raise HTTPException(403)
    text = await asyncio.to_thread(_written, services)
    return Response(text, headers={"content-type": CONTENT_TYPE_LATEST})


def _allowed(request: Request, token: str) -> bool:
    given = bearer(request)
    known = bool(token and given) and secrets.compare_digest(given.encode(), token.encode())
    return known or asks_from_here(request)


def _written(services: Services) -> bytes:
    now = services.now()
    with services.database.read() as session:
        found = counts(session, now)
    registry = CollectorRegistry()
    registry.register(Records(found, now, services.hub.open_streams))
    return generate_latest(_counted()) + generate_latest(registry)


def _counted() -> CollectorRegistry:
    """With the folder the worker's counts are in it, too, and those of processes that are gone."""
    if FOLDER not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    registry.register(PROCESS_COLLECTOR)
    MultiProcessCollector(registry, path=os.environ[FOLDER])  # type: ignore[no-untyped-call]  # the library's
    return registry
