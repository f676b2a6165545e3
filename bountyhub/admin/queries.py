"""What the operator's page and /metrics show, in a fixed number of queries and without anybody's address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.events import alarms, outbox
from bountyhub.events.models import Alarm
from bountyhub.funding.models import RefundState
from bountyhub.funding.operations import stuck_refunds
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Entry, SelfCheck
from bountyhub.ledger.queries import Standing, standings

_ADDRESS = re.compile(r"[^\s<>'\"(){}\[\],;:]+@[^\s<>'\"(){}\[\],;:]+")
LONGEST_ERROR = 300


@dataclass(frozen=True)
class CurrencyRow:
    """One currency's books at a glance."""

    currency: str
    held: Money
    owed: Money
    own_funds: Money
    clearing: Money


@dataclass(frozen=True)
class RefundRow:
    """A refund that waits for the operator; whom it is owed to is told by `bountyhub unclaimed`."""

    ref: str
    money: Money
    asked_at: datetime
    failed: bool
    refusals: int


@dataclass(frozen=True)
class JobRow:
    """A job whose last attempt failed."""

    name: str
    attempts: int
    run_at: datetime
    error: str


@dataclass(frozen=True)
class Desk:
    """Everything on the operator's page."""

    alarms: Sequence[Alarm]
    ended: Sequence[Alarm]
    currencies: Sequence[CurrencyRow]
    checks: Sequence[SelfCheck]
    refunds: Sequence[RefundRow]
    jobs: Sequence[JobRow]


def desk(session: Session) -> Desk:
    """The operator's page."""
    return Desk(
        alarms=alarms.open_alarms(session),
        ended=alarms.ended_lately(session),
        currencies=[_currency(standing) for standing in standings(session)],
        checks=self_checks(session),
        refunds=[
            RefundRow(
                stuck.refund.ref, stuck.refund.money, stuck.refund.asked_at,
                failed=stuck.refund.state is RefundState.FAILED, refusals=stuck.refund.attempt - 1,
            )
            for stuck in stuck_refunds(session)
        ],
        jobs=[
            JobRow(row.name, row.attempts, row.run_at, without_addresses(row.last_error or ""))
            for row in outbox.failing(session)
        ],
    )  # fmt: skip


def _currency(one: Standing) -> CurrencyRow:
    sums = (Money(amount, one.currency) for amount in (one.held, one.owed, one.own_funds, one.clearing))
    return CurrencyRow(one.currency, *sums)


def self_checks(session: Session) -> list[SelfCheck]:
    """How the hourly and the daily check went, in the order of their names."""
    return list(session.scalars(select(SelfCheck).order_by(SelfCheck.name)))


def count_entries(session: Session) -> int:
    """How many entries the books have."""
    return session.scalar(select(func.count()).select_from(Entry)) or 0


def without_addresses(error: str) -> str:
    """An error's beginning: mail servers repeat in theirs whom a mail was for."""
    text = _ADDRESS.sub("…", error)
    return text if len(text) <= LONGEST_ERROR else text[:LONGEST_ERROR] + "…"
