"""`verify` for large books: all checks on one committed state, two at a time, for the command and the daily look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from queue import SimpleQueue

from sqlalchemy.orm import Session

from bountyhub.kit.snapshot import snapshot
from bountyhub.ledger.log import check as log
from bountyhub.ledger.verify import Finder, Problem, Progress, Report, counted, finders, look

#: More only take turns: each check is work for one of the database's processors.
AT_ONCE = 2


def verify_whole(progress: Progress | None = None, *, checkpoint: str | None = None) -> Report:
    """Look at everything, streaming: memory stays the same however many entries there are. `progress` hears of each
    check when it is done; a `checkpoint` that somebody kept is held against the log, too."""
    with snapshot(AT_ONCE) as sessions, ThreadPoolExecutor(AT_ONCE) as threads:
        report = counted(sessions[0])
        free: SimpleQueue[Session] = SimpleQueue()
        for session in sessions:
            free.put(session)
        wanted = [*finders(), *([] if checkpoint is None else [_against(checkpoint)])]
        # The last ones take longest: they begin first.
        running = {threads.submit(_with_a_free, free, name, finder): name for name, finder in reversed(wanted)}
        _tell(running, progress)
    for done, name in reversed(running.items()):
        report.checks.append(name)
        report.problems += done.result()
    return report


def _against(checkpoint: str) -> tuple[str, Finder]:
    def find(session: Session) -> Iterator[tuple[str, str]]:
        for what in log.against(session, checkpoint):
            yield "the checkpoint", f"speaks against these books: {what}"

    return "history goes on from the checkpoint", find


def _with_a_free(sessions: SimpleQueue[Session], name: str, finder: Finder) -> list[Problem]:
    session = sessions.get()
    try:
        return look(name, finder, session)
    finally:
        sessions.put(session)


def _tell(running: dict[Future[list[Problem]], str], progress: Callable[[str], None] | None) -> None:
    for done in as_completed(running):
        if progress is not None and done.exception() is None:
            progress(running[done])
