"""The same checkout paid in two tabs, and two checkouts of one backer paid both."""

from __future__ import annotations

import requests
from sqlalchemy import select

from bountyhub.funding.models import Contribution, Payment
from bountyhub.kit.database import reading
from bountyhub.ledger import queries as ledger
from tests.integrations.stripe.books import Happened, clearing, entries, work_on
from tests.integrations.stripe.shop import Shop
from tests.sandbox.stripe.test_pages import OK
from tests.sandbox.stripe.world import World

ONE = 5275 - 104


def pay(ref: str) -> int:
    with reading() as session:
        address = session.scalars(select(Payment.checkout_url).where(Payment.ref == ref)).one()
    return requests.post(str(address), {"number": OK}, timeout=10, allow_redirects=False).status_code


def held_for(*refs: str) -> list[int]:
    with reading() as session:
        return [ledger.balance(session, f"escrow/c-{ref}", "EUR") for ref in refs]


def test_one_checkout_in_two_tabs_is_paid_once(shop_on_both: Shop, world: World, happened: Happened) -> None:
    ref = shop_on_both.payment()
    shop_on_both.open_checkout(ref)
    assert [pay(ref), pay(ref)] == [303, 409]
    work_on(*happened())
    assert (held_for(ref), clearing(), entries()) == ([5000], ONE, 2)


def test_two_checkouts_paid_both_are_two_contributions(shop_on_both: Shop, world: World, happened: Happened) -> None:
    refs = [shop_on_both.payment("pay1"), shop_on_both.payment("pay2")]
    for ref in refs:
        shop_on_both.open_checkout(ref)
    assert [pay(ref) for ref in refs] == [303, 303]
    work_on(*happened())
    assert (held_for(*refs), clearing(), entries()) == ([5000, 5000], 2 * ONE, 4)
    with reading() as session:
        assert [c.state for c in session.scalars(select(Contribution))] == ["held", "held"]
