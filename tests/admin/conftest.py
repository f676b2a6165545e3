"""The pages of `tests/pages`, on an instance whose operator is Dara."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bountyhub import settings
from bountyhub.app import create_app
from tests.builders.settings import play_settings
from tests.builders.world import DARA
from tests.pages.conftest import Pages, _pages


@pytest.fixture(scope="session")
def app(sqlite_template: Path) -> Flask:
    """The application, made once; each test gives it another database."""
    made = create_app(play_settings(DATABASE_URL=f"sqlite:///{sqlite_template}"))
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def pages(app: Flask, sqlite: str) -> Iterator[Pages]:
    """The application in front of a small world that Dara operates."""
    for made in _pages(app, sqlite):
        use(OPERATORS=[DARA.id])
        yield made


def use(**changes: Any) -> None:
    """Change settings of the running instance."""
    settings.use(settings.current().model_copy(update=changes))
