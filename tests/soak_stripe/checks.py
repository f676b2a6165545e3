"""What must hold in the end, looked at from outside in the application's database and the sandbox's file.

Each check gives what is wrong in words; `lost:` and `twice:` begin what was lost or done twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select

from bountyhub.events.models import InboxEvent, OutboxJob
from bountyhub.funding.models import Dispute, Payment, PaymentState, Promise, PromiseState, Refund, RefundState
from bountyhub.funding.operations.promise_charges import OPEN_CHARGES
from bountyhub.kit.database import reading
from bountyhub.ledger.verify import verify
from bountyhub.payouts.models import Payee, Transfer, TransferState
from tests.soak_stripe import dispute_checks, life_checks, promise_checks
from tests.soak_stripe.ended import LOST, Ended, cleared, unlike
from tests.soak_stripe.processes import open_jobs


def faults(ended: Ended) -> list[str]:
    """Everything that is not as it must be."""
    return [f"{check.__name__.strip('_')}: {problem}" for check in CHECKS for problem in check(ended)]


def _sound(ended: Ended) -> Iterable[str]:
    with reading() as session:
        return [str(problem) for problem in verify(session).problems]


def _reconciliation(ended: Ended) -> Iterable[str]:
    """Movement by movement, without asking the application's own comparison."""
    theirs = {each["id"]: each["net"] for each in ended.documents("stripe.balance_transaction")}
    with reading() as session:
        ours = cleared(session)
    for id in sorted({*theirs, *ours}):
        if theirs.get(id, 0) != ours.get(id, 0):
            yield f"{LOST if id not in ours else ''} {id}: the processor {theirs.get(id)}, the books {ours.get(id)}"


def _charges(ended: Ended) -> Iterable[str]:
    """Each charge is one captured payment of ours, and the other way round."""
    with reading() as session:
        captured = session.scalars(select(Payment).where(Payment.state == PaymentState.CAPTURED)).all()
    ours = Counter((payment.charge, payment.received) for payment in captured)
    theirs = Counter((each["id"], each["amount"]) for each in ended.documents("stripe.charge") if each["paid"])
    yield from unlike("charge", ours, theirs)


def _refunds(ended: Ended) -> Iterable[str]:
    with reading() as session:
        rows = session.scalars(select(Refund).where(Refund.processor_id.is_not(None))).all()
    yield from unlike("refund", Counter((row.ref, row.total) for row in rows), _named(ended, "stripe.refund"))


def _transfers(ended: Ended) -> Iterable[str]:
    with reading() as session:
        rows = session.scalars(select(Transfer).where(Transfer.processor_id.is_not(None))).all()
        odd = [row.ref for row in rows if row.state not in (TransferState.CONFIRMED, TransferState.REVERSED)]
    yield from unlike("transfer", Counter((row.ref, row.amount) for row in rows), _named(ended, "stripe.transfer"))
    yield from (f"transfer {ref} was sent and is not confirmed" for ref in odd)


def _reversals(ended: Ended) -> Iterable[str]:
    """What came back there came back here."""
    theirs = {each["id"]: each["amount_reversed"] for each in ended.documents("stripe.transfer")}
    with reading() as session:
        rows = session.scalars(select(Transfer).where(Transfer.processor_id.is_not(None))).all()
    for row in rows:
        if row.reversed != theirs.get(str(row.processor_id), 0):
            yield f"{LOST} reversal of {row.ref}: {theirs.get(str(row.processor_id))} there, {row.reversed} here"


def _over_transferred(ended: Ended) -> Iterable[str]:
    sent: Counter[str] = Counter()
    for each in ended.documents("stripe.transfer"):
        sent[each["source_transaction"]] += each["amount"] - each["amount_reversed"]
    for charge in ended.documents("stripe.charge"):
        if sent[charge["id"]] > charge["amount"] - charge["amount_refunded"]:
            yield f"{charge['id']} of {charge['amount']} gave {sent[charge['id']]} away"


def _accounts(ended: Ended) -> Iterable[str]:
    theirs = Counter(each["metadata"].get("reference") for each in ended.documents("stripe.account"))
    with reading() as session:
        ours = Counter(session.scalars(select(Payee.ref).where(Payee.account.is_not(None))).all())
    yield from unlike("account", ours, theirs)


def intents(ended: Ended) -> Iterable[str]:
    """Everything that was asked for has an outcome."""
    with reading() as session:
        planned = session.scalars(select(Payment.ref).where(Payment.state == PaymentState.PLANNED)).all()
        asked = [RefundState.ASKED, RefundState.DEBITED]
        refunds = session.scalars(select(Refund.ref).where(Refund.state.in_(asked))).all()
        transfers = session.scalars(select(Transfer.ref).where(Transfer.state == TransferState.SENT)).all()
        payees = session.scalars(select(Payee.ref).where(Payee.account.is_(None))).all()
        unasked = (Promise.state == PromiseState.ASKED) & Promise.page_id.is_(None)
        pages = session.scalars(select(Promise.ref).where(unasked)).all()
        charges = session.scalars(select(Promise.ref).where(Promise.state.in_(OPEN_CHARGES))).all()
        cards = session.scalars(select(Promise.ref).where(Promise.ended_at.is_not(None), Promise.card_kept)).all()
        answer = Dispute.submit_asked_at.is_not(None) & Dispute.submitted_at.is_(None)
        answers = session.scalars(select(Dispute.ref).where(answer)).all()
    for kind, refs in (
        ("checkout", planned), ("refund", refunds), ("transfer", transfers), ("account", payees),
        ("page of a promise", pages), ("charge of a promise", charges), ("card to forget", cards), ("answer", answers),
    ):  # fmt: skip
        yield from (f"{kind} {ref} has no outcome" for ref in refs)


def _handled(ended: Ended) -> Iterable[str]:
    with reading() as session:
        left = session.scalars(select(InboxEvent.event).where(InboxEvent.handled_at.is_(None))).all()
        failing = session.scalars(select(OutboxJob.name).where(OutboxJob.last_error.is_not(None))).all()
    yield from (f"webhook {event} is not handled" for event in left)
    yield from (f"job {name} fails" for name in failing if name in open_jobs())
    yield from (f"job is open: {job}" for job in open_jobs())


def _heard(ended: Ended) -> Iterable[str]:
    """Every event of the processor arrived."""
    with reading() as session:
        known = set(session.scalars(select(InboxEvent.delivery_id)))
    for event in ended.documents("stripe.event"):
        if event["id"] not in known:
            yield f"{LOST} event {event['id']} ({event['type']}) never arrived"


def _named(ended: Ended, kind: str) -> Counter[Any]:
    """Each by our reference; one that was refused is asked for anew as `…-2`, and still the same."""
    found = ended.documents(kind)
    return Counter((str(each["metadata"].get("reference")).partition("-")[0], each["amount"]) for each in found)


CHECKS: tuple[Callable[[Ended], Iterable[str]], ...] = (
    _sound, _reconciliation, _charges, _refunds, _transfers, _reversals, _over_transferred, _accounts, intents,
    _handled, _heard, *dispute_checks.CHECKS, *promise_checks.CHECKS, *life_checks.CHECKS,
)  # fmt: skip
