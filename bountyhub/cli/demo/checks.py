"""What must hold at the end: books, processor and play agree to the cent, and nothing is left half done."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.demo.instance import Instance
from bountyhub.cli.demo.script import Script, until
from bountyhub.cli.demo.stage import Stage
from bountyhub.events.models import InboxEvent, OutboxJob
from bountyhub.funding.models import UNPAID, Payment, PaymentState, Refund, RefundState
from bountyhub.kit import database
from bountyhub.kit.database import reading
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import verify
from bountyhub.payouts.models import Payee, Share, ShareState, Transfer, TransferState
from bountyhub.people.models import Identity

Doc = dict[str, Any]
#: On the busiest machine and from the press of the button; what the release itself takes is measured by the bench.
RELEASE_SECONDS = 5


@dataclass(frozen=True)
class Check:
    """One thing that was compared; `problems` is empty when it holds."""

    name: str
    problems: list[str]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def quick(script: Script) -> Check:
    """Every merge is released in time, the slowest too; there was one."""
    slow = [f"one took {seconds} s" for seconds in script.releases if seconds > RELEASE_SECONDS]
    problems = slow if script.releases else ["nothing was merged"]
    return Check(f"every merge is released within {RELEASE_SECONDS} s of pressing the button", problems)


def processor_sums(instance: Instance) -> Doc:
    """What the separate script makes of the payment sandbox's file."""
    command = [sys.executable, "-m", "bountyhub.cli.demo.sums", str(instance.sandbox_file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise DemoFailed(f"adding up the sandbox's file failed: {done.stderr}")
    found: Doc = json.loads(done.stdout)
    return found


@contextmanager
def books_of(instance: Instance) -> Iterator[None]:
    """Let this process read the instance's database."""
    engine = database.configure(f"sqlite:///{instance.database}")
    settings.use(instance.settings())
    try:
        yield
    finally:
        engine.dispose()


def wait_until_handled(stage: Stage) -> None:
    """Wait until every job and webhook that the play caused is over; raises DemoFailed naming what is left."""
    with books_of(stage.instance):
        try:
            until("every job and webhook is handled", lambda: not _left(), patience=60)
        except DemoFailed as failed:
            raise DemoFailed(f"{failed}; left: {', '.join(_left())}") from None


def _left() -> list[str]:
    with reading() as session:
        return unfinished(session)


def examine(stage: Stage) -> tuple[Doc, list[Check]]:
    """The processor's sums, and every check of the books against them and against the play."""
    sums = processor_sums(stage.instance)
    with books_of(stage.instance), reading() as session:
        return sums, all_checks(session, stage, sums)


def unfinished(session: Session) -> list[str]:
    """Jobs (with their last error) and webhooks that are still to be handled."""
    jobs = select(OutboxJob).where(OutboxJob.every.is_(None), OutboxJob.finished_at.is_(None)).order_by(OutboxJob.id)
    events = select(InboxEvent.event).where(InboxEvent.handled_at.is_(None)).order_by(InboxEvent.id)
    return [*(f"{job.name} {job.args} ({job.last_error})" for job in session.scalars(jobs)), *session.scalars(events)]


def all_checks(session: Session, stage: Stage, sums: Doc) -> list[Check]:
    """Every check, in the order in which they are reported."""
    found: list[tuple[str, Callable[[], Iterable[str]]]] = [
        ("the ledger's own rules hold", lambda: map(str, verify.verify(session).problems)),
        ("the ledger's clearing is the sum of the processor's balance transactions", lambda: _clearing(session, sums)),
        ("each payment is at the processor exactly once", lambda: _payments(session, sums)),
        ("each refund is at the processor exactly once", lambda: _refunds(session, sums)),
        ("each transfer is at the processor exactly once", lambda: _transfers(session, sums)),
        ("nothing is pending", lambda: _pending(session)),
        ("nothing is owed any more", lambda: _owed(session)),
        ("everybody has what the play says, to the cent", lambda: _as_played(session, stage, sums)),
    ]
    return [Check(name, list(look())) for name, look in found]


def _clearing(session: Session, sums: Doc) -> Iterator[str]:
    ours = {total.currency: total.clearing for total in ledger.totals(session)}
    for currency in sorted(ours.keys() | sums["balance"].keys()):
        here, there = ours.get(currency, 0), sums["balance"].get(currency, 0)
        if here != there:
            yield f"{currency}: the ledger says {here}, the processor {there}, a difference of {here - there}"


Mine = dict[str, tuple[int, str]]


def _compare(mine: Mine, theirs: list[Doc]) -> Iterator[str]:
    """Ours by reference against the processor's objects: same references, once each, same sums, really moved."""
    counts = Counter(each["reference"] for each in theirs)
    yield from (f"{ref} is there {count} times" for ref, count in counts.items() if count > 1)
    yield from (f"{ref} is missing at the processor" for ref in mine if ref not in counts)
    for each in theirs:
        known = mine.get(each["reference"] or "")
        if known is None:
            yield f"{each['id']} over {each['amount']} is none of ours"
        elif known != (each["amount"], each["currency"]):
            yield f"{each['reference']}: we say {known}, the processor {each['amount']} {each['currency']}"
        if each["moved"] != each["amount"]:
            yield f"{each['id']} over {each['amount']} moved {each['moved']}"


def _payments(session: Session, sums: Doc) -> Iterator[str]:
    rows = session.scalars(select(Payment).where(Payment.state == PaymentState.CAPTURED))
    return _compare({row.ref: (row.received or 0, row.received_currency or "") for row in rows}, sums["payments"])


def _refunds(session: Session, sums: Doc) -> Iterator[str]:
    rows = session.scalars(select(Refund))
    return _compare({row.ref: (row.total, row.currency) for row in rows}, sums["refunds"])


def _transfers(session: Session, sums: Doc) -> Iterator[str]:
    rows = session.scalars(select(Transfer))
    return _compare({_reference(row): (row.amount, row.currency) for row in rows}, sums["transfers"])


def _reference(transfer: Transfer) -> str:
    return transfer.ref if transfer.attempt == 1 else f"{transfer.ref}-{transfer.attempt}"


def _pending(session: Session) -> Iterator[str]:
    yield from (f"not handled yet: {name}" for name in unfinished(session))
    open_payments = Payment.state.in_(UNPAID)
    yield from (f"payment {ref} has no outcome" for ref in session.scalars(select(Payment.ref).where(open_payments)))
    undone = select(Refund.ref).where(Refund.state != RefundState.DONE)
    yield from (f"refund {ref} has no outcome" for ref in session.scalars(undone))
    unsent = select(Transfer.ref).where(Transfer.state != TransferState.CONFIRMED)
    yield from (f"transfer {ref} has no outcome" for ref in session.scalars(unsent))
    waiting = select(Share.ref).where(Share.state.not_in([ShareState.PAID, ShareState.RETURNED]))
    yield from (f"share {ref} is neither paid nor returned" for ref in session.scalars(waiting))


def _owed(session: Session) -> Iterator[str]:
    for total in ledger.totals(session):
        if total.held or total.owed:
            yield f"{total.currency}: {total.held} held, {total.owed} owed"
        if total.own_funds != total.clearing:
            yield f"{total.currency}: own funds are {total.own_funds}, the balance is {total.clearing}"


def _as_played(session: Session, stage: Stage, sums: Doc) -> Iterator[str]:
    script = stage.script
    paid = _sent_by_login(session, sums)
    for login in sorted(paid.keys() | script.paid.keys()):
        if paid[login] != script.paid[login]:
            yield f"@{login} should have {script.paid[login]} and has {paid[login]}"
    returned = Counter((each["backer"], each["amount"]) for each in sums["refunds"])
    for backer, cents in sorted((script.returned - returned).elements()):
        yield f"{cents} should have gone back to {backer}, and didn't"
    for backer, cents in sorted((returned - script.returned).elements()):
        yield f"{cents} went back to {backer}, and shouldn't have"
    charged = sum(each["amount"] for each in sums["payments"])
    if charged != stage.charged:
        yield f"{stage.charged} should have been paid by card, {charged} was"
    kept = sums["own"]["EUR"] - sums["costs"]["EUR"] + stage.charged - script.returned_cents - script.paid.total()
    if kept != sums["balance"]["EUR"]:
        yield f"the processor should hold {kept} and holds {sums['balance']['EUR']}"


def _sent_by_login(session: Session, sums: Doc) -> Counter[str]:
    query = select(Payee.account, func.min(Identity.login)).join(Identity, Identity.person_id == Payee.person_id)
    logins = {row[0]: row[1] for row in session.execute(query.group_by(Payee.account))}
    sent: Counter[str] = Counter()
    for each in sums["transfers"]:
        sent[str(logins.get(each["to"], each["to"]))] += each["amount"]
    return sent
