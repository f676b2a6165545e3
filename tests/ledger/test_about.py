"""Which entries go with somebody who is forgotten."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import transfer
from bountyhub.ledger.about import entries_about
from bountyhub.ledger.transfer import SharePiece
from tests.ledger.books import ACTOR, AT, EUR, example_a, release_all

pytestmark = pytest.mark.usefixtures("database")


def about(contributions: list[str] | None = None, owners: list[str] | None = None) -> list[int]:
    with reading() as session:
        return entries_about(session, contributions=contributions or [], owners=owners or [], actors=["person:1"])


def test_what_is_about_a_backer_alone_or_about_a_payee() -> None:
    example_a()  # 1: c1 paid, 2: its cost, 3, 5: c2 and c3
    release_all({"s1": 1, "s2": 1})  # 7: about all of them
    with transaction() as session:
        pieces = [SharePiece("s1", "c1", 1)]
        transfer.asked(session, transfer="t1", pieces=pieces, currency=EUR, effective_at=AT, actor=ACTOR)
    assert about(["c2"]) == [3]
    assert about(["c1"]) == [1, 8]
    assert about(["c1", "c2", "c3"]) == [1, 3, 5, 7, 8]
    assert about(owners=["s1", "t1"]) == [7, 8]
    assert about(owners=["s2"]) == [7]
    assert about() == []
