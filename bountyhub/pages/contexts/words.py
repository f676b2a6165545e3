"""The words that pages use for states, in one place."""

from __future__ import annotations

from bountyhub.funding.models import RefundReason
from bountyhub.payouts.models import PayeeState, ShareState, WaitReason
from bountyhub.tasks.models import TaskState
from bountyhub.work.models import ClaimState, ObjectionState

TASK = {
    TaskState.WANTED: "Wanted",
    TaskState.OPEN: "Open",
    TaskState.RESERVED: "Reserved",
    TaskState.MERGED: "Merged",
    TaskState.COMPLETED: "Completed",
    TaskState.CANCELLED: "Cancelled",
}
CLAIM = {
    ClaimState.LINKED: "Linked",
    ClaimState.UNLINKED: "Not linked",
    ClaimState.CLOSED: "Closed",
    ClaimState.SUPERSEDED: "Another was merged",
    ClaimState.LATE: "To be confirmed",
    ClaimState.CHOICE: "Being decided",
    ClaimState.WINDOW: "Objections possible",
    ClaimState.BLOCKED: "Blocked",
    ClaimState.WARRANTY: "In warranty",
    ClaimState.RELEASED: "Released",
    ClaimState.REFUSED: "Not paid",
    ClaimState.UNDONE: "Undone",
}
SHARE = {
    ShareState.PAYABLE: "Payable",
    ShareState.HELD_BACK: "Held back",
    ShareState.KEPT: "Kept",
    ShareState.TRANSFERRING: "On its way",
    ShareState.PAID: "Paid",
    ShareState.RETURNED: "Gone back",
}
OBJECTION = {
    ObjectionState.OPEN: "Open",
    ObjectionState.WITHDRAWN: "Withdrawn",
    ObjectionState.UPHELD: "Upheld",
    ObjectionState.OVERRULED: "Overruled",
}
PAYEE = {
    PayeeState.ASKED: "Being opened",
    PayeeState.UNFINISHED: "Not finished",
    PayeeState.READY: "Can be paid",
    PayeeState.RESTRICTED: "Something is missing",
    PayeeState.UNPAYABLE: "Can’t be paid here",
    PayeeState.GONE: "Disconnected",
}
WAIT = {
    WaitReason.FRESH: "card money waits until it is no longer fresh",
    WaitReason.CALLABLE: "a backer’s bank can call its payment back for eight weeks, and it waits for their end",
    WaitReason.FUNDS: "the card money has not arrived yet; tried again by itself",
    WaitReason.ACCOUNT: "your payout account can’t receive money now",
    WaitReason.HOLD: "the payout account is new, or its bank account was changed: the next money waits",
    WaitReason.STOPPED: "outgoing money is stopped while something is looked into",
    WaitReason.DISPUTE: "frozen: a bank disputes the payment or suspects fraud; it goes on once that is decided",
    WaitReason.REVERSED: "it came back from the payment provider; the operator looks into it",
}
REFUND = {
    RefundReason.WITHDRAWN: "taken back",
    RefundReason.NOTICE: "the notice of seven days is over",
    RefundReason.RENEWED: "renewed by a new payment",
    RefundReason.LIFE_OVER: "the time it may be held is over",
    RefundReason.TASK_OVER: "the task ended without a merge",
    RefundReason.TOO_LATE: "the task had stopped taking money",
    RefundReason.WRONG_AMOUNT: "the amount was not the one agreed",
    RefundReason.OBJECTION: "an objection was upheld",
    RefundReason.KEPT_LAPSED: "the developer could not be paid in time",
    RefundReason.FRAUD_WARNING: "the card’s bank suspects fraud",
    RefundReason.DISPUTE_WON: "a charge-back was decided after the task had ended",
    RefundReason.DISPUTE_REST: "the fee of what the bank took back",
    RefundReason.RELEASE_UNDONE: "its release was undone",
}
