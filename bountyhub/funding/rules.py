"""Pure rules of funding: the fee, who may take money back and how, and the contribution's table of states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

NOTICE = timedelta(days=7)
SUSPENSE = timedelta(days=7)
LONGEST_RETRY = timedelta(hours=6)


class FundingEvent(StrEnum):
    CAPTURED = "captured"
    MISMATCHED = "mismatched"
    DECLINED = "declined"
    EXPIRED = "expired"
    EMPTIED = "emptied"
    CAME_BACK = "came_back"
    MATCHED = "matched"


_UNPAID = ("pending", "failed", "abandoned")
TRANSITIONS = {
    **{(state, FundingEvent.CAPTURED): "held" for state in _UNPAID},
    **{(state, FundingEvent.MISMATCHED): "suspended" for state in _UNPAID},
    ("pending", FundingEvent.DECLINED): "failed",
    ("failed", FundingEvent.DECLINED): "failed",
    ("pending", FundingEvent.EXPIRED): "abandoned",
    ("failed", FundingEvent.EXPIRED): "abandoned",
    ("suspended", FundingEvent.EMPTIED): "closed",
    ("suspended", FundingEvent.MATCHED): "held",
    ("held", FundingEvent.EMPTIED): "closed",
    ("closed", FundingEvent.CAME_BACK): "held",
}


def next_state(state: str, event: FundingEvent) -> str | None:
    """The state after an event; None where the event says nothing new in this state (a repetition)."""
    return TRANSITIONS.get((state, event))


def fee_for(amount: int, *, basis_points: int, fixed: int, unit: int = 1) -> int:
    """The fee on a contribution in minor units, halves rounded up: 5000 at 5 % + 25 → 275.

    `unit` is the least that can be moved in the currency; amount and fixed part are multiples of it, and so is the fee.
    """
    return (amount // unit * basis_points + 5000) // 10000 * unit + fixed


def vat_on(fee: int, basis_points: int, *, unit: int = 1) -> int:
    """The tax on a fee in minor units, halves of a `unit` rounded up: 275 at 20 % → 55."""
    return (fee // unit * basis_points + 5000) // 10000 * unit


def split_received(
    received: int, *, basis_points: int, fixed: int, tax: int = 0, unit: int = 1
) -> tuple[int, int, int]:
    """(amount, fee, tax on the fee) of a sum that came with its fee: the largest amount whose fee and tax it covers.

    5270 at 5 % + 25 → (4995, 275, 0). What no amount reaches goes to the fee; (0, received, 0) if none does. Amount and
    tax are whole `unit`s.
    """
    units, cost = received // unit, (basis_points, fixed // unit, tax)
    amount = max(0, (units - cost[1]) * 10000 // (10000 + basis_points))
    while amount and _with_fee(amount, *cost) > units:
        amount = max(0, amount - 1 - (_with_fee(amount, *cost) - units) // 2)
    while _with_fee(amount + 1, *cost) <= units:
        amount += 1
    vat = vat_on(fee_for(amount, basis_points=basis_points, fixed=cost[1]), tax) if amount else 0
    return amount * unit, received - (amount + vat) * unit, vat * unit


def _with_fee(amount: int, basis_points: int, fixed: int, tax: int) -> int:
    fee = fee_for(amount, basis_points=basis_points, fixed=fixed)
    return amount + fee + vat_on(fee, tax)


def expected_cost(total: int, *, basis_points: int, fixed: int) -> int:
    """What processing a payment may cost at most, in minor units: what own funds must cover before a checkout."""
    return -(-total * basis_points // 10000) + fixed


def kept_cost(expected: int, fee: int, *, unit: int = 1) -> int:
    """What is named before paying as kept at a late withdrawal: the expected cost in whole units, at most the fee."""
    return min(expected // unit * unit, fee)


def kept_of(named: int, part: int, amount: int, *, most: int, unit: int = 1) -> int:
    """What of the sum named for a contribution of `amount` is kept where a `part` of it is taken back late.

    In proportion, in whole units, and at most the part of the fee that comes back with it.
    """
    return min(named * part // amount // unit * unit, most)


def retry_in(attempt: int) -> timedelta:
    """How long a refused refund waits before it is asked for again: from a minute, doubling, to six hours."""
    return min(LONGEST_RETRY, timedelta(minutes=1 << min(attempt - 1, 10)))


def most_reserved(own_funds: int, *, part: int, always: int) -> int:
    """What one backer, network or task may reserve with unpaid checkouts: a part of own funds, or `always` if more."""
    return max(own_funds // part, always)


#: Days before its end at which a backer is reminded.
REMINDERS = (30, 14, 3)


def reminder_due(left: timedelta, reminded: int | None, life: timedelta = timedelta.max) -> int | None:
    """Of how many days' reminder it is time now; None for none. After a silence only the latest one is sent.

    `life`: how long it lasts in all; where it is short, none is sent at its beginning.
    """
    passed = [days for days in REMINDERS if timedelta(0) < left <= timedelta(days=days) < life]
    due = min(passed, default=None)
    return due if due is not None and (reminded is None or reminded > due) else None


@dataclass(frozen=True)
class MoveFacts:
    """What decides whether money may go to another task. Sums in minor units, `fee` and `fee_held` with their tax."""

    escrow: int
    fee_held: int
    elsewhere: int
    amount: int
    fee: int
    lives: bool
    same_task: bool
    same_currency: bool
    source_state: str
    ready_pull: bool
    late_claim: bool
    target_takes_money: bool
    notice: bool
    address: bool


def why_not_moved(facts: MoveFacts) -> str:
    """Why this money can't be moved there, in one sentence; empty when it can."""
    refusals = (
        (facts.same_task, "It is on that task already."),
        (not facts.same_currency, "That task is funded in another currency, and nothing is exchanged here."),
        (facts.escrow <= 0, "Nothing of it is held any more."),
        (facts.elsewhere != 0 or (facts.escrow, facts.fee_held) != (facts.amount, facts.fee),
         "A part of it is released, frozen or on its way back, and only the whole can be moved."),
        (not facts.address, "Confirm an e-mail address on your page first: what becomes of moved money is said there."),
        (facts.notice, "You gave notice to take it back. Leave it here after all, then move it."),
        (not facts.lives, "Its time here is over: it is about to go back to your card."),
        (facts.source_state != "open", "The task it is on is being paid or is over."),
        (facts.ready_pull or facts.late_claim, "A pull request is ready for the task it is on."),
        (not facts.target_takes_money, "That task takes no money now."),
    )  # fmt: skip
    return next((why for refused, why in refusals if refused), "")


class Way(StrEnum):
    """How a contribution can be taken back now."""

    AT_ONCE = "at_once"
    NOTICE = "notice"
    NOT_NOW = "not_now"
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True)
class WithdrawalFacts:
    """What decides about a withdrawal: `escrow` in minor units, moments in business time."""

    escrow: int
    captured_at: datetime
    now: datetime
    cooling_off: timedelta
    task_state: str
    ready_pull: bool
    late_claim: bool


def way_back(facts: WithdrawalFacts) -> Way:
    """Rule 4 of the money rules: at once within the cooling-off days or while nothing stands for the task."""
    if facts.escrow <= 0:
        return Way.NOTHING_LEFT
    if facts.now < facts.captured_at + facts.cooling_off:
        return Way.AT_ONCE
    if facts.task_state != "open":
        return Way.NOT_NOW
    return Way.NOTICE if facts.ready_pull or facts.late_claim else Way.AT_ONCE


class PromiseEvent(StrEnum):
    CARD_SAVED = "card_saved"
    PAGE_OVER = "page_over"
    ACCEPTED = "accepted"
    BACKER_WANTED = "backer_wanted"
    CHARGED = "charged"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


#: How long a promise whose work is accepted waits for its backer, or for own funds.
CONFIRM = timedelta(days=7)
PROMISE_TRANSITIONS = {
    ("asked", PromiseEvent.CARD_SAVED): "given",
    ("asked", PromiseEvent.PAGE_OVER): "abandoned",
    ("abandoned", PromiseEvent.CARD_SAVED): "given",
    ("given", PromiseEvent.ACCEPTED): "charging",
    ("given", PromiseEvent.WITHDRAWN): "withdrawn",
    ("given", PromiseEvent.LAPSED): "lapsed",
    ("charging", PromiseEvent.BACKER_WANTED): "needs_backer",
    ("charging", PromiseEvent.CHARGED): "charged",
    ("charging", PromiseEvent.LAPSED): "lapsed",
    ("needs_backer", PromiseEvent.CHARGED): "charged",
    ("needs_backer", PromiseEvent.LAPSED): "lapsed",
}


def next_promise_state(state: str, event: PromiseEvent) -> str | None:
    """The state after an event; None where the event says nothing new in this state."""
    return PROMISE_TRANSITIONS.get((state, event))
