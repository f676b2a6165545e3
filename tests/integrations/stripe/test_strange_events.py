"""Events that change nothing: unknown, of others, gone, replayed; and those that come too early or too late."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bountyhub.events import inbox
from bountyhub.events.models import OutboxJob
from bountyhub.integrations.stripe.handlers import MOST_ATTEMPTS, NotYetKnown
from bountyhub.integrations.stripe.routes import ROUTES
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.errors import OutsideUnavailable
from tests.integrations.stripe.books import Happened, entries, held, made_up, paid, work_on
from tests.integrations.stripe.shop import Shop, stored
from tests.sandbox.stripe.world import World


@pytest.mark.parametrize("type", ["customer.created", "payout.paid", "nothing.anybody.knows"])
def test_any_other_event_is_acknowledged(shop: Shop, type: str) -> None:
    id = made_up(type, {"id": "x_1", "object": "x"})
    work_on(id)
    assert stored(id).handled_at is not None
    assert entries() == 0


def test_an_event_before_its_row_waits_and_is_then_done(shop_on_both: Shop, world: World, happened: Happened) -> None:
    charge = {"id": "ch_1", "object": "charge", "payment_intent": "pi_1", "metadata": {"reference": "pay1"}}
    id = made_up("charge.updated", charge)
    with pytest.raises(NotYetKnown):
        work_on(id)
    assert stored(id).handled_at is None
    paid(shop_on_both, world)
    work_on(id, attempt=2)
    assert held() == 5000
    assert stored(id).handled_at is not None


def test_waiting_is_no_error_to_the_outbox() -> None:
    assert issubclass(NotYetKnown, OutsideUnavailable)


def test_a_checkout_of_nobody_waits_then_is_let_go(
    shop: Shop, world: World, happened: Happened, caplog: pytest.LogCaptureFixture
) -> None:
    session = world.checkout(metadata={"reference": "unknown"})
    id = made_up("checkout.session.completed", {"id": session.id, "object": "checkout.session"})
    for attempt in range(1, MOST_ATTEMPTS):
        with pytest.raises(NotYetKnown):
            work_on(id, attempt=attempt)
    work_on(id, attempt=MOST_ATTEMPTS)
    assert stored(id).handled_at is not None
    assert "nothing known here" in caplog.text


def test_a_payment_of_nobody_is_let_go_too(shop: Shop) -> None:
    charge = {"id": "ch_1", "object": "charge", "metadata": {"reference": "unknown"}}
    id = made_up("charge.updated", charge)
    work_on(id, attempt=MOST_ATTEMPTS)
    assert stored(id).handled_at is not None


@pytest.mark.parametrize("type", ["charge.updated", "payment_intent.succeeded", "charge.refunded"])
def test_what_carries_no_reference_is_not_ours(shop: Shop, type: str) -> None:
    id = made_up(type, {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"})
    work_on(id)
    assert stored(id).handled_at is not None


def test_a_checkout_without_a_reference_is_not_ours(shop: Shop, world: World) -> None:
    id = made_up("checkout.session.completed", {"id": world.checkout().id})
    work_on(id)
    assert stored(id).handled_at is not None


@pytest.mark.parametrize("type", sorted({*ROUTES} - {"topup.succeeded"}))
def test_an_object_that_is_gone_is_let_go(shop: Shop, type: str) -> None:
    id = made_up(type, {"id": "gone_1", "object": "x"})
    work_on(id, attempt=MOST_ATTEMPTS)
    assert stored(id).handled_at is not None
    assert entries() == 0


def test_a_processor_that_is_away_leaves_everything_as_it_was(shop: Shop, world: World, happened: Happened) -> None:
    paid(shop, world)
    (id,) = happened("checkout.session.completed")
    world.control("fail_next", path="/v1/checkout/sessions", method="GET", fault="unavailable")
    with pytest.raises(OutsideUnavailable):
        work_on(id)
    assert (held(), stored(id).handled_at) == (0, None)
    work_on(id, attempt=2)
    assert held() == 5000


def test_replayed_by_hand_it_changes_nothing(shop: Shop, world: World, happened: Happened) -> None:
    paid(shop, world)
    (id,) = happened("checkout.session.completed")
    work_on(id)
    before = entries()
    with transaction() as session:
        inbox.replay(session, id)
    with reading() as session:
        assert session.scalars(select(func.count(OutboxJob.id)).where(OutboxJob.name == "inbox.stripe")).one() == 2
    work_on(id)
    assert entries() == before
    assert stored(id).handled_at is not None
