"""Declined cards: counted once each, by mail, network and card, and what follows from too many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.funding.models import Payment, Promise, Try
from bountyhub.funding.operations.declines import record_card_declines, record_declines
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.errors import NotFound
from bountyhub.payouts.models import Stop
from bountyhub.ports.payments import Decline
from tests.builders.at_once import at_once
from tests.builders.outside import Outside
from tests.builders.trying import ask, ask_promise, decline, limit, opened, order, pass_time, refused
from tests.builders.world import World

pytestmark = pytest.mark.usefixtures("limits_on")


@pytest.fixture
def limits_on(world: World) -> None:
    limit()


def test_one_mail_has_so_many_cards_declined(world: World) -> None:
    payment = ask(order(world))
    decline(payment, "ch_1", card="c1")
    decline(payment, "ch_2", card="c2")
    refused(order(world))
    assert ask(order(world, "b@example.org")).state == "planned"


def test_a_decline_told_twice_counts_once(world: World) -> None:
    limit(DECLINES_PER_HOUR_MAIL=3, DECLINES_PER_HOUR_CARD=9)
    payment = ask(order(world))
    decline(payment, "ch_1")
    decline(payment, "ch_1")
    decline(payment, "ch_2", "ch_1")
    decline(payment, "ch_2")
    assert sum(row.kind == "decline" for row in world.rows(Try)) == 2
    assert [row.action for row in world.rows(AuditEvent)].count("payment_declined") == 2
    assert ask(order(world)).state == "planned"


def test_a_decline_told_again_after_it_was_forgotten_is_not_counted_anew(world: World) -> None:
    payment, long_ago = ask(order(world)), clock.real_now() - timedelta(days=2)
    with transaction() as session:
        record_declines(session, payment.ref, [Decline("ch_1", "c1", long_ago)])
    assert [row.kind for row in world.rows(Try)] == ["checkout"]


def test_a_decline_of_a_strange_payment_is_not_found(world: World) -> None:
    with pytest.raises(NotFound), transaction() as session:
        record_declines(session, "stranger", [])


def test_one_network_has_so_many_cards_declined(world: World) -> None:
    first, second = ask(order(world, "a@example.org", "here")), ask(order(world, "b@example.org", "here"))
    decline(first, "ch_1", card="c1")
    decline(second, "ch_2", card="c2")
    refused(order(world, "c@example.org", "here"))
    assert ask(order(world, "c@example.org", "elsewhere")).state == "planned"


def test_a_card_declined_too_often_shuts_everybody_out_who_tried_it(world: World) -> None:
    limit(CHECKOUTS_PER_HOUR_MAIL=9)
    first, second = ask(order(world, "a@example.org", "one")), ask(order(world, "b@example.org", "two"))
    decline(first, "ch_1")
    assert ask(order(world)).state == "planned"
    decline(second, "ch_2")
    for mail, network in (("a@example.org", "three"), ("b@example.org", "three"), ("c@example.org", "one")):
        refused(order(world, mail, network))
    assert ask(order(world, "c@example.org", "three")).state == "planned"
    pass_time(minutes=61)
    assert ask(order(world)).state == "planned"


def test_the_open_pages_of_who_tried_the_card_are_closed(world: World) -> None:
    """The operator of one card at two addresses loses both pages; what was paid meanwhile is paid."""
    limit(CHECKOUTS_PER_HOUR_MAIL=9)
    outside = Outside().use()
    first, second = ask(order(world, "a@example.org")), ask(order(world, "b@example.org"))
    other, saving = ask(order(world, "c@example.org")), ask_promise(order(world, "a@example.org"))
    opened(outside, first, second, other, saving)
    decline(first, "ch_1")
    assert world.jobs("funding.close_checkouts") == []
    decline(second, "ch_2")
    world.drain("funding.close_checkouts")
    assert [row.state for row in world.rows(Payment)] == ["expired", "expired", "open"]
    assert world.rows(Promise)[0].state == "abandoned"


def test_a_page_that_is_being_opened_is_closed_a_little_later(world: World) -> None:
    outside, payment = Outside().use(), ask(order(world))
    decline(payment, "ch_1", "ch_2")
    world.drain("funding.close_checkouts")
    assert len(world.jobs("funding.close_checkouts")) == 1
    opened(outside, payment)
    with transaction() as session:
        for row in world.rows_of_jobs("funding.close_checkouts"):
            session.merge(row).run_at = clock.real_now()
    world.drain("funding.close_checkouts")
    assert [row.state for row in world.rows(Payment)] == ["expired"]
    assert world.jobs("funding.close_checkouts") == []


def test_a_card_refused_where_it_is_saved_counts_too(world: World) -> None:
    row = ask_promise(order(world, network="here"))
    with transaction() as session:
        record_card_declines(session, row.ref, [Decline(id, "c1", clock.real_now()) for id in ("a1", "a2")])
    refused(order(world))
    assert {(each.mail, each.address) for each in world.rows(Try)} == {(world.rows(Try)[0].mail, "here")}


def test_declines_on_hosted_pages_feed_the_automatic_stop(world: World) -> None:
    limit(DECLINES_OF_TASK=3)
    payment, row = ask(order(world)), ask_promise(order(world))
    decline(payment, "ch_1", "ch_2")
    with transaction() as session:
        record_card_declines(session, row.ref, [Decline("a1", "c1", clock.real_now())])
    world.sweep("payouts.watch_for_fraud")
    assert [(stop.scope, stop.target) for stop in world.rows(Stop)] == [("task", str(world.task_id))]


def test_a_decline_told_by_two_at_once_counts_once(postgresql: str) -> None:
    world = World.begin()
    limit()
    payment = ask(order(world))
    told = [Decline("ch_1", "c1", clock.real_now())]
    at_once(*[lambda session: record_declines(session, payment.ref, told)] * 2)
    assert sum(row.kind == "decline" for row in world.rows(Try)) == 1
