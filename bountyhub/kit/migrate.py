"""Brings a database to the newest schema: `serve`, `worker`, tests and `doctor` call it."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from bountyhub.kit.database import make_engine
from bountyhub.kit.paths import asset


def config(url: str) -> Config:
    """Alembic's settings for a database; no ini file, so that nothing depends on the working directory."""
    made = Config()
    made.set_main_option("script_location", str(asset("migrations")))
    made.attributes["url"] = url
    return made


def head() -> str:
    """The newest revision that this code knows."""
    revision = ScriptDirectory.from_config(config("")).get_current_head()
    return revision or "none"


def current(engine: Engine) -> str | None:
    """The revision a database is at, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up; at head already, nothing is run (that keeps the start quick)."""
    engine = make_engine(url)
    try:
        at_head = revision == "head" and current(engine) == head()
    finally:
        engine.dispose()
    if not at_head:
        command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down to a revision, `base` for an empty database."""
    command.downgrade(config(url), revision)
