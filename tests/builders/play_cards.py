"""Saved cards inside the test's process, for `outside.PlayGateway`: each charge ends as `charge_ends` says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bountyhub.kit.money import Money
from bountyhub.ports.payments import Decline
from bountyhub.ports.promises import CardCharge, CardOrder, CardPage, CardPageStatus, ChargeOrder, ChargeStatus
from bountyhub.ports.promises import SavedCard as Card
from tests.builders.processor_says import captured


@dataclass
class PlayCards:
    """Pages are open until `card_saved`; a charge is known by its key."""

    pages: dict[str, CardPage] = field(default_factory=dict)
    charges: dict[str, CardCharge] = field(default_factory=dict)
    charge_ends: ChargeStatus = ChargeStatus.PAID
    forgotten: list[str] = field(default_factory=list)

    def _call(self, name: str, about: str = "") -> None:
        raise NotImplementedError

    def open_card_page(self, order: CardOrder, key: str) -> CardPage:
        self._call("open_card_page", key)
        made = CardPage(f"cs_{key}", order.reference, CardPageStatus.OPEN, "http://127.0.0.1/save", None)
        return self.pages.setdefault(made.id, made)

    def card_saved(self, id: str) -> CardPage:
        """A backer filled the page in."""
        card = Card(f"cus_{id}", f"pm_{id}", "Visa •••• 4242")
        self.pages[id] = replace(self.pages[id], status=CardPageStatus.SAVED, url=None, card=card)
        return self.pages[id]

    def read_card_page(self, id: str) -> CardPage:
        self._call("read_card_page", id)
        return self.pages[id]

    def expire_card_page(self, id: str) -> CardPage:
        self._call("expire_card_page", id)
        if self.pages[id].status is CardPageStatus.OPEN:
            self.pages[id] = replace(self.pages[id], status=CardPageStatus.EXPIRED, url=None)
        return self.pages[id]

    def read_card_declines(self, setup_intent: str) -> list[Decline]:
        self._call("read_card_declines", setup_intent)
        return []

    def forget_card(self, card: Card) -> None:
        self._call("forget_card", card.payment_method)
        self.forgotten.append(card.payment_method)

    def charge_card(self, order: ChargeOrder, key: str) -> CardCharge:
        self._call("charge_card", key)
        made = self._charge(key, order.reference, self.charge_ends, order.amount)
        return self.charges.setdefault(key, made)

    def read_charge(self, payment_intent: str) -> CardCharge:
        self._call("read_charge", payment_intent)
        return next(charge for charge in self.charges.values() if charge.payment_intent == payment_intent)

    def find_charge(self, reference: str, customer: str) -> CardCharge | None:
        self._call("find_charge", reference)
        return self.charges.get(reference)

    def authenticate(self, payment_intent: str, payment_method: str, return_url: str) -> CardCharge:
        self._call("authenticate", payment_intent)
        return replace(self.read_charge(payment_intent), url="http://127.0.0.1/bank")

    def cancel_charge(self, payment_intent: str) -> CardCharge:
        self._call("cancel_charge", payment_intent)
        now = self.read_charge(payment_intent)
        if now.status is not ChargeStatus.PAID:
            self.charges[now.reference] = replace(now, status=ChargeStatus.CANCELLED)
        return self.charges[now.reference]

    def authenticated(self, reference: str, total: Money) -> CardCharge:
        """Its owner was at their bank."""
        self.charges[reference] = self._charge(reference, reference, ChargeStatus.PAID, total)
        return self.charges[reference]

    def _charge(self, key: str, reference: str, status: ChargeStatus, total: Money) -> CardCharge:
        capture = captured(key, total) if status is ChargeStatus.PAID else None
        why = "generic_decline" if status is ChargeStatus.DECLINED else ""
        return CardCharge(f"pi_{key}", reference, status, capture, why=why)
