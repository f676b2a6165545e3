"""Outside services inside the test's process: they answer from dictionaries, fail when told to, and remember calls.

For tests of jobs: the real clients are tested against the sandboxes, this shows what jobs make of their answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from bountyhub import ports
from bountyhub.kit import clock
from bountyhub.kit.money import Money
from bountyhub.ports.forge import (
    PullRequestInfo,
)
from bountyhub.ports.payee_payouts import PayeePayout
from bountyhub.ports.payments import (
    Capture,
    Checkout,
    CheckoutOrder,
    CheckoutStatus,
    Decline,
    PayeeAccount,
    RefundResult,
    RefundStatus,
    Reversal,
    TransferOrder,
    TransferResult,
    WebhookEvent,
)
from bountyhub.ports.reconciliation import Movement
from bountyhub.ports.reversals import ReversalOrder
from tests.builders.disputes import PlayDisputes
from tests.builders.play_cards import PlayCards
from tests.builders.play_forge import PlayForge
from tests.builders.play_mailer import PlayMailer


@dataclass
class PlayGateway(PlayDisputes, PlayCards):
    """A processor that does at once what it is asked; each key is answered the same way twice."""

    checkouts: dict[str, Checkout] = field(default_factory=dict)
    refunds: dict[str, RefundResult] = field(default_factory=dict)
    transfers: dict[str, TransferResult] = field(default_factory=dict)
    accounts: dict[str, PayeeAccount] = field(default_factory=dict)
    payee_payouts: dict[str, PayeePayout] = field(default_factory=dict)
    #: Key of each reversal, with its transfer.
    reversals: dict[str, str] = field(default_factory=dict)

    def create_checkout(self, order: CheckoutOrder, key: str) -> Checkout:
        self._call("create_checkout", key)
        made = Checkout(f"cs_{key}", order.reference, CheckoutStatus.OPEN, "http://127.0.0.1/pay", None)
        return self.checkouts.setdefault(made.id, made)

    def read_checkout(self, id: str) -> Checkout:
        self._call("read_checkout", id)
        return self.checkouts[id]

    def expire_checkout(self, id: str) -> Checkout:
        self._call("expire_checkout", id)
        return self.checkouts[id]

    def read_payment(self, payment_intent: str) -> Capture | None:
        self._call("read_payment", payment_intent)
        return None

    def read_declines(self, payment_intent: str) -> list[Decline]:
        self._call("read_declines", payment_intent)
        return []

    def create_refund(self, reference: str, payment_intent: str, amount: Money, key: str) -> RefundResult:
        self._call("create_refund", key)
        made = RefundResult(f"re_{key}", reference, RefundStatus.SUCCEEDED, amount, f"txn_re_{key}", None, clock.now())
        return self.refunds.setdefault(key, made)

    def read_refund(self, id: str) -> RefundResult:
        self._call("read_refund", id)
        return next(refund for refund in self.refunds.values() if refund.id == id)

    def find_refund(self, reference: str, payment_intent: str) -> RefundResult | None:
        self._call("find_refund", reference)
        return self.refunds.get(reference)

    def create_account(self, reference: str, email: str, key: str, country: str = "") -> PayeeAccount:
        self._call("create_account", key)
        made = PayeeAccount(f"acct_{key}", country or "FR", "EUR", False, False)
        return self.accounts.setdefault(f"acct_{key}", made)

    def find_account(self, reference: str, since: datetime) -> PayeeAccount | None:
        self._call("find_account", reference)
        return self.accounts.get(f"acct_{reference}")

    def read_account(self, id: str) -> PayeeAccount:
        self._call("read_account", id)
        return self.accounts[id]

    def onboarding_link(self, account: str, return_url: str, refresh_url: str) -> str:
        self._call("onboarding_link", account)
        return "http://127.0.0.1/onboarding"

    def create_transfer(self, order: TransferOrder, key: str) -> TransferResult:
        self._call("create_transfer", key)
        made = TransferResult(f"tr_{key}", order.reference, order.amount, f"txn_tr_{key}", 0, clock.now())
        return self.transfers.setdefault(key, made)

    def read_transfer(self, id: str) -> TransferResult:
        self._call("read_transfer", id)
        return next(transfer for transfer in self.transfers.values() if transfer.id == id)

    def find_transfer(self, reference: str, transfer_group: str) -> TransferResult | None:
        self._call("find_transfer", reference)
        return self.transfers.get(reference)

    def reverse_transfer(self, order: ReversalOrder, key: str) -> TransferResult:
        self._call("reverse_transfer", key)
        name, made = next((name, made) for name, made in self.transfers.items() if made.id == order.transfer)
        if key not in self.reversals:
            self.reversals[key] = order.transfer
            back = Reversal(order.amount, f"txn_trr_{key}", clock.now())
            reversed_ = made.reversed + order.amount.amount
            self.transfers[name] = replace(made, reversed=reversed_, reversals=(*made.reversals, back))
        return self.transfers[name]

    def find_reversal(self, transfer: str, reference: str) -> TransferResult | None:
        self._call("find_reversal", reference)
        found = next(made for made in self.transfers.values() if made.id == transfer)
        return found if reference in self.reversals else None

    def balance(self, currency: str) -> Money:
        return Money(0, currency)

    def read_payee_payout(self, account: str, id: str) -> PayeePayout:
        self._call("read_payee_payout", id)
        return self.payee_payouts[id]

    def recent_payee_payouts(self, account: str, since: datetime) -> Iterator[PayeePayout]:
        self._call("recent_payee_payouts", account)
        return iter([payout for payout in self.payee_payouts.values() if payout.at >= since])

    def movements(self, *, after: str | None = None, kind: str | None = None) -> Iterator[Movement]:
        return iter(())

    def newest_movements(self, *, since: datetime | None = None) -> Iterator[Movement]:
        return iter(())

    def read_movement(self, id: str) -> Movement | None:
        return None

    def verify_webhook(self, body: bytes, signature: str) -> WebhookEvent:
        raise AssertionError("no test verifies through this gateway")


@dataclass
class Outside:
    """The three of them."""

    gateway: PlayGateway = field(default_factory=PlayGateway)
    forge: PlayForge = field(default_factory=PlayForge)
    mailer: PlayMailer = field(default_factory=PlayMailer)

    def use(self) -> Outside:
        """Wire them into this process."""
        ports.use(gateway=self.gateway, forge=self.forge, mailer=self.mailer)
        return self

    def see(self, *pulls: PullRequestInfo) -> None:
        """The forge shows these pull requests from now on."""
        self.forge.pulls.update({one.number: one for one in pulls})

    def payee_changes(self, account: str, *, can_receive: bool) -> None:
        """The processor says something else of an account."""
        known = self.gateway.accounts.get(account) or PayeeAccount(account, "FR", "EUR", True, can_receive)
        self.gateway.accounts[account] = replace(known, can_receive=can_receive)
