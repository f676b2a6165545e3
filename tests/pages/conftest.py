"""The application's pages in this process: a small world behind them, people who look, play services outside."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from bountyhub.app import create_app
from bountyhub.http.lately import KEEP_SECONDS
from bountyhub.http.limits import limiter
from bountyhub.kit import database as kit_database
from bountyhub.kit.database import transaction
from bountyhub.people.models import Person
from bountyhub.people.operations import open_session
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects.models import Repository
from bountyhub.projects.operations import note_role
from tests.builders.outside import Outside
from tests.builders.settings import play_settings
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, World
from tests.pages.forge import ShowingForge


@dataclass
class Someone:
    """One person's browser."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def post(self, path: str, **typed: str) -> TestResponse:
        """Send a form."""
        return self.client.post(path, data=typed)

    def reads(self, path: str) -> str:
        """The words of a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return words(answer)

    def buttons(self, path: str) -> set[str]:
        """Where the forms of a page's content post to."""
        main = self.get(path).text.partition("<main")[2].partition("</main>")[0]
        return set(re.findall(r'method="post" action="([^"]+)"', main))


def words(answer: TestResponse) -> str:
    """A page's content as one reads it."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", "<" + main)).split())


@dataclass
class Pages:
    """The application, its world, and the outside services it sees."""

    app: Flask
    world: World
    outside: Outside
    forge: ShowingForge
    queries: list[str] = field(default_factory=list)

    def stranger(self) -> Someone:
        """Somebody signed out."""
        return Someone(self.app.test_client())

    def signed_in(self, who: ForgePerson) -> Someone:
        """Somebody of the world, signed in."""
        someone = self.stranger()
        with transaction() as session:
            secret = open_session(session, session.get_one(Person, self.world.persons[who.login].id))
        with someone.client.session_transaction() as cookie:
            cookie["secret"] = secret
        return someone

    def know_roles(self) -> None:
        """The forge was asked about everybody, as after their sign-in: pages know which buttons to draw."""
        with transaction() as session:
            repository = session.get_one(Repository, self.world.repository_id)
            for who in (ANA, BO, CLEO, DARA, EVE):
                note_role(session, repository, self.world.persons[who.login].id, self.world.permission(who))

    def count(self, someone: Someone, path: str) -> int:
        """How many queries a page takes."""
        self.queries.clear()
        assert someone.get(path).status_code == 200
        return len(self.queries)


@pytest.fixture(scope="session")
def app(sqlite_template: Path) -> Flask:
    """The application, made once: each test gives it another database, few count requests."""
    made = create_app(play_settings(DATABASE_URL=f"sqlite:///{sqlite_template}", RATE_LIMITS=True))
    made.config["WTF_CSRF_ENABLED"] = False
    made.config[KEEP_SECONDS] = 0  # a test sees what it has just done
    return made


@pytest.fixture
def pages(app: Flask, sqlite: str) -> Iterator[Pages]:
    """Ana's installed repository with one open task, five people, and the application in front of it."""
    yield from _pages(app, sqlite)


@pytest.fixture
def pages_on_both(app: Flask, database: str) -> Iterator[Pages]:
    """The same on PostgreSQL and again on SQLite."""
    yield from _pages(app, database)


def _pages(app: Flask, url: str) -> Iterator[Pages]:
    kit_database.configure(url)
    limiter.enabled = False  # one for all applications of a process
    world = World.begin(DATABASE_URL=url)
    forge = ShowingForge()
    outside = Outside(forge=forge).use()
    forge.permissions = world.permissions
    made = Pages(app, world, outside, forge)
    engine = kit_database.engine()
    event.listen(engine, "before_cursor_execute", _counter(made))
    yield made
    engine.dispose()


def _counter(made: Pages) -> Any:
    def count(_connection: Engine, _cursor: object, statement: str, *_others: object) -> None:
        made.queries.append(statement)

    return count
