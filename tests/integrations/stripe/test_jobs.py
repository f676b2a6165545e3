"""Sweeps: the operator's top-ups are found without webhooks, and books that differ are noticed and named."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bountyhub.events import audit
from bountyhub.events.models import AuditEvent, OutboxJob
from bountyhub.events.outbox import ensure_schedule
from bountyhub.events.registry import Run
from bountyhub.integrations.stripe import jobs
from bountyhub.integrations.stripe.reconciliation import compare, differences
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from tests.integrations.stripe.conftest import eur
from tests.integrations.stripe.shop import Shop
from tests.sandbox.stripe.world import World


@pytest.fixture(autouse=True)
def schedule(shop: Shop) -> None:
    """Every sweep has its row."""
    ensure_schedule()


def _run(name: str) -> Run:
    with reading() as session:
        row = session.scalars(select(OutboxJob.id).where(OutboxJob.name == name)).one()
    return Run(row, 1)


def _sync() -> None:
    jobs.sync_top_ups(_run("stripe.sync_top_ups"))


def _desk() -> list[AuditEvent]:
    with reading() as session:
        return audit.trail(session, "clearing:EUR", 0)


def _noted() -> list[tuple[str, int]]:
    return [(event.action, event.detail["difference"]) for event in reversed(_desk())]


def test_top_ups_are_booked_once_without_any_webhook(shop: Shop) -> None:
    for _ in range(3):
        _sync()
    with reading() as session:
        assert ledger.balance(session, "own/float", "EUR") == 50000
        assert ledger.own_funds(session, "EUR") == 50000


def test_equal_books_compare_equal(shop: Shop) -> None:
    _sync()
    assert compare("EUR") == (eur(50000), eur(50000))
    assert compare("USD") == (Money(0, "USD"), Money(0, "USD"))
    assert differences("EUR") == []


def test_what_is_not_booked_yet_is_named(shop: Shop, world: World) -> None:
    (found,) = differences("EUR")
    assert (found.kind, found.theirs, found.ours) == ("topup", eur(50000), eur(0))
    _sync()
    world.paid(2500)
    (found,) = differences("EUR")
    assert (found.kind, found.theirs, found.ours) == ("charge", eur(2500 - 62), eur(0))


def test_a_cent_too_few_is_named(shop: Shop, world: World) -> None:
    _sync()
    (movement,) = shop.gateway.movements()
    world.control("cent_off", balance_transaction=movement.id)
    (found,) = differences("EUR")
    assert (found.balance_transaction, found.theirs, found.ours) == (movement.id, eur(49999), eur(50000))


def test_what_only_we_have_is_named(shop: Shop, world: World) -> None:
    _sync()
    world.control("reset")
    theirs, ours = differences("EUR")
    assert (theirs.theirs, theirs.ours) == (eur(50000), eur(0))
    assert (ours.kind, ours.theirs, ours.ours) == ("unknown", eur(0), eur(50000))


def test_agreeing_books_leave_no_trace(shop: Shop) -> None:
    _sync()
    jobs.reconcile(_run("stripe.reconcile"))
    assert _noted() == []


def test_a_difference_that_stays_reaches_the_desk_once(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        jobs.reconcile(_run("stripe.reconcile"))
        _confirm()
    assert _noted() == [("books_differ", 50000)]
    assert "differs from the processor's balance by 50000 minor units EUR" in caplog.text
    _sync()
    jobs.reconcile(_run("stripe.reconcile"))
    assert _noted() == [("books_differ", 50000), ("books_agree", 0)]


def test_a_difference_that_was_only_on_its_way_is_none(shop: Shop) -> None:
    jobs.reconcile(_run("stripe.reconcile"))
    _sync()
    _confirm()
    assert _noted() == []


def test_a_changing_difference_is_looked_at_again(shop: Shop, world: World) -> None:
    jobs.reconcile(_run("stripe.reconcile"))
    world.paid(2500)
    _confirm()
    assert _noted() == []
    _confirm()
    assert _noted() == [("books_differ", 50000 + 2500 - 62)]


def _confirm() -> None:
    """Run the one look that waits."""
    query = select(OutboxJob).where(OutboxJob.name == "stripe.confirm_difference", OutboxJob.finished_at.is_(None))
    with transaction() as session:
        row = session.scalars(query).one()
    jobs.confirm_difference(Run(row.id, 1), **row.args)
