"""`bountyhub migrate`, and what `serve` does about an older schema.

On PostgreSQL with two roles the owner migrates and gives the application's role its rights; the application can't.
"""

from __future__ import annotations

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bountyhub import wiring
from bountyhub.cli.local import settings_here
from bountyhub.kit import migrate
from bountyhub.kit.database import make_engine
from bountyhub.ledger import grants
from bountyhub.settings import Settings, SettingsError

MAY_NOT = (
    "DATABASE_URL: the database is not at the newest schema, and this role may not change it. "
    "Run: bountyhub migrate, with the role that owns the tables in DATABASE_OWNER_URL"
)


def run() -> str:
    """Migrate as the tables' owner, then give the application's role its rights; what was done."""
    here = settings_here()
    if not here.DATABASE_OWNER_URL:
        migrate_or_refuse(here)
        return f"The database is at {migrate.head()}."
    if any(url.startswith("sqlite") for url in (here.DATABASE_URL, here.DATABASE_OWNER_URL)):
        raise SettingsError("DATABASE_OWNER_URL: SQLite has no roles; leave it away, or use PostgreSQL for both")
    role = _role_of(here.DATABASE_URL)
    _migrate(here.DATABASE_OWNER_URL, "DATABASE_OWNER_URL")
    _give_rights(here.DATABASE_OWNER_URL, role)
    wiring.wire_existing(here)  # refuses when the two name different databases
    return f"The database is at {migrate.head()}, and {role} has the application's rights."


def migrate_or_refuse(here: Settings) -> None:
    """Bring the database to the newest schema, if this role may; raises SettingsError that says who may."""
    try:
        _migrate(here.DATABASE_URL, "DATABASE_URL")
    except SettingsError as error:
        cause = error.__cause__
        if isinstance(cause, DBAPIError) and isinstance(cause.orig, psycopg.errors.InsufficientPrivilege):
            raise SettingsError(MAY_NOT) from cause
        raise


def _migrate(url: str, setting: str) -> None:
    try:
        migrate.upgrade(url)
    except SQLAlchemyError as error:
        raise _unusable(setting, error) from error


def _role_of(url: str) -> str:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return str(connection.scalar(text("SELECT current_user")))
    except SQLAlchemyError as error:
        raise _unusable("DATABASE_URL", error) from error
    finally:
        engine.dispose()


def _give_rights(url: str, role: str) -> None:
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            owner = connection.scalar(text("SELECT current_user"))
            if owner == role:
                raise SettingsError(f"DATABASE_OWNER_URL: {role} is the application's role too; name another one")
            grants.give(connection, role)
    finally:
        engine.dispose()


def _unusable(setting: str, error: SQLAlchemyError) -> SettingsError:
    first = str(error).strip().partition("\n")[0]
    return SettingsError(f"{setting}: can't be used: {first}")
