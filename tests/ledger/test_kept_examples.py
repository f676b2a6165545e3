"""The worked example of a late withdrawal, on both engines: what was named before paying is kept, with its tax."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import transaction
from bountyhub.ledger import accounts, capture, refund
from bountyhub.ledger.positions import Terms
from tests.ledger.books import ACTOR, AT, EUR, A, capture_one, held, owed
from tests.ledger.test_examples import assert_sound, own_funds

pytestmark = pytest.mark.usefixtures("database")


def test_k_a_late_withdrawal_keeps_what_was_named_before_paying() -> None:
    with transaction() as session:
        capture_one(session, A)
        refund.asked(session, refund="r-c1", terms=A, from_escrow=5000, kept=197, effective_at=AT, actor=ACTOR)
        assert held(session, accounts.refund_pending("r-c1", "c1")) == 5275 - 197
        refund.debited(
            session, refund="r-c1", contribution="c1", amount=5275 - 197, currency=EUR, outside_id="txn_r-c1",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        assert held(session, accounts.income_withdrawal()) == 197
        assert owed(session) == 0
    assert own_funds() == 197
    assert_sound()


def test_k_where_there_is_tax_it_is_due_on_what_is_kept() -> None:
    taxed = Terms("c1", 5000, 275, EUR, 55, "FR")
    with transaction() as session:
        capture.captured(
            session, payment="c1", contribution="c1", amount=5000, fee=275, vat=55, currency=EUR, outside_id="txn_c1",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        asked = [
            refund.asked(
                session, refund="r-c1", terms=taxed, from_escrow=5000, kept=199, kept_vat=40, effective_at=AT,
                actor=ACTOR,
            ).id
            for _ in range(2)
        ]  # fmt: skip
        assert asked[0] == asked[1]
        assert held(session, accounts.refund_pending("r-c1", "c1")) == 5330 - 239
        assert held(session, accounts.vat_due("FR")) == 40
        refund.debited(
            session, refund="r-c1", contribution="c1", amount=5330 - 239, currency=EUR, outside_id="txn_r-c1",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        assert owed(session) == 40
    assert own_funds() == 199
    assert_sound()
