"""The books as they should be: dictionaries, plain sums, and the text of docs/ledger.md; no rule of the code's.

`expect` says what a call will come to without changing anything; `take` makes it so.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.soak_ledger import chart
from tests.soak_ledger.calls import Call

if TYPE_CHECKING:
    from tests.soak_ledger.plans import Plan

Account = tuple[str, str]  # path and currency
Move = tuple[str, str, int]  # debit, credit, amount


@dataclass(frozen=True)
class Pledge:
    """A contribution: what was captured for it or moved in, and what has become of it so far."""

    name: str
    amount: int
    fee: int
    vat: int
    currency: str
    country: str
    paid: int = 0
    returned: int = 0
    fee_earned: int = 0
    vat_earned: int = 0
    fee_returned: int = 0
    vat_returned: int = 0


@dataclass(frozen=True)
class Booked:
    """An entry: signed amounts (+ debit, − credit) and where they leave their accounts."""

    call: Call
    key: str
    plan: Plan
    lines: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Again:
    """The entry of this key is returned: it was booked before."""

    booked: Booked


@dataclass(frozen=True)
class Refused:
    """Every rule that it breaks; which of them is named first is the application's choice."""

    names: frozenset[str]


Outcome = Booked | Again | Refused


@dataclass
class Model:
    """Everything that is known of one set of books."""

    balances: dict[Account, int] = field(default_factory=dict)
    full: dict[str, dict[Account, None]] = field(default_factory=dict)  # kind → what is not at 0
    accounts_of: dict[str, dict[Account, None]] = field(default_factory=dict)  # contribution → its accounts
    currency_of: dict[str, str] = field(default_factory=dict)  # path that exists in one currency only
    ids: dict[Account, int] = field(default_factory=dict)  # older accounts have smaller ones; told by the books
    contribution_of: dict[str, str] = field(default_factory=dict)  # refund, dispute, payment → contribution
    pledges: dict[str, Pledge] = field(default_factory=dict)
    money: Counter[str] = field(default_factory=Counter)  # contribution → what came in less what left
    booked: dict[str, Booked] = field(default_factory=dict)
    by_kind: dict[str, list[str]] = field(default_factory=dict)
    outside: dict[tuple[str, str], str] = field(default_factory=dict)
    reversed: dict[str, str] = field(default_factory=dict)

    def held(self, path: str, currency: str) -> int:
        """What an account holds on its own side."""
        return chart.on_its_side(path, self.balances.get((path, currency), 0))

    def pots(self, *kinds: str) -> list[Account]:
        """The accounts of these kinds that are not at 0."""
        return [account for kind in kinds for account in self.full.get(kind, ())]

    def still_here(self, contribution: str, currency: str, kinds: Iterable[str]) -> dict[str, int]:
        """What a contribution has in accounts of these kinds: kind after kind, older accounts first."""
        own = [path for path, each in self.accounts_of.get(contribution, ()) if each == currency]
        found = [
            path
            for kind in kinds
            for path in sorted(own, key=lambda path: self.ids.get((path, currency), 0))
            if chart.kind_of(path) == kind
        ]
        return {path: self.held(path, currency) for path in found if self.held(path, currency)}

    def expect(self, call: Call) -> Outcome:
        """What the books will say to it."""
        from tests.soak_ledger.plans import plan

        planned = plan(self, call)
        first = self.booked.get(planned.key)
        if first is not None and first.call.says_the_same(call):
            return Again(first)
        lines = _net(planned.moves)
        broken = planned.refusals | self._broken(call, planned, lines)
        if first is not None:
            broken.add("KeyReused")
        if broken and self._mentions_other_currency(planned):
            broken.add("CurrencyMismatch")
        if broken:
            return Refused(frozenset(broken))
        before = {path: self.balances.get((path, planned.currency), 0) for path in lines}
        return Booked(call, planned.key, planned, {path: (lines[path], before[path] + lines[path]) for path in lines})

    def _mentions_other_currency(self, planned: Plan) -> bool:
        """Also an account that gets nothing of it may be of another currency: one more reason, but not the only one."""
        paths = {path for debit, credit, _ in planned.moves for path in (debit, credit)}
        return any(self.currency_of.get(path, planned.currency) != planned.currency for path in paths)

    def _broken(self, call: Call, planned: Plan, lines: dict[str, int]) -> set[str]:
        broken = set() if lines else {"NothingToMove"}
        for path, amount in lines.items():
            after = self.balances.get((path, planned.currency), 0) + amount
            if chart.kind_of(path) in chart.NEVER_NEGATIVE and chart.on_its_side(path, after) < 0:
                broken.add("Overdraft")
            if max(abs(after), abs(amount)) > chart.LARGEST:
                broken.add("AmountTooLarge")
            if self.currency_of.get(path, planned.currency) != planned.currency:
                broken.add("CurrencyMismatch")
        if "clearing" in lines and not planned.outside:
            broken.add("OutsideIdMissing")
        if planned.outside and self.outside.get((call.event, planned.outside), planned.key) != planned.key:
            broken.add("OutsideIdReused")
        if planned.reverses and self.reversed.get(planned.reverses, planned.key) != planned.key:
            broken.add("AlreadyReversed")
        return broken

    def take(self, outcome: Outcome) -> None:
        """Book it; a refusal and a replay leave everything as it was."""
        if not isinstance(outcome, Booked):
            return
        call, planned = outcome.call, outcome.plan
        for path, (_, after) in outcome.lines.items():
            self._stand(path, planned.currency, after, call)
        self.booked[outcome.key] = outcome
        self.by_kind.setdefault(call.event, []).append(outcome.key)
        if planned.outside:
            self.outside[call.event, planned.outside] = outcome.key
        if planned.reverses:
            self.reversed[planned.reverses] = outcome.key
        for pledge in planned.opens:
            self.pledges[pledge.name] = pledge
        for name, changes in planned.totals.items():
            old = self.pledges[name]
            self.pledges[name] = replace(old, **{each: getattr(old, each) + by for each, by in changes.items()})
        self.money.update(planned.money)

    def _stand(self, path: str, currency: str, balance: int, call: Call) -> None:
        kind, account = chart.kind_of(path), (path, currency)
        pots = self.full.setdefault(kind, {})
        if balance:
            pots[account] = None
        else:
            pots.pop(account, None)
        if account not in self.balances:
            self._know(kind, account, call)
        self.balances[account] = balance

    def _know(self, kind: str, account: Account, call: Call) -> None:
        path, currency = account
        if not chart.one_currency(path):
            return
        self.currency_of[path] = currency
        name: str | None = chart.last(path)
        if kind in chart.OF_AN_OBJECT:
            about = call.arguments.get("contribution") or call.arguments["terms"].contribution
            self.contribution_of[chart.last(path)] = name = about
        if kind != "transfer_pending" and name is not None:
            self.accounts_of.setdefault(name, {})[account] = None

    def own_funds(self, currency: str) -> int:
        """Clearing + what disputes took and we don't owe meanwhile + what is set apart − all we owe."""
        total = self.held("clearing", currency) + self.held("bank/unclaimed", currency)
        for path, each in self.pots("dispute_funds"):
            if each == currency:
                total += min(self.held(path, each), self.held(f"frozen/{chart.last(path)}", each))
        return total - sum(
            self.held(path, each) for path, each in self.pots(*chart.OWED, "vat_due") if each == currency
        )

    def fork(self) -> Model:
        """A copy that can go another way."""
        other = copy.copy(self)
        for name, value in vars(self).items():
            setattr(other, name, value.copy())
        for nested in ("full", "accounts_of", "by_kind"):
            setattr(other, nested, {key: inner.copy() for key, inner in getattr(self, nested).items()})
        return other


def _net(moves: Iterable[Move]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for debit, credit, amount in moves:
        sums[debit] += amount
        sums[credit] -= amount
    return {path: amount for path, amount in sums.items() if amount}
