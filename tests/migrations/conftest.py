"""An empty database of each engine, without any table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bountyhub.kit.database import make_engine
from tests.servers import postgres

_numbers = itertools.count()


@pytest.fixture(params=["postgresql", "sqlite"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, worker_number: int) -> Iterator[str]:
    """The URL of a database that nothing was migrated into; the test runs on both engines."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    request.getfixturevalue("postgres_url")
    name = f"{postgres.prefix()}_{worker_number}_empty_{next(_numbers)}"
    yield postgres.create_empty_database(name)
    postgres.drop_database(name)


@pytest.fixture
def engine(empty: str) -> Iterator[Engine]:
    """Its engine, with this project's settings."""
    made = make_engine(empty)
    yield made
    made.dispose()
