"""Named points at which a crash test may kill the process; costs nothing when no test asked for it.

`transaction()` and the ports call `point`. A point is named with its place and counted by that name: `commit.before`
in `funding.jobs.refunds.send_refund` for the second time is `commit.before:funding.jobs.refunds.send_refund:2`. Read
from the environment by tests/crash only: BOUNTYHUB_FAULT_LOG=<file> notes each passing there,
BOUNTYHUB_FAULT_KILL=<name>:<n> ends the process with SIGKILL at that passing, BOUNTYHUB_FAULT_ARM=<file> counts
nothing before that file exists.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Frames between a point and the code that opened the transaction.
_BETWEEN = ("bountyhub.kit.", "contextlib")

_log = os.environ.get("BOUNTYHUB_FAULT_LOG")
_kill = os.environ.get("BOUNTYHUB_FAULT_KILL")
_arm = os.environ.get("BOUNTYHUB_FAULT_ARM")
_lock = threading.Lock()
_passed: Counter[str] = Counter()


@contextmanager
def call(name: str) -> Iterator[None]:
    """Put a point before an outside call and one after it, whatever it answered."""
    point(f"call.before:{name}")
    try:
        yield
    finally:
        point(f"call.after:{name}")


def point(name: str) -> None:
    """Count one passing of a named point; may not return."""
    if not _log and not _kill:
        return
    if _arm and not Path(_arm).exists():
        return
    where = name if ":" in name else f"{name}:{_opener()}"
    with _lock:
        _passed[where] += 1
        passing = f"{where}:{_passed[where]}"
        if _log:
            with Path(_log).open("a", encoding="utf-8") as file:
                file.write(f"{passing}\n")
        if passing == _kill:
            os.kill(os.getpid(), signal.SIGKILL)


def _opener() -> str:
    """Which function's transaction this is."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(_BETWEEN):
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__", "")).removeprefix("bountyhub.")
    return f"{module}.{frame.f_code.co_qualname}"
