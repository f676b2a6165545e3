"""Brings a database to the newest schema: `serve`, `worker`, tests and `doctor` call it.

Alembic, a fifth of a start, is loaded only when there is something to migrate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from bountyhub.kit.database import make_engine
from bountyhub.kit.paths import asset

if TYPE_CHECKING:
    from alembic.config import Config


def config(url: str) -> Config:
    """Alembic's settings for a database; no ini file, so that nothing depends on the working directory."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(asset("migrations")))
    made.attributes["url"] = url
    return made


def head() -> str:
    """The newest revision that this code knows: the files in `migrations/versions` begin with their revisions."""
    return max(path.name.partition("_")[0] for path in (asset("migrations") / "versions").glob("[0-9]*.py"))


def current(engine: Engine) -> str | None:
    """The revision a database is at, None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up; at head already, nothing is run (that keeps the start quick)."""
    engine = make_engine(url)
    try:
        at_head = revision == "head" and current(engine) == head()
    finally:
        engine.dispose()
    if not at_head:
        from alembic import command

        command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down to a revision, `base` for an empty database."""
    from alembic import command

    command.downgrade(config(url), revision)
