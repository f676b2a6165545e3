"""What every test may ask for: throwaway databases, Redis and a browser. What is missing fails, never skips.

`postgres_database` and `sqlite_database` make one fresh migrated database a call; `database`, `postgresql`
and `sqlite` are such a database that this process is configured for. On PostgreSQL all of them are opened as the
application's own role, which owns nothing; `owned` is opened as the owner.
"""

from __future__ import annotations

import gc
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bountyhub.kit import database as kit_database
from bountyhub.kit import migrate
from tests import browser, engines
from tests.recorded import NONSENSE, RECORDED
from tests.servers import memory, postgres, process, redis

MakeDatabase = Callable[[], str]


def pytest_configure(config: pytest.Config) -> None:
    """The process that begins a run owns its folder and servers; its workers only use them."""
    memory.use_memory()
    engines.share_compiled_statements()
    if not hasattr(config, "workerinput"):
        process.begin_run()
        os.environ.setdefault("RECORD_EXCHANGES", str(RECORDED))  # for every sandbox that a test starts


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not look at it again and again, a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.leave_named_server()
        process.end_run()


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Path:
    """Where the sandboxes of this test write down what is said to them."""
    return NONSENSE if request.node.get_closest_marker("nonsense") else RECORDED


@pytest.fixture(scope="session")
def worker_number() -> int:
    """0, 1, … for each worker of a parallel run, 0 alone."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A PostgreSQL server, as the URL of its maintenance database."""
    try:
        return postgres.server_url()
    except process.CannotStart as problem:
        pytest.fail(str(problem), pytrace=False)


@pytest.fixture(scope="session")
def redis_url(worker_number: int) -> str:
    """A Redis database of this worker's own, free to flush."""
    try:
        return f"{redis.server_url()}/{worker_number}"
    except process.CannotStart as problem:
        pytest.fail(str(problem), pytrace=False)


@pytest.fixture
def postgres_database(postgres_url: str, worker_number: int) -> Iterator[MakeDatabase]:
    """Makes a PostgreSQL database at the newest schema, a new one each call; gone after the test."""
    names: list[str] = []

    def make() -> str:
        names.append(f"{postgres.prefix()}_{worker_number}_{next(_numbers)}")
        return postgres.create_database(names[-1])

    yield make
    for name in names:
        postgres.drop_database(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> MakeDatabase:
    """Makes a SQLite database at the newest schema, a new one each call."""

    def make() -> str:
        path = tmp_path / f"test-{next(_numbers)}.sqlite"
        shutil.copyfile(sqlite_template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(params=["postgresql", "sqlite"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database this process is configured for; the test runs on PostgreSQL and again on SQLite."""
    kind = "postgres_database" if request.param == "postgresql" else "sqlite_database"
    make: MakeDatabase = request.getfixturevalue(kind)
    url = make()
    yield from _configured(url)


@pytest.fixture
def owned(database: str) -> Iterator[str]:
    """Like `database`, but this process is the owner of the tables, whom only the books' guards stop."""
    yield from _configured(postgres.owner_of(database))


@pytest.fixture
def postgresql(postgres_database: MakeDatabase) -> Iterator[str]:
    """Like `database`, on PostgreSQL only."""
    yield from _configured(postgres_database())


@pytest.fixture
def sqlite(sqlite_database: MakeDatabase) -> Iterator[str]:
    """Like `database`, on SQLite only: quick, for what does not depend on the engine."""
    yield from _configured(sqlite_database())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this worker; `tests.browser.visit` opens a page in it."""
    try:
        browser.chromium_path()
    except browser.NoBrowser as problem:
        pytest.fail(str(problem), pytrace=False)
    with browser.open_chromium() as running:
        yield running


_numbers = itertools.count()


def _configured(url: str) -> Iterator[str]:
    engine = kit_database.configure(url)
    yield url
    engine.dispose()
