"""The relay: a thread that claims due outbox rows and enqueues their numbers; woken by commits, polling anyway."""

from __future__ import annotations

import logging
import threading

from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from bountyhub.events import outbox
from bountyhub.events.registry import QUEUES, Run
from bountyhub.events.wakeup import KEY
from bountyhub.kit.database import reading

log = logging.getLogger("bountyhub.relay")
POLL_SECONDS = 0.5
#: No more than this waits in Redis, so that a row's turn comes before its lease ends.
MOST_WAITING = 100
PREFIX = "bountyhub-"


def queues(connection: Redis) -> list[Queue]:
    """RQ's queues, the most urgent first; numbers travel as JSON, never as pickles."""
    names = sorted(QUEUES, key=QUEUES.__getitem__)
    return [Queue(PREFIX + name, connection=connection, serializer=JSONSerializer) for name in names]


class Relay:
    """Claims and enqueues until stopped; any number of relays may run side by side."""

    def __init__(self, connection: Redis) -> None:
        self._connection = connection
        self._queues = {queue.name.removeprefix(PREFIX): queue for queue in queues(connection)}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        """Begin to hand out."""
        self._thread.start()

    def stop(self) -> None:
        """Hand out no more."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if not self.hand_out():
                    self._wait()
            except Exception:  # the database or Redis may be away for a moment; leases bring everything back
                log.exception("handing out failed")
                self._stop.wait(POLL_SECONDS)

    def hand_out(self) -> int:
        """Claim what is due and enqueue it; how many. A row that can't be enqueued comes back with its lease's end."""
        room = MOST_WAITING - sum(queue.count for queue in self._queues.values())
        with reading() as session:
            if room <= 0 or not outbox.has_due(session):
                return 0
        runs = outbox.claim(room)
        for run, queue, seconds in runs_with_places(runs):  # RQ stops what takes longer; it is put off
            self._queues[queue].enqueue(
                "worker.tasks.run_row", run.row, run.attempt, job_id=f"o{run.row}-{run.attempt}", result_ttl=0,
                failure_ttl=3600, job_timeout=seconds, description=f"outbox row {run.row}",
            )  # fmt: skip
        return len(runs)

    def _wait(self) -> None:
        try:
            self._connection.blpop([KEY], timeout=POLL_SECONDS)
        except RedisError:
            self._stop.wait(POLL_SECONDS)


def runs_with_places(runs: list[Run]) -> list[tuple[Run, str, int]]:
    """Each claimed row with the queue it belongs to and the seconds that its job may take."""
    with reading() as session:
        return [(run, *outbox.place_of(session, run.row)) for run in runs]
