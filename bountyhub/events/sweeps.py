"""How sweeps go through what is due: one thing that fails doesn't keep the others waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

log = logging.getLogger("bountyhub.sweeps")
T = TypeVar("T")


class SomeFailed(Exception):
    """A sweep went through everything, but not everything could be done: the sweep is put off and comes back."""


def each(items: Iterable[T], handle: Callable[[T], object]) -> None:
    """Handle every item; raises SomeFailed at the end, with the first failure as its cause."""
    failures: list[Exception] = []
    for item in items:
        try:
            handle(item)
        except Exception as error:
            log.warning("%s failed: %s: %s", getattr(handle, "__name__", "sweep"), type(error).__name__, error)
            failures.append(error)
    if failures:
        raise SomeFailed(f"{len(failures)} failed, first {type(failures[0]).__name__}") from failures[0]
