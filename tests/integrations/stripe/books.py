"""Short ways to store and handle events, and to look into the books afterwards. Used by the tests of handlers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from bountyhub.events import inbox
from bountyhub.integrations.stripe.handlers import handle
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.models import Entry
from tests.integrations.stripe.shop import Shop, run_of
from tests.sandbox.stripe.world import World

#: Stores what the stand-in told since the last look, or only events of some types; gives their ids.
Happened = Callable[..., list[str]]


def store(event: dict[str, Any]) -> None:
    with transaction() as session:
        inbox.receive(session, source="stripe", delivery_id=event["id"], event=event["type"], body=json.dumps(event))


def work_on(*ids: str, attempt: int = 1) -> None:
    for id in ids:
        handle(*run_of(id, attempt))


def made_up(type: str, about: dict[str, Any], id: str = "evt_1", **more: Any) -> str:
    store({"id": id, "type": type, "data": {"object": about}} | more)
    return id


def clearing() -> int:
    with reading() as session:
        return ledger.balance(session, "clearing", "EUR")


def entries() -> int:
    with reading() as session:
        return session.scalars(select(func.count(Entry.id))).one()


def held() -> int:
    with reading() as session:
        return ledger.balance(session, "escrow/c-pay1", "EUR")


def state_of(table: Any) -> str:
    with reading() as session:
        return str(session.scalars(select(table)).one().state)


def paid(shop: Shop, world: World, card: str = "4242424242424242") -> None:
    id = shop.open_checkout(shop.payment())
    world.control("pay", session=id, card=card)
