"""Pure rules of payouts: the share's table of states, and when a transfer may leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Money that waits for a new account may do so for this long after its life's end: such a wait is never longer.
HOLD_GRACE = timedelta(days=3)
#: Payable money that can't be sent for so long is kept for its payee instead.
UNSENDABLE = timedelta(days=14)

#: A reversal that the processor refused is tried again after so long …
RETRY_REVERSAL = timedelta(days=1)
#: … as long as what comes back could still be given to its backer in time.
REVERSAL_MARGIN = timedelta(days=5)


class ShareEvent(StrEnum):
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    PAID = "paid"
    UNSENDABLE = "unsendable"
    RETURNED = "returned"
    SENT_IN_PART = "sent_in_part"
    REST_LAPSED = "rest_lapsed"
    REVERSED = "reversed"
    TAKEN_BACK = "taken_back"
    REST_TAKEN_BACK = "rest_taken_back"
    THAWED = "thawed"


TRANSITIONS = {
    ("kept", ShareEvent.CLAIMED): "payable",
    ("kept", ShareEvent.RETURNED): "returned",
    ("kept", ShareEvent.REST_LAPSED): "paid",  # a part was sent before the rest became unsendable
    ("held_back", ShareEvent.CLAIMED): "payable",
    ("held_back", ShareEvent.RETURNED): "returned",
    ("payable", ShareEvent.SENT): "transferring",
    ("payable", ShareEvent.UNSENDABLE): "kept",
    ("transferring", ShareEvent.REFUSED): "payable",
    ("transferring", ShareEvent.SENT_IN_PART): "payable",  # the rest waits
    ("transferring", ShareEvent.PAID): "paid",
    ("paid", ShareEvent.REVERSED): "payable",
    **{(state, ShareEvent.TAKEN_BACK): "returned" for state in ("payable", "kept", "held_back")},
    **{(state, ShareEvent.REST_TAKEN_BACK): "paid" for state in ("payable", "kept")},
    ("paid", ShareEvent.THAWED): "payable",
}


def next_state(state: str, event: ShareEvent) -> str | None:
    """The state after an event; None where it says nothing new."""
    return TRANSITIONS.get((state, event))


@dataclass(frozen=True)
class Freshness:
    """What decides how long card money is fresh: days, sums in minor units, moments in business time."""

    days: int
    long_days: int
    limit: int | None
    young: timedelta


def fresh_for(rule: Freshness, released: int, made_at: datetime | None, now: datetime) -> timedelta:
    """How long the money of a release of this sum is fresh: longer above the limit or for a very young repository.

    A site that knows no fresh money (0 days) knows none of any kind.
    """
    large = rule.limit is not None and released > rule.limit
    young = made_at is not None and now - made_at < rule.young
    return timedelta(days=max(rule.days, rule.long_days) if rule.days and (large or young) else rule.days)


def leaves_at(
    captured_at: datetime, available_on: datetime | None, fresh: timedelta, callable_until: datetime | None = None
) -> datetime:
    """When a charge's money may be transferred: no longer fresh, arrived, and no more to be called back."""
    return max(moment for moment in (captured_at + fresh, available_on, callable_until) if moment is not None)


def foremost(waits: Sequence[str]) -> str:
    """Which of several reasons to wait is told: the first, but fresh money is told after money that may be called back.

    That one's day is the later one. Empty for none.
    """
    first = waits[0] if waits else ""
    return "callable" if first == "fresh" and "callable" in waits else first


class NoRedirect(StrEnum):
    """Why a share can't be sent on."""

    NOTHING = "nothing"
    SENT_ON = "sent_on"
    PAYABLE = "payable"
    FROZEN = "frozen"
    STOPPED = "stopped"
    CAME_BACK = "came_back"
    OVER = "over"


def why_not_redirected(
    *, waits: bool, sent_on: bool, payable: bool, frozen: bool, stopped: bool, came_back: bool, over: bool
) -> NoRedirect | None:
    """A share is sent on once, whole, and only while it waits for who can't be paid: else the first reason it isn't."""
    reasons = (
        (sent_on, NoRedirect.SENT_ON), (frozen, NoRedirect.FROZEN), (not waits, NoRedirect.NOTHING),
        (payable, NoRedirect.PAYABLE), (stopped, NoRedirect.STOPPED), (came_back, NoRedirect.CAME_BACK),
        (over, NoRedirect.OVER),
    )  # fmt: skip
    return next((reason for holds, reason in reasons if holds), None)


class StopRefused(StrEnum):
    """Why a stop can't be extended."""

    SAME_OPERATOR = "same_operator"
    OVER = "over"


def stop_for(scope: str) -> timedelta:
    """How long a stop lasts, and an extension of it."""
    return timedelta(hours=72) if scope == "site" else timedelta(days=14)


def why_not_extended(*, made_by: int | None, extended_by: int | None, by: int | None, over: bool) -> StopRefused | None:
    """A second operator extends: not the one whose word made it last as long as it does."""
    if over:
        return StopRefused.OVER
    last = extended_by if extended_by is not None else made_by
    return StopRefused.SAME_OPERATOR if last is not None and last == by else None


def retry_in(attempt: int) -> timedelta:
    """How long a refused transfer waits before it is asked for again: from half a minute, doubling, to an hour."""
    return timedelta(seconds=min(3600, 30 << min(attempt - 1, 10)))


class AccountChange(StrEnum):
    """What makes a payout account one whose owner has to be asked whether it was them."""

    ACCOUNT = "account"
    BANK = "bank"


def account_change(*, known: str, found: str, was_ready: bool, ready: bool) -> AccountChange | None:
    """Whether an account is new, or pays out to another bank account than it did (digests, empty for none)."""
    if not was_ready:
        return AccountChange.ACCOUNT if ready else None
    return AccountChange.BANK if known and found and found != known else None


def may_try_again(now: datetime, leave_by: datetime | None) -> bool:
    """Whether a refused reversal is tried again: what comes back later could not be held any more."""
    return leave_by is None or now + RETRY_REVERSAL <= leave_by - REVERSAL_MARGIN


def payee_state(*, details_submitted: bool, can_receive: bool, disabled: bool, payable: bool = True) -> str:
    """What the processor's words make of a payee; `payable`: whether money may be sent to its country at all."""
    if not payable:
        return "unpayable"
    if can_receive:
        return "ready"
    return "restricted" if details_submitted or disabled else "unfinished"


def turn_in(index: int, per_second: int) -> timedelta:
    """How long the transfer with this place in a row waits, so that each second takes its number of them."""
    return timedelta(seconds=index // per_second)


class Same(StrEnum):
    """By what a payee is known as a backer of the money they get; the strongest word first."""

    PERSON = "person"
    MAIL = "mail"
    CARD = "card"


@dataclass(frozen=True)
class Known:
    """What tells one person from another: their number here, addresses that are proven, digests of cards."""

    person_id: int | None = None
    mails: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()


def same_person(payee: Known, backer: Known) -> Same | None:
    """Whether payee and backer are one, as far as is known; `backer.mails` is what was typed when paying."""
    if payee.person_id is not None and payee.person_id == backer.person_id:
        return Same.PERSON
    if payee.mails & backer.mails:
        return Same.MAIL
    return Same.CARD if payee.cards & backer.cards else None


def everybody_may_know(same: Same, *, anonymous: bool) -> bool:
    """A backer who gave by name is known already; anything else would tell who is behind a nameless contribution."""
    return same is Same.PERSON and not anonymous
