"""Does the same beginning of a test only once a process: the next time, its SQLite file is copied into place.

What a file holds once a world was begun in it follows from what it held before and from the settings. Used by
`World.begin`; elsewhere than in a file, every beginning is played.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

from bountyhub import settings
from bountyhub.kit import database

Made = TypeVar("Made")

#: Where an instance and its outside are: nothing in the database depends on it.
WHERE = {
    "DATABASE_URL", "STRIPE_API_BASE", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "GITHUB_API_URL", "GITHUB_WEB_URL",
}  # fmt: skip

_done: dict[Hashable, tuple[bytes, Any]] = {}


def once(what: Hashable, play: Callable[[], Made]) -> Made:
    """What `play` returns, and the configured database as `play` leaves it."""
    path = _file()
    if path is None:
        return play()
    key = (what, settings.current().model_dump_json(exclude=WHERE), _digest(path))
    if key not in _done:
        made = play()
        _rest()
        _done[key] = (path.read_bytes(), made)
        return made
    content, made = _done[key]
    path.write_bytes(content)
    found: Made = made
    return found


def _file() -> Path | None:
    """The configured SQLite file, with nothing beside it that isn't written to it yet."""
    url = database.engine().url
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    _rest()
    path = Path(url.database)
    return path if path.exists() and not path.with_name(f"{path.name}-wal").exists() else None


def _rest() -> None:
    """Close all connections: the last one writes the journal into the file."""
    database.engine().dispose()


def _digest(path: Path) -> str:
    return hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
