"""What must hold after every crash: both books agree to the cent, each movement exists once, nothing is left open.

Reads the application's tables and the stand-ins' file, not what either says over HTTP. What happened more than once is
told with `DOUBLE` in front.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select

from bountyhub import settings
from bountyhub.events.models import InboxEvent
from bountyhub.funding.models import Payment, PaymentState, Refund, RefundState
from bountyhub.kit.database import reading
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import verify
from bountyhub.ledger.accounts import clearing
from bountyhub.payouts.models import Payee, PayeeState, Transfer, TransferState
from tests.crash.instance import Instance
from tests.crash.scenario import Phase

DOUBLE = "twice:"


def faults(instance: Instance, phase: Phase) -> list[str]:
    """Everything that is not as it must be, in words."""
    return [*_books(instance), *_outcomes(phase), *_once(instance, phase), *_said_once(instance)]


def _books(instance: Instance) -> list[str]:
    settings.use(settings.load(**instance.settings))  # the key of the log is among them
    with reading() as session:
        report = verify.verify(session)
        ours = ledger.balance(session, clearing(), "EUR")
    theirs = sum(each["net"] for each in instance.documents("stripe.balance_transaction"))
    difference = [] if ours == theirs else [f"clearing is {ours}, the processor has {theirs}"]
    return [*map(str, report.problems), *difference]


def _outcomes(phase: Phase) -> list[str]:
    """Every intent has its outcome, of the right amount; nothing came in unhandled."""
    with reading() as session:
        payments = [(p.state, p.received) for p in session.scalars(select(Payment).order_by(Payment.id))]
        refunds = [(r.state, r.total) for r in session.scalars(select(Refund).order_by(Refund.id))]
        transfers = [(t.state, t.amount) for t in session.scalars(select(Transfer).order_by(Transfer.id))]
        payees = [payee.state for payee in session.scalars(select(Payee))]
        unhandled = session.scalars(select(InboxEvent.event).where(InboxEvent.handled_at.is_(None))).all()
    wanted: list[tuple[str, list[Any], list[Any]]] = [
        ("payments", payments, [(PaymentState.CAPTURED, amount) for amount in phase.payments]),
        ("refunds", refunds, [(RefundState.DONE, amount) for amount in phase.refunds]),
        ("transfers", transfers, [(TransferState.CONFIRMED, amount) for amount in phase.transfers]),
        ("payees", payees, [PayeeState.READY] * len(phase.transfers)),
        ("unhandled webhooks", list(unhandled), []),
    ]
    return [f"{name}: {found}, not {right}" for name, found, right in wanted if found != right]


def _once(instance: Instance, phase: Phase) -> list[str]:
    """The processor has each of our movements exactly once, and no other."""
    with reading() as session:
        refunds = Counter((refund.ref, refund.total) for refund in session.scalars(select(Refund)))
        transfers = Counter((transfer.ref, transfer.amount) for transfer in session.scalars(select(Transfer)))
    charges = [d["amount"] for d in instance.documents("stripe.charge") if d["paid"]]
    accounts = len(instance.documents("stripe.account"))
    return [
        *_compare("refund", refunds, Counter(_named(instance, "stripe.refund"))),
        *_compare("transfer", transfers, Counter(_named(instance, "stripe.transfer"))),
        *_compare("charge", Counter(phase.payments), Counter(charges)),
        *([f"{DOUBLE} {accounts} accounts for one payee"] if accounts > 1 else []),
    ]


def _named(instance: Instance, kind: str) -> list[tuple[str, int]]:
    return [(d["metadata"].get("reference"), d["amount"]) for d in instance.documents(kind)]


def _compare(what: str, ours: Counter[Any], theirs: Counter[Any]) -> list[str]:
    missing = [f"{what} {each} is not there" for each in ours - theirs]
    return missing + [f"{DOUBLE} {what} {each}" for each in theirs - ours]


def _said_once(instance: Instance) -> list[str]:
    """One status comment on the issue, one check run on each head, no mail twice."""
    marked = [d["body"].split("\n")[0] for d in instance.documents("gh_comment") if "<!-- bountyhub" in d["body"]]
    checks = [d["sha"] for d in instance.documents("gh_check")]
    mails = [(d["to"], d["subject"], d["text"]) for d in instance.documents("mail")]
    said: tuple[tuple[str, list[Any]], ...] = (("comment", marked), ("check run", checks), ("mail", mails))
    return [f"{DOUBLE} {what} {one}" for what, all_ in said for one, count in Counter(all_).items() if count > 1]
