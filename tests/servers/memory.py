"""Temporary files in memory where there is room: a test's databases are small and wait for a disk most of the time."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 4 * 1024**3


def use_memory() -> None:
    """Put this run's temporary files into memory, unless TMPDIR names a place or programs can't be run there."""
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it is found once, and may have been


def has_room(folder: Path) -> bool:
    """Whether a folder may be written to, takes programs and has 4 GiB free."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    about = os.statvfs(folder)
    return not about.f_flag & os.ST_NOEXEC and about.f_bavail * about.f_frsize >= ENOUGH_BYTES
