"""What payees were paid, and the tax on fees: exactly what the books say, per quarter."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from bountyhub import settings
from bountyhub.admin.reports import payees_csv
from bountyhub.cli import tax
from bountyhub.funding import operations as funding
from bountyhub.funding.errors import BadTax
from bountyhub.funding.operations.buyers import BuyerDetails
from bountyhub.kit import clock, ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.vat import vat_by_quarter
from bountyhub.payouts.reports import MOVES, PaidRow, paid_per_payee
from tests.builders.settings import play_settings
from tests.builders.world import BO, World, assert_books_are_right, merged

YEAR = clock.real_now().year
QUARTER = (clock.real_now().month + 2) // 3


def rows(quarter: int | None = None) -> list[PaidRow]:
    with reading() as session:
        return paid_per_payee(session, YEAR, quarter)


def cleared() -> int:
    with reading() as session:
        query = (
            select(Line.amount).join(Entry, Entry.id == Line.entry_id).join(Account, Account.id == Line.account_id)
            .where(Account.kind == "clearing", Entry.kind.in_(MOVES))
        )  # fmt: skip
        return -sum(session.scalars(query))


@pytest.fixture
def paid(world: World) -> World:
    """Bo was paid 75.00 in two transfers."""
    world.connect(BO)
    world.pay(5000)
    world.pay(2500)
    world.record(merged(world.linked()))
    world.send_transfers()
    return world


def test_a_payees_transfers_are_summed(paid: World) -> None:
    assert rows() == [PaidRow(YEAR, QUARTER, "acct_bo", "FR", "EUR", 7500, 0, 2)]
    assert sum(row.net for row in rows()) == cleared() == 7500


def test_only_the_quarter_asked_for(paid: World) -> None:
    assert len(rows(QUARTER)) == 1
    assert rows(QUARTER % 4 + 1) == []


def test_nobody_was_paid_anything(world: World) -> None:
    assert rows() == []


def test_the_report_is_a_table_in_major_units(paid: World) -> None:
    head, line = payees_csv(rows()).splitlines()
    assert head == "year,quarter,account,country,currency,transferred,reversed,net,transfers"
    assert line == f"{YEAR},{QUARTER},acct_bo,FR,EUR,75.00,0.00,75.00,2"


def test_tax_is_due_when_its_fee_is_earned_and_paid_by_hand_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.use(play_settings(VAT_COUNTRY="FR", VAT_RATES={"FR": Decimal(20)}))
    monkeypatch.setattr("bountyhub.wiring.wire_existing", lambda _here: None)
    monkeypatch.setattr(tax, "settings_here", settings.current)
    world.connect(BO)
    with transaction() as session:
        order = funding.Order(
            world.task_id, Money(5000, "EUR"), "a@example.org", None, True, ids.new_ref(),
            buyer=BuyerDetails(country="FR"),
        )  # fmt: skip
        ref = funding.contribute(session, order).ref
    world.capture(ref)
    with pytest.raises(BadTax, match=r"Only 0\.00 EUR"):
        tax.vat_paid("FR", "0.55", "EUR", "Q4")
    world.record(merged(world.linked()))
    assert tax.vat_paid("fr", "0.55", "eur", "Q4") == "0.55 EUR to FR are written down. 0.00 EUR are still due."
    assert "before" in tax.vat_paid("FR", "0.55", "EUR", "Q4")
    with reading() as session:
        (row,) = vat_by_quarter(session, YEAR)
    assert (row.country, row.earned, row.paid) == ("FR", 55, 55)
    assert_books_are_right()
