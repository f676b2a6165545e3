"""Cases of papers and tax: what each way of the money leaves behind, with both books in agreement."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from bountyhub import settings
from bountyhub.funding import operations as funding
from bountyhub.funding.errors import BadTax
from bountyhub.funding.jobs.checkouts import settle_one
from bountyhub.funding.models import Contribution, Paper
from bountyhub.funding.operations.buyers import BuyerDetails
from bountyhub.funding.operations.taxes import record_vat_paid
from bountyhub.kit import ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from tests.cases.hub import Hub


def papers(hub: Hub) -> list[tuple[str, int]]:
    """(series, total in minor units) of each paper, in order."""
    with reading() as session:
        return [
            (paper.series, paper.content["total"]["amount"])
            for paper in session.scalars(select(Paper).order_by(Paper.id))
        ]


def pay_taxed(hub: Hub, country: str = "FR", vat_id: str = "") -> Contribution:
    """50.00 paid where the fee is taxed."""
    hub.setting(VAT_COUNTRY="FR", VAT_RATES={"FR": Decimal(20), "DE": Decimal(19)})
    name, address = ("Übung GmbH", "Weg 1") if vat_id else ("", "")
    with transaction() as session:
        order = funding.Order(
            hub.world.task_id, Money(5000, "EUR"), "cleo@example.org", hub.world.persons["cleo"].id, False,
            ids.new_ref(), buyer=BuyerDetails(country=country, vat_id=vat_id, name=name, address=address),
        )  # fmt: skip
        ref = funding.contribute(session, order).ref
    settle_one(hub.payment(ref))
    hub.pay_page(hub.payment(ref))
    hub.settle()
    return hub.contribution(hub.payment(ref).contribution_id)


def due(country: str) -> int:
    with reading() as session:
        return ledger.balance(session, f"vat_due/{country}", "EUR")


def test_receipt_and_statement(hub: Hub) -> None:
    """A payment leaves a receipt, its release a statement."""
    hub.connect()
    hub.pay(5000)
    hub.merge()
    assert papers(hub) == [("R", 5275), ("S", 5275)]


def test_receipt_and_credit_note(hub: Hub) -> None:
    """A payment leaves a receipt, its return a credit note; a refund that fails later changes neither."""
    hub.withdraw(hub.pay(5000, card="4000000000005126"))
    assert papers(hub) == [("R", 5275), ("C", 5275)]


def test_tax_paid_and_earned(hub: Hub) -> None:
    """VAT on the fee is paid with it, held apart, and due to the buyer's country at the release."""
    hub.connect()
    given = pay_taxed(hub, "DE")
    assert hub.balances(given) == {"escrow": 5000, "fee_held": 275, "vat_held": 52}
    hub.merge()
    assert (due("DE"), due("FR"), hub.balances(given)) == (52, 0, {})
    assert papers(hub) == [("R", 5327), ("S", 5327)]


def test_tax_paid_and_returned(hub: Hub) -> None:
    """VAT on the fee goes back with what goes back, and nothing is due."""
    hub.withdraw(pay_taxed(hub))
    assert (due("FR"), papers(hub)) == (0, [("R", 5330), ("C", 5330)])


def test_reverse_charge(hub: Hub) -> None:
    """A company of another EU country pays no VAT here and owes it itself."""
    given = pay_taxed(hub, "DE", "DE123456789")
    assert hub.balances(given) == {"escrow": 5000, "fee_held": 275}
    assert settings.current().VAT_COUNTRY == "FR"
    assert papers(hub) == [("R", 5275)]


def test_tax_is_paid_to_its_state(hub: Hub) -> None:
    """Tax on an earned fee is paid to its state, and no more than is due."""
    hub.connect()
    pay_taxed(hub)
    hub.merge()
    owed = Money(due("FR"), "EUR")
    assert owed.amount > 0
    with transaction() as session:
        assert record_vat_paid(session, "FR", owed, "2026, fourth quarter")
        assert not record_vat_paid(session, "FR", owed, "2026, fourth quarter")
    with transaction() as session, pytest.raises(BadTax, match=r"Only 0\.00 EUR"):
        record_vat_paid(session, "FR", owed, "another")
    assert due("FR") == 0
