"""Fresh books on either engine, one set after another, for a process that runs without pytest; used by all runs."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bountyhub.kit import database, migrate
from tests.servers import postgres

#: Makes new books, and has this process configured for them meanwhile.
Fresh = Callable[[], AbstractContextManager[None]]
_numbers = itertools.count()


@contextmanager
def configured(url: str) -> Iterator[None]:
    """This process's books."""
    made = database.configure(url)
    try:
        yield
    finally:
        made.dispose()


@contextmanager
def postgresql() -> Iterator[None]:
    """A database on the run's server, gone afterwards."""
    name = f"{postgres.prefix()}_soak_{os.getpid()}_{next(_numbers)}"
    with configured(postgres.create_database(name)):
        yield
    postgres.drop_database(name)


@contextmanager
def sqlite_in(folder: Path) -> Iterator[Fresh]:
    """A maker of SQLite files, copied from a migrated one."""
    template = folder / "template.sqlite"
    migrate.upgrade(f"sqlite:///{template}")

    @contextmanager
    def fresh() -> Iterator[None]:
        path = folder / f"soak-{next(_numbers)}.sqlite"
        shutil.copyfile(template, path)
        with configured(f"sqlite:///{path}"):
            yield
        for each in folder.glob(f"{path.name}*"):
            each.unlink()

    yield fresh


@contextmanager
def on(engine: str) -> Iterator[Fresh]:
    """The maker of fresh books on `postgresql` or `sqlite`."""
    if engine == "postgresql":
        yield postgresql
        return
    with tempfile.TemporaryDirectory(prefix="soak-") as name, sqlite_in(Path(name)) as fresh:
        yield fresh
