"""Promises in tests of the domain: given, and looked at. The processor is `outside.gateway`, inside this process."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub.funding.models import Contribution, Payment, Promise
from bountyhub.funding.operations import Order
from bountyhub.funding.operations.promises import promise, record_card_page
from bountyhub.kit import ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ports.forge import ForgePerson
from bountyhub.ports.promises import CardPage, CardPageStatus, SavedCard
from tests.builders.world import CLEO, World, closing, merged, pull


def asked(world: World, amount: int = 5000, by: ForgePerson | None = CLEO, nonce: str = "") -> Promise:
    """A promise whose card isn't saved yet."""
    with transaction() as session:
        return promise(
            session,
            Order(
                task_id=world.task_id, amount=Money(amount, "EUR"), anonymous=False, nonce=nonce or ids.new_ref(),
                email=f"{by.login if by else 'guest'}@example.org",
                person_id=world.persons[by.login].id if by else None,
            ),
        )  # fmt: skip


def saved_page(ref: str) -> CardPage:
    """Its page after the card was saved."""
    card = SavedCard(f"cus_{ref}", f"pm_{ref}", "Visa •••• 4242")
    return CardPage(f"cs_{ref}", ref, CardPageStatus.SAVED, None, card)


def given(world: World, amount: int = 5000, by: ForgePerson | None = CLEO) -> Promise:
    """A promise with its card."""
    row = asked(world, amount, by)
    with transaction() as session:
        return record_card_page(session, row.ref, saved_page(row.ref))


def now(row: Promise) -> Promise:
    """A promise as it stands."""
    with reading() as session:
        return session.get_one(Promise, row.id)


def became(row: Promise) -> tuple[Contribution, Payment]:
    """What a promise became, with its payment."""
    with reading() as session:
        contribution = session.get_one(Contribution, now(row).contribution_id)
        query = select(Payment).where(Payment.contribution_id == contribution.id)
        return contribution, session.scalars(query).one()


def accept(world: World) -> None:
    """An independent merge of a shown pull request."""
    world.linked()
    world.record(merged(pull(40, body=closing(12))))
