"""The payment processor as the domain sees it: plain values in and out, idempotency keys given by the caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bountyhub.kit.money import Money
from bountyhub.ports.disputes import DisputeGateway
from bountyhub.ports.payee_payouts import PayeePayoutGateway
from bountyhub.ports.promises import SavedCards
from bountyhub.ports.reconciliation import MovementGateway
from bountyhub.ports.reversals import ReversalGateway


@dataclass(frozen=True)
class CheckoutOrder:
    """What to ask a payer for. `total` = contribution + fee; `reference` is the payment's ref (goes into metadata)."""

    reference: str
    contribution: Money
    fee: Money
    title: str
    email: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    transfer_group: str
    #: By what it may be paid, in the processor's words.
    methods: tuple[str, ...] = ("card",)


class CheckoutStatus(StrEnum):
    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"
    #: Finished, but the money won't come: the payer's bank refused it (delayed method).
    FAILED = "failed"
    #: Finished, and the payer's bank decides whether the money comes: in days, not seconds.
    AWAITED = "awaited"
    #: Finished and taken, but its balance transaction isn't there yet: ask again later.
    SETTLING = "settling"


@dataclass(frozen=True)
class Capture:
    """Money that arrived. `balance_transaction` is the processor's own book entry: no booking without it.

    `charged` is what the card paid, where the processor turned it into another currency.
    """

    payment_intent: str
    charge: str
    received: Money
    cost: Money
    balance_transaction: str
    at: datetime
    available_on: datetime
    charged: Money | None = None
    #: What tells one card from another, in the processor's words; empty where the method has none.
    card: str = ""
    #: By what it was paid, in the processor's words; empty where it doesn't say.
    method: str = ""
    #: When the payer's bank account is debited, where that is not the moment of the capture.
    debited_at: datetime | None = None


@dataclass(frozen=True)
class Decline:
    """One card that was refused on a hosted page. `card` as in Capture; `at` is the processor's time."""

    id: str
    card: str
    at: datetime


@dataclass(frozen=True)
class Checkout:
    """A hosted checkout as it stands at the processor now. `url` is None when it can't be paid any more.

    `method`: by what its payer chose to pay, in the processor's words, where that is known.
    """

    id: str
    reference: str
    status: CheckoutStatus
    url: str | None
    capture: Capture | None
    method: str = ""


class RefundStatus(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class RefundResult:
    """A refund as it stands. `debit`: its balance transaction; `failure`: the one that brought the money back."""

    id: str
    reference: str
    status: RefundStatus
    amount: Money
    debit: str | None
    failure: str | None
    at: datetime


@dataclass(frozen=True)
class TransferOrder:
    """One piece of one share: from one charge to one payee. `reference` is our transfer's ref."""

    reference: str
    amount: Money
    account: str
    charge: str
    transfer_group: str


@dataclass(frozen=True)
class Reversal:
    """A part of a transfer that came back, with its own book entry."""

    amount: Money
    balance_transaction: str
    at: datetime


@dataclass(frozen=True)
class TransferResult:
    """A transfer as it stands; `balance_transaction` is its debit; `reversed` how much came back (minor units)."""

    id: str
    reference: str
    amount: Money
    balance_transaction: str
    reversed: int
    at: datetime
    reversals: tuple[Reversal, ...] = ()


@dataclass(frozen=True)
class PayeeAccount:
    """A connected account as it stands. `requirements` are the processor's words for what is still missing."""

    id: str
    country: str
    currency: str
    details_submitted: bool
    can_receive: bool
    requirements: tuple[str, ...] = ()
    disabled_reason: str = ""
    #: By which the processor knows the bank account again to which it pays out; empty while there is none.
    bank: str = ""
    #: By when the requirements are to be met, where that is said.
    deadline: datetime | None = None


@dataclass(frozen=True)
class WebhookEvent:
    """A verified webhook: only a hint which object to read again."""

    id: str
    type: str
    object_id: str
    references: dict[str, str] = field(default_factory=dict)


@runtime_checkable
class PaymentGateway(
    SavedCards, DisputeGateway, MovementGateway, PayeePayoutGateway, ReversalGateway, Protocol
):  # fmt: skip
    """A payment processor. Every method may raise the errors of `ports.errors`; POSTs carry `key`.

    `find_…` look up by our reference (metadata) after the 24 h in which a key is remembered.
    """

    def create_checkout(self, order: CheckoutOrder, key: str) -> Checkout: ...

    def read_checkout(self, id: str) -> Checkout: ...

    def expire_checkout(self, id: str) -> Checkout:
        """Close an open checkout; one that was paid meanwhile comes back as it is."""

    def read_payment(self, payment_intent: str) -> Capture | None:
        """The capture of a payment, None while there is none (or it has no balance transaction yet)."""

    def read_declines(self, payment_intent: str) -> list[Decline]:
        """Every card that was refused for a payment."""

    def create_refund(self, reference: str, payment_intent: str, amount: Money, key: str) -> RefundResult: ...

    def read_refund(self, id: str) -> RefundResult: ...

    def find_refund(self, reference: str, payment_intent: str) -> RefundResult | None: ...

    def create_account(self, reference: str, email: str, key: str, country: str = "") -> PayeeAccount:
        """`country`: ISO 3166, two letters; without one its owner says it in the processor's form."""

    def find_account(self, reference: str, since: datetime) -> PayeeAccount | None: ...

    def read_account(self, id: str) -> PayeeAccount: ...

    def onboarding_link(self, account: str, return_url: str, refresh_url: str) -> str:
        """A single-use, short-lived address: redirect to it at once, never store or mail it."""

    def create_transfer(self, order: TransferOrder, key: str) -> TransferResult: ...

    def read_transfer(self, id: str) -> TransferResult: ...

    def find_transfer(self, reference: str, transfer_group: str) -> TransferResult | None: ...

    def balance(self, currency: str) -> Money:
        """Available plus pending: what the ledger's clearing account must equal."""

    def verify_webhook(self, body: bytes, signature: str) -> WebhookEvent:
        """Check signature and age (future ones too); raises OutsideRefused."""
