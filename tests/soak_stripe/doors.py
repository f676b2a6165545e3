"""Doors for what backers do with promises and with money that waits, and for what the operator clicks.

Each is what the page of the same name does. Served by application.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.admin import dispute_pack
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Dispute, Payment, Promise
from bountyhub.funding.operations import promises
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.pages.checkout import open_checkout
from bountyhub.pages.promise import card_page, to_bank
from bountyhub.payouts.models import StopScope
from bountyhub.payouts.operations.stops import end_stop, make_stop, open_stops
from bountyhub.people.models import Identity, Person
from bountyhub.people.operations import Actor, actor_of_person
from bountyhub.ports.forge import ForgePerson
from bountyhub.work import operations as work
from tests.builders.forge_says import ANA
from tests.soak_stripe.cast import BACKERS, BUILDERS

Body = dict[str, Any]


def person_of(session: Session, who: ForgePerson) -> Person:
    """Somebody of the cast, as the application knows them."""
    found = session.scalars(select(Identity.person_id).where(Identity.forge_id == who.id)).one()
    person: Person = session.get_one(Person, found)
    return person


def actor_of(session: Session, who: ForgePerson) -> Actor:
    """Signed in."""
    return actor_of_person(session, person_of(session, who))


def _promise(body: Body) -> Body:
    """The form, then the page that saves the card. The same nonce twice is a double click."""
    who = BACKERS[body["backer"]]
    with transaction() as session:
        wanted = funding.Order(
            task_id=body["task"], amount=Money(body["amount"], "EUR"), anonymous=False, nonce=body["nonce"],
            email=f"{who.login}@example.org", person_id=person_of(session, who).id,
        )  # fmt: skip
        row = promises.promise(session, wanted)
    card_page(row)
    with reading() as session:
        return {"ref": row.ref, "page": session.get_one(Promise, row.id).page_id}


def _withdraw_promise(body: Body) -> Body:
    with transaction() as session:
        promises.withdraw_promise(session, body["promise"], actor_of(session, BACKERS[body["backer"]]))
    return {}


def _confirm_charge(body: Body) -> Body:
    """The way to the bank; `bank` is False when it leads back to the promise's own page."""
    with reading() as session:
        query = select(Promise).join(Payment, Payment.contribution_id == Promise.contribution_id)
        row = session.scalars(query.where(Payment.payment_intent == body["intent"])).first()
    if row is None:
        raise NotFound("No promise is charged by that yet.")
    back = f"/promises/{row.id}"
    url = to_bank(row, back)
    return {"url": url, "bank": url != back}


def _move(body: Body) -> Body:
    with transaction() as session:
        actor = actor_of(session, BACKERS[body["backer"]])
        return {"contribution": work.move(session, body["contribution"], body["target"], actor).id}


def _renew(body: Body) -> Body:
    with transaction() as session:
        payment = funding.renew(session, funding.Renewal(body["contribution"]))
    open_checkout(payment)
    with reading() as session:
        found = session.get_one(Payment, payment.id)
        return {"contribution": found.contribution_id, "checkout": found.checkout_id}


def _dispute(session: Session, id: str) -> Dispute:
    found = session.scalars(select(Dispute).where(Dispute.processor_id == id)).first()
    if found is None:
        raise NotFound("Nobody told of that dispute yet.")
    return found


def _answer_dispute(body: Body) -> Body:
    with transaction() as session:
        row = _dispute(session, body["dispute"])
        work.answer_dispute(session, row.ref, dispute_pack.pack(session, row), actor_of(session, ANA))
    return {}


def _keep_warned(body: Body) -> Body:
    with transaction() as session:
        row = _dispute(session, body["warning"])
        work.keep_warned(session, row.id, actor_of(session, ANA), "They paid before, and wrote to us.")
    return {}


def _stop(body: Body) -> Body:
    with transaction() as session:
        scope, target = StopScope.SITE, ""
        if body["kind"] == "task":
            scope, target = StopScope.TASK, str(body["target"])
        elif body["kind"] != "site":
            who = (BACKERS if body["kind"] == "backer" else BUILDERS)[body["target"]]
            scope, target = StopScope.PERSON, str(person_of(session, who).id)
        make_stop(session, scope, target, "We look at something.", actor_of(session, ANA))
    return {}


def _lift(body: Body) -> Body:
    """The oldest ones, at most so many."""
    with transaction() as session:
        found = open_stops(session)[: body["most"]]
        for each in found:
            end_stop(session, each.id, "It was nothing.", actor_of(session, ANA))
    return {"lifted": len(found)}


DOORS: dict[str, Callable[[Body], Body]] = {
    "promise": _promise, "withdraw_promise": _withdraw_promise, "confirm_charge": _confirm_charge, "move": _move,
    "renew": _renew, "answer_dispute": _answer_dispute, "keep_warned": _keep_warned, "stop": _stop, "lift": _lift,
}  # fmt: skip
