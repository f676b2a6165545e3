"""Tries to pay in tests of their limits: asked for, refused, declined, and made earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bountyhub import settings
from bountyhub.funding import operations as funding
from bountyhub.funding.errors import TooManyTries
from bountyhub.funding.models import Payment, Promise, Try
from bountyhub.funding.operations import Order
from bountyhub.funding.operations.declines import record_declines
from bountyhub.funding.operations.promises import promise, record_card_page
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ports.payments import CheckoutStatus, Decline
from bountyhub.ports.promises import CardPage, CardPageStatus
from tests.builders.outside import Outside
from tests.builders.settings import play_settings
from tests.builders.world import World, unpaid


def limit(**changes: int) -> None:
    """Two of everything, unless said otherwise."""
    names = ("CHECKOUTS_PER_HOUR_MAIL", "DECLINES_PER_HOUR_MAIL", "DECLINES_PER_HOUR_ADDRESS", "DECLINES_PER_HOUR_CARD")
    settings.use(play_settings(**{"RATE_LIMITS": True, **dict.fromkeys(names, 2), **changes}))


def order(world: World, mail: str = "a@example.org", network: str = "", **changes: Any) -> Order:
    number = len(world.rows(Try))
    made = Order(world.task_id, Money(5000, "EUR"), mail, None, anonymous=True, nonce=f"n{number}", asked_from=network)
    return replace(made, **changes)


def ask(wanted: Order) -> Payment:
    with transaction() as session:
        return funding.contribute(session, wanted)


def ask_promise(wanted: Order) -> Promise:
    with transaction() as session:
        return promise(session, wanted)


def refused(wanted: Order) -> TooManyTries:
    with pytest.raises(TooManyTries) as error:
        ask(wanted)
    return error.value


def decline(payment: Payment, *told: str, card: str = "c1") -> None:
    """The processor says which charges of a payment were refused."""
    with transaction() as session:
        record_declines(session, payment.ref, [Decline(id, card, clock.real_now()) for id in told])


def pass_time(**time: float) -> None:
    """All tries were made earlier."""
    with transaction() as session:
        for row in session.scalars(select(Try)):
            row.at -= timedelta(**time)


def opened(outside: Outside, *rows: Payment | Promise) -> None:
    """Their pages are open, and end when they are closed."""
    gateway = outside.gateway
    for row in rows:
        with transaction() as session:
            if isinstance(row, Payment):
                page = unpaid(row.ref, CheckoutStatus.OPEN)
                funding.record_checkout(session, row.ref, page)
                gateway.checkouts[page.id] = replace(page, status=CheckoutStatus.EXPIRED, url=None)
            else:
                made = CardPage(f"cs_{row.ref}", row.ref, CardPageStatus.OPEN, "http://127.0.0.1/save", None)
                record_card_page(session, row.ref, made)
                gateway.pages[made.id] = made
