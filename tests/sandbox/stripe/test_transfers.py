"""Transfers and their reversals: limits, backing charges, and what the balance says."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.stripe.world import World

FLOAT = 50_000


def test_a_transfer_moves_available_money(world: World, client: stripe.StripeClient) -> None:
    payee = world.payee()
    transfer = client.v1.transfers.create(
        {"amount": 2000, "currency": "eur", "destination": payee, "transfer_group": "task_7", "metadata": {"k": "t1"}}
    )
    assert (transfer.amount, transfer.destination, transfer.reversed) == (2000, payee, False)
    booked = client.v1.balance_transactions.retrieve(str(transfer.balance_transaction))
    assert (booked.type, booked.net, booked.source) == ("transfer", -2000, transfer.id)
    assert world.available() == FLOAT - 2000
    assert world.heard.wait("transfer.created")["data"]["object"]["id"] == transfer.id
    assert [each.id for each in client.v1.transfers.list({"transfer_group": "task_7"}).data] == [transfer.id]
    assert client.v1.transfers.list({"destination": "acct_other"}).data == []


def test_more_than_the_balance_is_refused(world: World, client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.transfers.create({"amount": FLOAT + 1, "currency": "eur", "destination": world.payee()})
    assert refused.value.code == "balance_insufficient"
    assert world.available() == FLOAT


def test_another_currency_has_its_own_balance(world: World, client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.transfers.create({"amount": 1, "currency": "usd", "destination": world.payee()})
    assert refused.value.code == "balance_insufficient"


@pytest.mark.parametrize("ending", ["unfinished", "not_payable"])
def test_only_payable_accounts_get_transfers(world: World, client: stripe.StripeClient, ending: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.transfers.create({"amount": 100, "currency": "eur", "destination": world.payee(ending)})
    assert refused.value.code == "insufficient_capabilities_for_transfer"


def test_an_unknown_destination_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such destination") as refused:
        client.v1.transfers.create({"amount": 100, "currency": "eur", "destination": "acct_none"})
    assert (refused.value.http_status, refused.value.param) == (400, "destination")


def test_transfers_of_one_charge_never_exceed_it(world: World, client: stripe.StripeClient) -> None:
    charge, payee = world.paid(2500), world.payee()

    def transfer(amount: int) -> stripe.Transfer:
        return client.v1.transfers.create(
            {"amount": amount, "currency": "eur", "destination": payee, "source_transaction": charge.id}
        )

    first = transfer(1500)
    assert (first.source_transaction, first.transfer_group) == (charge.id, "task_7")
    with pytest.raises(stripe.InvalidRequestError, match=r"exceed the source amount of €25\.00.*€15\.00"):
        transfer(1001)
    transfer(1000)
    client.v1.transfers.reversals.create(first.id, {"amount": 500})
    transfer(500)


def test_a_backed_transfer_waits_for_its_charge(world: World, client: stripe.StripeClient) -> None:
    world.control("options", funds_pend_days=7)
    charge = world.paid(2500)
    assert (world.available(), world.pending()) == (FLOAT, 2438)
    client.v1.transfers.create(
        {"amount": 2000, "currency": "eur", "destination": world.payee(), "source_transaction": charge.id}
    )
    assert (world.available(), world.pending()) == (FLOAT, 438)
    world.sandbox.clock.advance(7)
    world.tick()
    assert (world.available(), world.pending()) == (FLOAT + 438, 0)
    world.heard.wait("balance.available")
    statuses = {each.status for each in client.v1.balance_transactions.list().data}
    assert statuses == {"available"}


def test_a_transfer_of_an_unbooked_charge_gets_its_day_when_it_is_booked(
    world: World, client: stripe.StripeClient
) -> None:
    world.control("options", charges_pend=True)
    charge = world.paid(2500)
    client.v1.transfers.create(
        {"amount": 2000, "currency": "eur", "destination": world.payee(), "source_transaction": charge.id}
    )
    assert (world.available(), world.pending()) == (FLOAT, -2000)
    world.control("settle")
    assert (world.available(), world.pending()) == (FLOAT + 438, 0)


def test_a_transfer_can_be_taken_back_in_parts(world: World, client: stripe.StripeClient) -> None:
    transfer = client.v1.transfers.create({"amount": 2000, "currency": "eur", "destination": world.payee()})
    part = client.v1.transfers.reversals.create(transfer.id, {"amount": 500, "metadata": {"why": "error"}})
    booked = client.v1.balance_transactions.retrieve(str(part.balance_transaction))
    assert (booked.type, booked.net, booked.source) == ("transfer_refund", 500, part.id)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unreversed"):
        client.v1.transfers.reversals.create(transfer.id, {"amount": 1501})
    client.v1.transfers.reversals.create(transfer.id)
    now = client.v1.transfers.retrieve(transfer.id)
    assert (now.reversed, now.amount_reversed, len(now.reversals.data)) == (True, 2000, 2)
    with pytest.raises(stripe.InvalidRequestError, match="fully reversed"):
        client.v1.transfers.reversals.create(transfer.id)
    assert world.available() == FLOAT
    assert len(client.v1.transfers.reversals.list(transfer.id).data) == 2
    assert client.v1.transfers.reversals.retrieve(transfer.id, part.id).amount == 500
    world.heard.wait("transfer.reversed", 2)


def test_what_an_account_paid_out_cannot_be_taken_back(world: World, client: stripe.StripeClient) -> None:
    payee = world.payee()
    transfer = client.v1.transfers.create({"amount": 2000, "currency": "eur", "destination": payee})
    world.control("pay_out_account", account=payee)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.transfers.reversals.create(transfer.id)
    assert refused.value.code == "balance_insufficient"
    client.v1.transfers.create({"amount": 500, "currency": "eur", "destination": payee})
    client.v1.transfers.reversals.create(transfer.id, {"amount": 500})
    assert client.v1.transfers.retrieve(transfer.id).amount_reversed == 500
