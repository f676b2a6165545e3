"""The embedded runner: one thread that claims due jobs and a few that run them, inside `bountyhub serve`."""

from __future__ import annotations

import logging
import queue
import threading
from datetime import timedelta

from bountyhub.events import outbox
from bountyhub.events.registry import Run
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction

log = logging.getLogger("bountyhub.runner")
POLL_SECONDS = 0.5
#: How long an end waits for jobs that are running.
PATIENCE = timedelta(seconds=5)


class ThreadRunner:
    """Drains the outbox; `wake` is called after each commit that added a job, a poll follows anyway."""

    def __init__(self, threads: int = 4) -> None:
        self._wake, self._stop = threading.Event(), threading.Event()
        self._work: queue.SimpleQueue[Run | None] = queue.SimpleQueue()
        self._free = threading.Semaphore(threads)
        self._count = threads
        self._threads: list[threading.Thread] = []
        self._beat = clock.real_now()

    def start(self) -> None:
        """Take over what a killed predecessor held, look for what was missed meanwhile, then begin."""
        outbox.release_leases()
        outbox.ensure_schedule()
        with transaction() as session:
            outbox.run_recurring_now(session)
        outbox.on_commit(self._wake.set)
        self._spawn(self._dispatch, "outbox-dispatch")
        for number in range(self._count):
            self._spawn(self._serve, f"outbox-{number}")

    def stop(self) -> None:
        """Start no new jobs; let running ones end, but not for long: each survives being killed."""
        self._stop.set()
        self._wake.set()
        for _ in range(self._count):
            self._work.put(None)
        patience = clock.real_now() + PATIENCE
        for thread in self._threads:
            thread.join(timeout=max(0.0, (patience - clock.real_now()).total_seconds()))
        outbox.forget_listeners()

    def seconds_since_beat(self) -> float:
        """How long ago the dispatcher last looked: `/readyz` calls it alive below a few seconds."""
        return (clock.real_now() - self._beat).total_seconds()

    def _spawn(self, target: object, name: str) -> None:
        assert callable(target)
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _dispatch(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                handed_out = self._hand_out()
            except Exception:  # the database may be away for a moment; the next poll tries again
                log.exception("claiming jobs failed")
                handed_out = False
            if not handed_out:
                self._wake.wait(timeout=POLL_SECONDS)

    def _hand_out(self) -> bool:
        self._beat = clock.real_now()
        with reading() as session:
            if not outbox.has_due(session):
                return False
        if not self._free.acquire(timeout=POLL_SECONDS):
            return False
        slots = 1
        while slots < self._count and self._free.acquire(blocking=False):
            slots += 1
        runs: list[Run] = []
        try:
            runs = [] if self._stop.is_set() else outbox.claim(slots)
        finally:
            for _ in range(slots - len(runs)):
                self._free.release()
        for run in runs:
            self._work.put(run)
        return bool(runs)

    def _serve(self) -> None:
        while (run := self._work.get()) is not None:
            try:
                outbox.run(run)
            except Exception:  # a failure of the bookkeeping itself: the lease ends and the job comes back
                log.exception("job %s could not be put off", run.row)
            finally:
                self._free.release()
                self._wake.set()
