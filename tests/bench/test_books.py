"""What the benches fill books with is right, and the guards are back afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger.log.models import CheckpointRow
from bountyhub.ledger.models import Entry, Line
from bountyhub.ledger.whole import verify_whole
from tests.bench.books import fill


def test_the_filled_books_are_sound_and_guarded(owned: str) -> None:
    fill(owned, 300)
    report = verify_whole()
    assert report.problems == []
    assert 300 <= report.entries < 305
    with reading() as session:
        assert len(set(session.scalars(select(Entry.kind)))) == 7
        assert session.scalar(select(func.count()).select_from(CheckpointRow)) in {12, 13}  # one for 25, and the last
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.get_one(Line, 1).amount = 5
        session.flush()
