"""Saved cards as the domain sees them: a page where one is saved, and charging it while its owner isn't there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bountyhub.kit.money import Money

if TYPE_CHECKING:
    from bountyhub.ports.payments import Capture, Decline


@dataclass(frozen=True)
class CardOrder:
    """What to ask a backer's card for. `mandate` stands beside the button; `reference` is the promise's ref."""

    reference: str
    title: str
    mandate: str
    currency: str
    email: str
    success_url: str
    cancel_url: str
    expires_at: datetime


class CardPageStatus(StrEnum):
    OPEN = "open"
    SAVED = "saved"
    EXPIRED = "expired"


@dataclass(frozen=True)
class SavedCard:
    """A card at the processor, and how people know it (`Visa •••• 4242`)."""

    customer: str
    payment_method: str
    label: str


@dataclass(frozen=True)
class CardPage:
    """A hosted page that saves a card, as it stands now. `url` is None when nobody can use it any more."""

    id: str
    reference: str
    status: CardPageStatus
    url: str | None
    card: SavedCard | None


@dataclass(frozen=True)
class ChargeOrder:
    """What to charge a saved card with; `reference` is the payment's ref (goes into metadata)."""

    reference: str
    amount: Money
    card: SavedCard
    title: str
    transfer_group: str


class ChargeStatus(StrEnum):
    PAID = "paid"
    #: Taken, but its balance transaction isn't there yet: ask again later.
    SETTLING = "settling"
    #: The bank wants its owner: send them there with `authenticate`.
    NEEDS_OWNER = "needs_owner"
    DECLINED = "declined"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class CardCharge:
    """A charge of a saved card as it stands. `url`: the bank's page, while its owner is awaited there."""

    payment_intent: str
    reference: str
    status: ChargeStatus
    capture: Capture | None
    url: str | None = None
    #: The processor's word for a refusal.
    why: str = ""


class SavedCards(Protocol):
    """The part of a payment processor that saves cards and charges them."""

    def open_card_page(self, order: CardOrder, key: str) -> CardPage: ...

    def read_card_page(self, id: str) -> CardPage: ...

    def expire_card_page(self, id: str) -> CardPage:
        """Close an open page; one where a card was saved meanwhile comes back as it is."""

    def read_card_declines(self, setup_intent: str) -> list[Decline]:
        """Every card that was refused on such a page, by the id of what it was to set up."""

    def forget_card(self, card: SavedCard) -> None:
        """It can't be charged any more; forgotten already is as well."""

    def charge_card(self, order: ChargeOrder, key: str) -> CardCharge:
        """Charge it now; a refusal by card or bank is an answer, not an error."""

    def read_charge(self, payment_intent: str) -> CardCharge: ...

    def find_charge(self, reference: str, customer: str) -> CardCharge | None: ...

    def authenticate(self, payment_intent: str, payment_method: str, return_url: str) -> CardCharge:
        """Try again with its owner there; the answer's `url` leads to the bank. One that is over comes back as is."""

    def cancel_charge(self, payment_intent: str) -> CardCharge:
        """Never charge this any more; one that was paid meanwhile comes back as it is."""
