"""What the processor's own book shows that no event tells: its fees."""

from __future__ import annotations

from bountyhub.integrations.stripe import walking
from bountyhub.kit.database import reading
from bountyhub.ledger import queries as ledger
from bountyhub.sandbox.stripe import balance
from bountyhub.sandbox.stripe.call import working
from tests.cases.hub import Hub


def test_a_fee_of_the_processor(hub: Hub) -> None:
    """The processor charges its monthly fee: a cost, found by the walk through its book."""
    hub.pay(5000)
    with working(hub.stripe.sandbox) as call:
        balance.REPORTED["stripe_fee"] = "fee"
        balance.book(call, "stripe_fee", -199, "eur", "")
    walking.walk()
    with reading() as session:
        assert ledger.balance(session, "cost/processor", "EUR") >= 199
