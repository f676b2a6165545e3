"""The gateway beside a running stand-in for Stripe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bountyhub import ports
from bountyhub import settings as app_settings
from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.kit.money import Money
from bountyhub.ports.payments import Checkout, CheckoutOrder, TransferOrder
from bountyhub.sandbox.stripe import events as sandbox_events
from tests.integrations.stripe.books import Happened, store
from tests.integrations.stripe.shop import Shop, know_jobs, open_shop, settings
from tests.sandbox.stripe.world import KEY, SECRET, World, running


@pytest.fixture
def world(tmp_path: Path, recorded: Path) -> Iterator[World]:
    with running(tmp_path, recorded) as started:
        yield started


@pytest.fixture
def gateway(world: World) -> StripeGateway:
    return StripeGateway(key=KEY, api_base=world.url, webhook_secret=SECRET)


@pytest.fixture
def open_here(world: World, gateway: StripeGateway, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Shop]:
    """Open the shop in whatever database is configured."""
    monkeypatch.setattr(app_settings, "_current", settings(world.url))
    monkeypatch.setitem(ports._parts, "gateway", gateway)
    know_jobs(monkeypatch)
    return lambda: open_shop(gateway)


@pytest.fixture
def shop(sqlite: str, open_here: Callable[[], Shop]) -> Shop:
    return open_here()


@pytest.fixture
def shop_on_both(database: str, open_here: Callable[[], Shop]) -> Shop:
    """The shop on PostgreSQL, and again on SQLite."""
    return open_here()


@pytest.fixture
def happened(world: World) -> Happened:
    """Store what the stand-in told since the last look, or only events of some types; gives their ids."""
    told = {event["id"] for event in _told(world)}

    def look(*types: str) -> list[str]:
        events = [event for event in _told(world) if event["id"] not in told]
        told.update(event["id"] for event in events)
        wanted = [event for event in events if not types or event["type"] in types]
        for event in wanted:
            store(event)
        return [event["id"] for event in wanted]

    return look


def _told(world: World) -> list[dict[str, Any]]:
    with world.sandbox.store.transaction() as tx:
        return tx.all(sandbox_events.KIND)


def eur(cents: int) -> Money:
    return Money(cents, "EUR")


def order(reference: str = "pay1", amount: int = 5000, fee: int = 275, group: str = "task-7") -> CheckoutOrder:
    """What Cleo pays for task 7."""
    return CheckoutOrder(
        reference=reference,
        contribution=eur(amount),
        fee=eur(fee),
        title="Task 7: issue #42",
        email="cleo@example.org",
        success_url="http://app.test/paid/pay1",
        cancel_url="http://app.test/tasks/7/fund",
        expires_at=datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1),
        transfer_group=group,
    )


def paid(world: World, gateway: StripeGateway, reference: str = "pay1", card: str = "4242424242424242") -> Checkout:
    """A checkout of 52.75 that was paid."""
    checkout = gateway.create_checkout(order(reference), reference)
    world.control("pay", session=checkout.id, card=card)
    return gateway.read_checkout(checkout.id)


def payee(world: World, gateway: StripeGateway, reference: str = "bo1") -> str:
    """The account of Bo, who finished onboarding."""
    account = gateway.create_account(reference, "bo@example.org", reference)
    world.control("complete_onboarding", account=account.id)
    return account.id


def piece(account: str, charge: str, amount: int = 5000, reference: str = "tr1") -> TransferOrder:
    return TransferOrder(reference, eur(amount), account, charge, "task-7")
