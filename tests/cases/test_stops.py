"""Fresh money and stops: the release is booked, the transfer waits."""

from __future__ import annotations

from bountyhub.kit.database import transaction
from bountyhub.payouts.models import StopScope, Transfer
from bountyhub.payouts.operations.stops import end_stop, make_stop
from tests.builders.world import CLEO, DARA, EVE
from tests.cases.hub import Hub


def states(hub: Hub) -> list[str]:
    return [str(transfer.state) for transfer in hub.world.rows(Transfer)]


def test_fresh_money_waits_seven_days(hub: Hub) -> None:
    """Fresh card money: released at the merge, transferred on the eighth day."""
    hub.setting(FRESH_DAYS=7)
    hub.connect()
    hub.pay(5000)
    hub.merge()
    assert states(hub) == ["waiting"]
    hub.days(8)
    assert states(hub) == ["confirmed"]


def test_funds_that_have_not_arrived(hub: Hub) -> None:
    """Card money that is not available yet: the transfer waits for its charge."""
    hub.option(funds_pend_days=3)
    hub.connect()
    hub.pay(5000)
    hub.merge()
    hub.days(4)
    assert states(hub) == ["confirmed"]


def test_the_site_is_stopped(hub: Hub) -> None:
    """The operator stops the site's outgoing money; it leaves when another ends the stop."""
    hub.connect()
    hub.pay(5000)
    with transaction() as session:
        made = make_stop(session, StopScope.SITE, "", "Looking into it.", hub.world.actor(DARA))
    hub.merge()
    assert states(hub) == ["waiting"]
    with transaction() as session:
        end_stop(session, made.id, "Fine.", hub.world.actor(EVE))
    hub.settle()
    assert states(hub) == ["confirmed"]


def test_a_card_is_stopped(hub: Hub) -> None:
    """A card is stopped: what it paid waits, what another paid leaves; both leave after fourteen days."""
    hub.connect()
    one = hub.order(5000)
    hub.pay_page(one)
    hub.settle()
    hub.pay(2500, CLEO, card="5555555555554444")
    card = hub.payment(one.ref).card
    assert card is not None
    with transaction() as session:
        make_stop(session, StopScope.CARD, card, "Reported stolen.", hub.world.actor(DARA))
    hub.merge()
    assert sorted(states(hub)) == ["confirmed", "waiting"]
    hub.days(15)
    assert states(hub) == ["confirmed", "confirmed"]


def test_a_refund_goes_on_while_the_site_is_stopped(hub: Hub) -> None:
    """The site is stopped: a backer still gets their money back."""
    contribution = hub.pay(5000)
    with transaction() as session:
        make_stop(session, StopScope.SITE, "", "Looking into it.", hub.world.actor(DARA))
    hub.withdraw(contribution)
    assert hub.contribution(contribution.id).state == "closed"
