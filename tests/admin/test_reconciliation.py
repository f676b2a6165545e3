"""The page of movements that stand differently in the two books."""

from __future__ import annotations

import pytest

from bountyhub.funding.models import Discrepancy
from bountyhub.funding.operations import reconciliation as kept
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ports.forge import ForgePerson
from tests.admin.conftest import use
from tests.builders.world import ANA, BO, CLEO, DARA
from tests.pages.conftest import Pages

PATH = "/operator/reconciliation"


def differ(id: str, kind: str, theirs: int, ours: int, *, stays: bool = True) -> None:
    with transaction() as session:
        kept.note(session, id, kind, "tr_1", Money(theirs, "EUR"), Money(ours, "EUR"))
        if stays:
            for row in session.query(Discrepancy):
                row.first_seen -= kept.ON_ITS_WAY


@pytest.mark.parametrize("who", [ANA, BO, CLEO, None])
def test_there_is_no_such_page_for_anybody_else(pages: Pages, who: ForgePerson | None) -> None:
    someone = pages.signed_in(who) if who else pages.stranger()
    assert someone.get(PATH).status_code == 404


def test_nothing_differs(pages: Pages) -> None:
    use(OPERATORS=[DARA.id])
    read = pages.signed_in(DARA).reads(PATH)
    assert "Every movement agrees." in read and "Not compared yet" in read


def test_each_difference_with_what_to_do(pages: Pages) -> None:
    differ("txn_1", "transfer", -5001, -5000)
    differ("txn_2", "reserve_transaction", -700, 0)
    differ("txn_3", "charge", 5000, 0, stays=False)
    read = pages.signed_in(DARA).reads(PATH)
    assert "-0.01 €" in read or "−0.01 €" in read
    assert "txn_1 transfer, tr_1 : -5001 there, -5000 here" in read.replace("  ", " ")
    assert "Nobody books movements of this kind." in read
    assert "1 on the way into the books: txn_3 (charge)" in read.replace("  ", " ")


def test_what_agrees_again_is_kept_apart(pages: Pages) -> None:
    differ("txn_1", "transfer", -5001, -5000)
    differ("txn_1", "transfer", -5000, -5000)
    read = pages.signed_in(DARA).reads(PATH)
    assert "Every movement agrees." in read and "1 agreed lately" in read
