"""What the processor says of each means of payment that a site may offer: a table, read by settings and funding.

Sources: https://docs.stripe.com/payments/sepa-debit (euros; up to 14 business days until the bank answers; eight weeks
in which it calls a debit back without asking why, by the rulebook of SEPA Core and directive 2015/2366, article 77) and
https://docs.stripe.com/payments/bancontact (euros, answered at once, no disputes).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """`currencies`: None for any. `callable_days`: so long its payer's bank may call it back without a reason.

    `title`: people's word for it; `kind`: where it is paid from and goes back to.
    """

    title: str
    currencies: frozenset[str] | None = None
    callable_days: int = 0
    kind: str = "bank account"


EURO = frozenset({"EUR"})
CARD = "card"
METHODS = {
    CARD: Method("card", kind="card"),
    "sepa_debit": Method("SEPA debit", EURO, callable_days=56),
    "bancontact": Method("Bancontact", EURO),
}
#: Money that can be called back no more still needs so long to reach its payee before it must have left: that is how
#: long a transfer may wait for a payee's account, and as long as a bank may have taken to debit it.
ROOM_DAYS = 14


def takes(method: str, currency: str) -> bool:
    """Whether a means of payment takes a currency."""
    of = METHODS[method].currencies
    return of is None or currency in of


def why_not(methods: Sequence[str], currencies: Collection[str], hold_days: int) -> str:
    """What is wrong with a list of means of payment, saying what to write; empty when nothing is."""
    unknown = [each for each in methods if each not in METHODS]
    if unknown:
        return f"PAYMENT_METHODS names {', '.join(unknown)}: there are {', '.join(METHODS)}"
    if CARD not in methods:
        return "PAYMENT_METHODS must name card: every currency takes it, and a promise needs one"
    for each in methods:
        if not any(takes(each, currency) for currency in currencies):
            only = ", ".join(sorted(METHODS[each].currencies or ()))
            return f"PAYMENT_METHODS names {each}, which takes {only} only: add it to CURRENCIES, or leave {each} away"
        needed = METHODS[each].callable_days + ROOM_DAYS
        if METHODS[each].callable_days and hold_days < needed:
            return (
                f"PAYMENT_METHODS names {each}, which a bank can call back for {METHODS[each].callable_days} days, and"
                f" HOLD_DAYS is {hold_days}: write at least {needed}, or leave {each} away, else such money could"
                " never be paid to anybody"
            )
    return ""
