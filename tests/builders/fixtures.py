"""The `world` of most tests of operations: on SQLite, begun once a worker and copied for each test.

One engine serves all of them: its cache of compiled statements is half of what a test would cost.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bountyhub import settings
from bountyhub.kit import clock, migrate
from bountyhub.kit import database as kit_database
from tests.builders.settings import play_settings
from tests.builders.world import World

__all__ = ["begun", "world"]


@dataclass(frozen=True)
class Begun:
    """A database file in which a world was begun, the file tests work on, and the engine of that one."""

    template: Path
    path: Path
    engine: Engine
    world: World

    def restore(self) -> None:
        """The working file is as it was begun."""
        self.engine.dispose()
        for beside in ("-wal", "-shm"):
            self.path.with_name(self.path.name + beside).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """Made once for each worker."""
    folder = tmp_path_factory.mktemp("begun")
    path, template = folder / "test.sqlite", folder / "template.sqlite"
    migrate.upgrade(f"sqlite:///{path}")
    engine = kit_database.configure(f"sqlite:///{path}")
    made = World.begin()
    engine.dispose()
    shutil.copyfile(path, template)
    return Begun(template, path, engine, made)


@pytest.fixture
def world(begun: Begun, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Ana's task of issue 12, open, nothing held."""
    begun.restore()
    monkeypatch.setattr(kit_database, "_engine", begun.engine)
    settings.use(play_settings())
    clock.set_offset(timedelta(0))
    yield replace(begun.world, persons=dict(begun.world.persons), permissions=dict(begun.world.permissions))
    begun.engine.dispose()
