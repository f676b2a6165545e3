"""What costs much and may be some seconds old, kept in this process for each application."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import current_app

T = TypeVar("T")
#: An application's own figure may be in its config under this name.
KEEP_SECONDS = "KEEP_SECONDS"
_KEEP_SECONDS = 3.0


@dataclass
class _Slot:
    """One value; whoever comes while it is made waits for it instead of making it, too."""

    value: Any = None
    made: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


def lately(name: str, make: Callable[[], T]) -> T:
    """What `make` gave last under this name, made anew when that is more than a few seconds ago."""
    slots: dict[str, _Slot] = current_app.extensions.setdefault("lately", {})
    slot = slots.setdefault(name, _Slot())
    with slot.lock:
        if time.monotonic() - slot.made >= current_app.config.get(KEEP_SECONDS, _KEEP_SECONDS):
            begun = time.monotonic()
            slot.value = make()
            slot.made = begun
        found: T = slot.value
    return found
