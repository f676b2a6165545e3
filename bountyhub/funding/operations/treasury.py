"""The operator's own money: put in, paid out to the bank, taken from there; and whether the reserve is kept."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import alarms, audit
from bountyhub.events.alarms import Found
from bountyhub.funding.errors import NotAtTheBank
from bountyhub.funding.operations.other_way import set_apart
from bountyhub.funding.operations.reserving import reserved
from bountyhub.kit import clock, ids
from bountyhub.kit.money import Money, plain
from bountyhub.ledger import capture, treasury
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.accounts import Place, bank, bank_unclaimed, clearing, own_float
from bountyhub.ledger.book import lock
from bountyhub.ledger.models import Entry
from bountyhub.people.operations import OPERATOR
from bountyhub.ports.reconciliation import Movement

RESERVE = "reserve:"
ACTOR = "stripe"


def record_top_up(session: Session, movement: Movement) -> None:
    """Book a top-up once, known by its balance transaction."""
    treasury.topped_up(
        session, amount=movement.amount.amount, currency=movement.amount.currency, outside_id=movement.id,
        effective_at=movement.at, actor=ACTOR,
    )  # fmt: skip


def record_payout(session: Session, movement: Movement) -> None:
    """Book a payout to the bank, or one that came back, once; and what the processor took for it."""
    amount, currency = movement.amount.amount, movement.amount.currency
    if _is_booked(session, movement) or set_apart(session, movement) or _is_booked(session, movement):
        return
    book = treasury.paid_out if amount < 0 else treasury.payout_returned
    book(session, amount=abs(amount), currency=currency, outside_id=movement.id, effective_at=movement.at, actor=ACTOR)
    if movement.fee:
        capture.cost(
            session, amount=movement.fee.amount, currency=currency, outside_id=movement.id,
            effective_at=movement.at, actor=ACTOR, refs={},
        )  # fmt: skip


def _is_booked(session: Session, movement: Movement) -> bool:
    """Whether somebody else booked it, as whatever, since it was read (and while we waited for a refund's row)."""
    kinds = ("paid_out", "payout_returned", "unclaimed_set_apart")
    query = select(Entry.id).where(Entry.kind.in_(kinds), Entry.outside_id == movement.id)
    return session.scalars(query).first() is not None


def record_drawn(session: Session, amount: Money, note: str) -> None:
    """Write down that the owner took own money out of the bank account. Raises NotAtTheBank.

    The note stays in the audit trail; the books, which can't forget, name the drawing by a random word.
    """
    lock(session, [bank(), own_float()], amount.currency)
    there = min(ledger.balance(session, bank(), amount.currency), ledger.balance(session, own_float(), amount.currency))
    if amount.amount <= 0 or amount.amount > there:
        raise NotAtTheBank(amount, Money(max(0, there), amount.currency))
    ref = ids.new_ref()
    entry = treasury.drawn(
        session, key=f"drawn:{ref}", amount=amount.amount, currency=amount.currency, note=f"drawing {ref}",
        effective_at=clock.now(), actor=OPERATOR.role,
    )  # fmt: skip
    audit.record(session, OPERATOR.name, "own_funds_drawn", "entry", entry.id, amount=amount.amount, note=note)


@dataclass(frozen=True)
class Funds:
    """One currency's own funds: what can be paid out leaves the reserve and what open checkouts may cost."""

    currency: str
    clearing: Money
    owed: Money
    own: Money
    put_in: Money
    reserve: Money
    reserved: Money
    bank: Money
    set_apart: Money

    @property
    def can_leave(self) -> Money:
        """What the operator may pay out now."""
        left = self.own.amount - self.reserve.amount - self.reserved.amount
        return Money(max(0, left), self.currency)

    @property
    def missing(self) -> Money:
        """How much own funds are below the reserve."""
        return Money(max(0, self.reserve.amount - self.own.amount), self.currency)


def own_funds(session: Session) -> list[Funds]:
    """Every currency of the settings and of the books."""
    standings = {one.currency: one for one in ledger.standings(session)}
    return [_funds(session, currency) for currency in sorted({*standings, *settings.current().CURRENCIES})]


def _funds(session: Session, currency: str) -> Funds:
    def at(place: Place) -> Money:
        return Money(ledger.balance(session, place, currency), currency)

    owed = next((one.owed for one in ledger.standings(session) if one.currency == currency), 0)
    return Funds(
        currency, at(clearing()), Money(owed, currency), Money(ledger.own_funds(session, currency), currency),
        at(own_float()), Money(settings.current().OWN_FUNDS_RESERVE.get(currency, 0), currency),
        Money(reserved(session, currency, true()), currency), at(bank()), at(bank_unclaimed()),
    )  # fmt: skip


def watch_reserve(session: Session) -> None:
    """Raise an alarm where a payout left less than the reserve; it ends when own funds are above it again."""
    query = select(Entry.currency).where(Entry.kind == "paid_out").distinct()
    paid_out = set(session.scalars(query))
    alarms.settle(
        session, RESERVE, [_below(one) for one in own_funds(session) if one.currency in paid_out and one.missing]
    )


def _below(one: Funds) -> Found:
    told = (
        f"own funds are {plain(one.own)} after a payout, {plain(one.missing)} below the reserve of"
        f" {plain(one.reserve)}: top up the processor's balance"
    )
    return Found(f"{RESERVE}{one.currency}", "reserve", one.currency, told)
