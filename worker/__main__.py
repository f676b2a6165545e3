"""`python -m worker`: hands due outbox rows to RQ and runs them; any number may run. No domain rules here.

Redis only carries row numbers: retries, schedule and leases are in the rows, so an emptied Redis loses nothing.
"""

from __future__ import annotations

import sys

from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer

from bountyhub import settings, wiring
from bountyhub.events import outbox
from bountyhub.http import logs
from bountyhub.settings import Settings, SettingsError
from worker.relay import Relay, queues


def main() -> int:
    """Work until SIGTERM or Ctrl-C; the job that is running ends first. 2 for settings that can't work."""
    try:
        here = _ready()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    work(here)
    return 0


def _ready() -> Settings:
    here = settings.load()
    if not here.REDIS_URL:
        raise SettingsError("REDIS_URL: not set. `bountyhub serve` runs jobs itself without it; the worker needs it.")
    logs.configure(here)
    wiring.wire_existing(here)
    return here


def work(here: Settings) -> None:
    """Relay and work; each job runs in a process of its own, forked from this one."""
    outbox.ensure_schedule()
    connection = Redis.from_url(here.REDIS_URL)
    relay = Relay(connection)
    relay.start()
    try:
        worker = Worker(queues(connection), connection=connection, serializer=JSONSerializer, log_job_description=False)
        worker.work(with_scheduler=False, logging_level="WARNING")
    finally:
        relay.stop()


if __name__ == "__main__":
    sys.exit(main())
