"""Counts what was done how often: in Redis for all gateways together, else each in its own memory."""

from __future__ import annotations

import logging
import math
import time

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from bot.gateway.breaker import Breaker

logger = logging.getLogger(__name__)

PATIENCE = 0.25
"""Seconds a patient waits for Redis, once: then it is left alone for a while."""


class Counters:
    """Use within one event loop. While Redis is away each process counts for itself: nobody's message is lost by it."""

    def __init__(self, redis_url: str) -> None:
        """`redis_url` is empty where there is one machine only."""
        # not the moving window: in memory its library starts a thread per known key with every request
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared: SlidingWindowCounterRateLimiter | None = None
        if redis_url:
            storage = RedisStorage(
                f"async+{redis_url}",
                implementation="redispy",
                key_prefix="limits",
                socket_timeout=PATIENCE,
                socket_connect_timeout=PATIENCE,
            )
            self._shared = SlidingWindowCounterRateLimiter(storage)
        self._breaker = Breaker(failures=1)

    async def wait(self, item: RateLimitItem, *who: str) -> int:
        """Count one more of `who`. 0 if it may pass, else the seconds until it might."""
        if self._shared is not None and self._breaker.allows():
            try:
                seconds = await _wait(self._shared, item, *who)
                self._breaker.succeeded()
                return seconds
            except (RedisError, OSError) as error:
                self._breaker.failed()
                logger.error("limits count alone", extra={"code": type(error).__name__})
        return await _wait(self._here, item, *who)


async def _wait(limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, *who: str) -> int:
    if await limiter.hit(item, *who):
        return 0
    stats = await limiter.get_window_stats(item, *who)
    return max(1, math.ceil(stats.reset_time - time.time()))
