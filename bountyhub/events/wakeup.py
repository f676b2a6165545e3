"""Tells the relay of `python -m worker` over Redis that a commit added work; losing it costs half a second, no job."""

from __future__ import annotations

import logging

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger("bountyhub.wakeup")
KEY = "bountyhub:wake"
LIMIT_SECONDS = 0.2


class WakeUp:
    """A client of its own, without retries: a commit never waits for a Redis that is away."""

    def __init__(self, url: str) -> None:
        self._client: redis.Redis = redis.Redis.from_url(
            url, socket_timeout=LIMIT_SECONDS, socket_connect_timeout=LIMIT_SECONDS, retry=Retry(NoBackoff(), 0)
        )

    def push(self) -> None:
        """Leave one token; several commits' tokens are one."""
        try:
            self._client.lpush(KEY, "1")
            self._client.ltrim(KEY, 0, 0)
        except redis.RedisError as error:
            log.debug("no wake-up: %s", type(error).__name__)
