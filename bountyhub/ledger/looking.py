"""A look at books that may be broken in any way: a statement that fails is an answer, too. For `verify` and `jobs`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


class Unseen(Exception):
    """The database could not answer; the text is what it says, without the statement."""


@contextmanager
def looking(session: Session) -> Iterator[None]:
    """A statement that fails within ends this look alone, as Unseen; whatever is asked afterwards is answered."""
    try:
        with session.begin_nested():
            yield
    except DBAPIError as error:
        if error.connection_invalidated:  # the database is gone: that tells nothing of the books
            raise
        raise Unseen(next(iter(str(error.orig).splitlines()), type(error.orig).__name__)) from error
