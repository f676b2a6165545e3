"""One cache of compiled statements for all engines of a test process, as a process that runs for long has.

Each test's engine begins with an empty one otherwise, and compiling takes longer than what the tests look at.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bountyhub.kit import database

_shared: dict[str, Engine] = {}


def share_compiled_statements() -> None:
    """From now on `make_engine` gives engines that share what was compiled for their dialect."""
    make: Callable[..., Engine] = database.make_engine

    def make_sharing(url: str, **given: int) -> Engine:
        made = make(url, **given)
        known = _shared.get(made.dialect.name)
        if known is not None:
            made.dialect = known.dialect
            vars(made)["_compiled_cache"] = vars(known)["_compiled_cache"]
        else:
            with suppress(SQLAlchemyError), made.connect():  # a dialect learns its server's ways when it first connects
                _shared[made.dialect.name] = made
        return made

    vars(database)["make_engine"] = make_sharing
