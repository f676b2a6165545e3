"""What must hold in the end of promises: charged at most once, and cards forgotten when they are over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from bountyhub.funding.models import Payment, Promise, PromiseState
from bountyhub.funding.operations.promises import STANDING
from bountyhub.kit.database import reading
from tests.soak_stripe.ended import LOST, TWICE, Ended
from tests.soak_stripe.processes import Body


def promise_charges(ended: Ended) -> Iterable[str]:
    """At most one payment intent each, paid if the promise counts as charged, by the amount that was promised."""
    intents: dict[str, list[Body]] = defaultdict(list)
    for each in ended.documents("stripe.payment_intent"):
        if each["customer"]:
            intents[str(each["metadata"].get("reference"))].append(each)
    query = select(Promise, Payment.ref).outerjoin(Payment, Payment.contribution_id == Promise.contribution_id)
    with reading() as session:
        rows = [(row[0], row[1]) for row in session.execute(query)]
    for promise, reference in rows:
        yield from (f"{what} ({promise.ref})" for what in _unlike_theirs(promise, intents.pop(reference or "", [])))
    yield from (f"{LOST} the charge of a saved card, {ref}, is no promise's" for ref in intents)


def _unlike_theirs(promise: Promise, found: list[Body]) -> Iterable[str]:
    paid = [each["amount_received"] for each in found if each["status"] == "succeeded"]
    if len(found) > 1:
        yield f"{TWICE} a promise has {len(found)} charges, {len(paid)} paid"
    if bool(paid) != (promise.state is PromiseState.CHARGED):
        yield f"{LOST if paid else ''} a promise is {promise.state} here, paid there {len(paid)} times"
    if paid and paid != [promise.total.amount]:
        yield f"a promise of {promise.total.amount} was charged {paid}"


def promised_cards(ended: Ended) -> Iterable[str]:
    """Only promises that stand keep a card, on either side."""
    with reading() as session:
        rows = session.scalars(select(Promise)).all()
    standing = {row.customer or row.ref for row in rows if row.state in STANDING}
    kept = {each["id"] for each in ended.documents("stripe.customer") if not each.get("deleted")}
    cards = {each["customer"] for each in ended.documents("stripe.payment_method") if each["customer"]}
    yield from (f"customer {id} is not forgotten there" for id in sorted(kept - standing))
    yield from (f"the card of customer {id} is not forgotten there" for id in sorted(cards - standing))
    yield from (f"{LOST} the card of customer {id} of a promise that stands" for id in sorted(standing - cards))
    over = [row for row in rows if row.state not in STANDING and (row.customer or row.payment_method or row.card_kept)]
    yield from (f"promise {row.ref} is {row.state}, and its card is not forgotten here" for row in over)


def promised_pages(ended: Ended) -> Iterable[str]:
    """Each card that was saved is one promise's, given."""
    saved = [each for each in ended.documents("stripe.session") if each["mode"] == "setup"]
    saved = [each for each in saved if each["status"] == "complete"]
    with reading() as session:
        given = {row.ref for row in session.scalars(select(Promise).where(Promise.given_at.is_not(None)))}
    refs = [str(each["metadata"].get("reference")) for each in saved]
    yield from (f"{LOST} the card saved for {ref}" for ref in refs if ref not in given)
    yield from (f"{TWICE} a card saved for {ref}" for ref in sorted(given) if refs.count(ref) > 1)


CHECKS = (promise_charges, promised_cards, promised_pages)
