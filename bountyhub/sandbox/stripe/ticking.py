"""What happens by itself: expiries, late bookings, ends of refunds, money becoming available. Called every second."""

from __future__ import annotations

from collections.abc import Callable

from bountyhub.sandbox.context import Sandbox
from bountyhub.sandbox.stripe import balance, charges, debit_ends, disputing, later, payouts, refunds, sessions
from bountyhub.sandbox.stripe.call import Call, working

ACTIONS: dict[str, Callable[[Call, str], object]] = {
    "expire_session": sessions.expire_due,
    "settle_charge": charges.settle,
    "make_available": balance.make_available,
    "succeed_refund": refunds.succeed,
    "fail_refund": refunds.fail_due,
    "pay_payout": payouts.pay,
    "retry_refund": refunds.retry_waiting,
    **disputing.ACTIONS,
    **debit_ends.ACTIONS,
}


def tick(sandbox: Sandbox) -> None:
    """Do everything that is due; nothing to do costs one query."""
    with sandbox.store.transaction() as tx:
        if not later.due(tx, sandbox.clock.now(), sandbox.clock.real()):
            return
    with working(sandbox) as call:
        for each in later.due(call.tx, call.now, call.real):
            if each["action"] == "settle_charge" and call.options.charges_pend:
                continue
            later.forget(call.tx, each["action"], each["target"])
            ACTIONS[each["action"]](call, each["target"])
