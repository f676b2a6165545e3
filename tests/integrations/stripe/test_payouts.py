"""Connected accounts and transfers through the gateway."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.kit import clock
from bountyhub.ports.errors import OutsideGone, OutsideRefused, OutsideUnavailable
from tests.integrations.stripe.conftest import eur, paid, payee, piece
from tests.sandbox.stripe.world import World


def _charge(world: World, gateway: StripeGateway) -> str:
    capture = paid(world, gateway).capture
    assert capture is not None
    return capture.charge


def test_a_new_account_has_everything_still_to_do(gateway: StripeGateway) -> None:
    account = gateway.create_account("bo1", "bo@example.org", "bo1")
    assert not account.can_receive and not account.details_submitted
    assert account.requirements
    assert gateway.read_account(account.id) == account


def test_the_same_key_opens_one_account(gateway: StripeGateway) -> None:
    first = gateway.create_account("bo1", "bo@example.org", "bo1")
    assert gateway.create_account("bo1", "bo@example.org", "bo1").id == first.id


def test_an_account_carries_our_reference(world: World, gateway: StripeGateway) -> None:
    account = gateway.create_account("bo1", "", "bo1")
    found = world.client.v1.accounts.retrieve(account.id)
    assert found.metadata is not None and found.metadata["reference"] == "bo1"


def test_after_onboarding_it_can_receive(world: World, gateway: StripeGateway) -> None:
    account = gateway.create_account("bo1", "bo@example.org", "bo1")
    world.control("complete_onboarding", account=account.id, country="FR")
    ready = gateway.read_account(account.id)
    assert ready.can_receive and ready.details_submitted
    assert (ready.country, ready.currency) == ("FR", "EUR")
    assert ready.requirements == () and ready.disabled_reason == ""


@pytest.mark.parametrize("ending", ["unfinished", "not_payable"])
def test_otherwise_it_can_not(world: World, gateway: StripeGateway, ending: str) -> None:
    account = gateway.create_account("bo1", "bo@example.org", "bo1")
    world.control("complete_onboarding", account=account.id, ending=ending)
    after = gateway.read_account(account.id)
    assert not after.can_receive
    assert after.requirements or after.disabled_reason


def test_each_onboarding_link_is_a_new_one(gateway: StripeGateway) -> None:
    account = gateway.create_account("bo1", "bo@example.org", "bo1")
    links = {gateway.onboarding_link(account.id, "http://app.test/me", "http://app.test/again") for _ in range(3)}
    assert len(links) == 3


def test_an_account_of_somebody_else_is_gone(gateway: StripeGateway) -> None:
    with pytest.raises(OutsideGone):
        gateway.read_account("acct_unknown")


def test_a_piece_of_a_charge_reaches_its_payee(world: World, gateway: StripeGateway) -> None:
    account, charge = payee(world, gateway), _charge(world, gateway)
    sent = gateway.create_transfer(piece(account, charge), "tr1")
    assert (sent.reference, sent.amount, sent.reversed) == ("tr1", eur(5000), 0)
    assert sent.balance_transaction.startswith("txn_")
    assert gateway.read_transfer(sent.id) == sent
    found = world.client.v1.transfers.retrieve(sent.id)
    assert (found.source_transaction, found.transfer_group) == (charge, "task-7")


def test_the_same_key_pays_once(world: World, gateway: StripeGateway) -> None:
    order = piece(payee(world, gateway), _charge(world, gateway))
    assert gateway.create_transfer(order, "tr1") == gateway.create_transfer(order, "tr1")
    assert gateway.balance("EUR") == eur(50000 + 5275 - 104 - 5000)


def test_a_lost_answer_is_found_by_our_reference(world: World, gateway: StripeGateway) -> None:
    order = piece(payee(world, gateway), _charge(world, gateway))
    world.control("fail_next", path="/v1/transfers", fault="lost_answer")
    with pytest.raises(OutsideUnavailable):
        gateway.create_transfer(order, "tr1")
    found = gateway.find_transfer("tr1", "task-7")
    assert found is not None and found == gateway.create_transfer(order, "tr1")
    assert gateway.find_transfer("tr2", "task-7") is None
    assert gateway.find_transfer("tr1", "task-8") is None


def test_no_charge_gives_more_than_it_brought(world: World, gateway: StripeGateway) -> None:
    account, charge = payee(world, gateway), _charge(world, gateway)
    gateway.create_transfer(piece(account, charge, 5000, "tr1"), "tr1")
    with pytest.raises(OutsideRefused):
        gateway.create_transfer(piece(account, charge, 276, "tr2"), "tr2")


def test_an_account_that_can_not_receive_is_refused(world: World, gateway: StripeGateway) -> None:
    account = gateway.create_account("bo1", "bo@example.org", "bo1").id
    with pytest.raises(OutsideRefused):
        gateway.create_transfer(piece(account, _charge(world, gateway)), "tr1")


def test_a_reversal_comes_with_its_own_book_entry(world: World, gateway: StripeGateway) -> None:
    sent = gateway.create_transfer(piece(payee(world, gateway), _charge(world, gateway)), "tr1")
    world.client.v1.transfers.reversals.create(sent.id, {"amount": 700})
    (back,) = gateway.read_transfer(sent.id).reversals
    booked = {movement.id: movement.amount.amount for movement in gateway.movements()}
    assert (back.amount.amount, booked[back.balance_transaction]) == (700, 700)


def test_an_account_is_found_by_our_reference_among_those_of_its_time(gateway: StripeGateway) -> None:
    before = clock.real_now() - timedelta(minutes=1)
    made = gateway.create_account("bo1", "bo@example.org", "bo1")
    gateway.create_account("dara1", "dara@example.org", "dara1")
    assert gateway.find_account("bo1", before) == made
    assert gateway.find_account("eve1", before) is None
    assert gateway.find_account("bo1", before + timedelta(hours=1)) is None
