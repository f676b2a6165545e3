"""Currencies without decimals and with three, each from the checkout to the transfer or back."""

from __future__ import annotations

import pytest

from bountyhub.funding.errors import BadAmount
from bountyhub.kit.database import reading
from bountyhub.payouts.models import Transfer
from tests.cases.hub import Hub

#: currency, contribution, its fee at 5 % + the fixed part, both in minor units
PRICED = [("JPY", 1010, 91), ("KWD", 5050, 330), ("BHD", 5000, 350), ("JOD", 5000, 450), ("OMR", 5000, 350),
          ("TND", 15000, 1550)]  # fmt: skip


@pytest.mark.parametrize(("currency", "amount", "fee"), PRICED)
def test_paid_and_transferred(hub: Hub, currency: str, amount: int, fee: int) -> None:
    """Another number of decimals: paid, merged and transferred."""
    hub.currency(currency)
    hub.connect()
    contribution = hub.pay(amount)
    assert (contribution.fee, contribution.state) == (fee, "held")
    hub.merge()
    (transfer,) = hub.world.rows(Transfer)
    assert (transfer.amount, transfer.currency, transfer.state) == (amount, currency, "confirmed")
    assert hub.balances(contribution) == {}


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_paid_and_taken_back(hub: Hub, currency: str) -> None:
    """Another number of decimals: taken back in full."""
    hub.currency(currency)
    contribution = hub.pay(5050)
    hub.withdraw(contribution)
    assert (hub.contribution(contribution.id).state, hub.balances(contribution)) == ("closed", {})


@pytest.mark.parametrize(("currency", "amount", "why"), [
    ("JPY", 499, "smallest contribution is 500 JPY"), ("KWD", 1490, "smallest contribution is 1.500 KWD"),
    ("KWD", 5055, "0 as their last digit"), ("EUR", 499, "smallest contribution is 5.00 EUR"),
    ("EUR", 1_000_001, "largest contribution is 10000.00 EUR"),
])  # fmt: skip
def test_refused_before_the_checkout(hub: Hub, currency: str, amount: int, why: str) -> None:
    """An amount below or above the limits, or not a whole unit, is refused before the checkout."""
    if currency != "EUR":
        hub.currency(currency)
    with pytest.raises(BadAmount, match=why):
        hub.order(amount)
    with reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM payment").scalar() == 0
