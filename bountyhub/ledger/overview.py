"""All books at a glance: whether they agree with their lines, and whether all that is owed is there.

For the public page and the API. Everything comes from the accounts' cached balances and from the sums of lines by
kind, so it costs the same however long the history is. The two are held against each other, and what there is against
what is owed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bountyhub.ledger import queries
from bountyhub.ledger.queries import natural
from bountyhub.ledger.sums import Sums, sums

#: (kind of account, kinds of entries) whose lines tell each sum; + debit, − credit.
_FLOWS: dict[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    "captured": [("clearing", ("captured", "captured_late", "captured_wrong"))],
    "released": queries.RELEASED,
    "paid": [("transfer_pending", ("transfer_confirmed",)), ("payable", ("transfer_reversed",))],
    "returned": queries.RETURNED,
    "charged_back": [("dispute_funds", ("dispute_withdrawn",))],
}


@dataclass(frozen=True)
class Overview:
    """One currency, in minor units. `own_funds` is counted from what the operator put in, earned and spent."""

    currency: str
    clearing: int
    covered: int  # taken by charge-backs and not owed meanwhile
    set_apart: int
    held: int
    owed: int
    own_funds: int
    captured: int
    released: int
    paid: int
    returned: int
    fees_earned: int
    kept: int  # at late withdrawals
    costs: int
    charged_back: int
    losses: int
    lines_agree: bool

    @property
    def have(self) -> int:
        """What there is: at the processor, taken by charge-backs but not owed meanwhile, set apart at the bank."""
        return self.clearing + self.covered + self.set_apart

    @property
    def missing(self) -> int:
        """How much less there is than is owed; 0 while there is enough."""
        return max(0, self.owed - self.have)

    @property
    def enough(self) -> bool:
        """Whether what there is covers what is owed. Balanced books can still tell of too little money."""
        return self.missing == 0

    @property
    def balanced(self) -> bool:
        """Whether what there is equals what is owed and own, and every balance is the sum of its lines."""
        return self.have == self.owed + self.own_funds and self.lines_agree


def overview(session: Session) -> list[Overview]:
    """Every currency; four queries. They must see one state of the books: begin the session anew for it."""
    balances, covered, moved = queries.sums_by_kind(session), queries.covered_by_disputes(session), sums(session)
    flows = {name: queries.flow(moved, places) for name, places in _FLOWS.items()}
    return [
        _one(currency, kinds, covered.get(currency, 0), {name: of.get(currency, 0) for name, of in flows.items()},
             _by_kind(moved, currency) == {kind: amount for kind, amount in kinds.items() if amount})
        for currency, kinds in sorted(balances.items())
    ]  # fmt: skip


def _one(
    currency: str, kinds: Mapping[str, int], covered: int, flows: Mapping[str, int], lines_agree: bool
) -> Overview:
    of = kinds.get
    costs = of("cost/processor", 0) + of("cost/refund", 0) + of("cost/dispute", 0)
    return Overview(
        currency=currency, clearing=of("clearing", 0), covered=covered, set_apart=of("bank/unclaimed", 0),
        held=queries.held_of(kinds), owed=queries.owed_of(kinds),
        own_funds=_own_funds(kinds, covered), captured=flows["captured"], released=-flows["released"],
        paid=flows["paid"], returned=flows["returned"], fees_earned=of("income/fee", 0),
        kept=of("income/withdrawal", 0), costs=costs, charged_back=flows["charged_back"],
        losses=of("cost/chargeback_loss", 0), lines_agree=lines_agree,
    )  # fmt: skip


def _own_funds(kinds: Mapping[str, int], covered: int) -> int:
    """Put in, earned, less spent, less what is at the bank, less what charge-backs took beyond what was still here."""
    earned = sum(kinds.get(kind, 0) for kind in ("own/float", "income/fee", "income/withdrawal"))
    spent = sum(amount for kind, amount in kinds.items() if kind.startswith("cost/"))
    return earned - spent - kinds.get("bank", 0) - (kinds.get("dispute_funds", 0) - covered)


def _by_kind(moved: Sums, currency: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for (of, account, _), amount in moved.items():
        if of == currency:
            found[account] = found.get(account, 0) + natural(account, amount)
    return {kind: amount for kind, amount in found.items() if amount}
