"""`PaymentGateway` on Stripe: separate charges and transfers, Checkout, connected accounts.

Built once per process by `create_app` and the worker; every method is one call (lists: one a page).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from stripe import RequestOptions
from stripe.params import AccountListParams, ChargeListParams, RefundListParams, TransferListParams
from stripe.params.checkout import SessionExpireParams

from bountyhub.integrations.stripe import answers, orders
from bountyhub.integrations.stripe.client import Answer, call, make_client, pages
from bountyhub.integrations.stripe.disputes import Disputes
from bountyhub.integrations.stripe.movements import StripeMovements
from bountyhub.integrations.stripe.payee_payouts import PayeePayouts
from bountyhub.integrations.stripe.reversals import Reversals
from bountyhub.integrations.stripe.saved_cards import SavedCards
from bountyhub.integrations.stripe.signature import verify
from bountyhub.kit import ids
from bountyhub.kit.money import Money
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.payments import (
    Capture,
    Checkout,
    CheckoutOrder,
    Decline,
    PayeeAccount,
    RefundResult,
    TransferOrder,
    TransferResult,
    WebhookEvent,
)
from bountyhub.settings import Settings, split_secrets


class StripeGateway(SavedCards, Disputes, StripeMovements, PayeePayouts, Reversals):
    """Speaks for one platform account. Holds no state but the client: share it between threads."""

    def __init__(self, *, key: str, api_base: str, webhook_secret: str) -> None:
        self._v1 = make_client(key, api_base).v1
        self._webhook_secrets = split_secrets(webhook_secret)

    def create_checkout(self, order: CheckoutOrder, key: str) -> Checkout:
        create = self._v1.checkout.sessions.create
        return answers.checkout(call("create_checkout", create, orders.session(order), _keyed(key)))

    def read_checkout(self, id: str) -> Checkout:
        retrieve = self._v1.checkout.sessions.retrieve
        return answers.checkout(call("read_checkout", retrieve, id, {"expand": orders.SESSION_EXPAND}))

    def expire_checkout(self, id: str) -> Checkout:
        """Close an open checkout; one that was paid meanwhile comes back as it is."""
        expire = self._v1.checkout.sessions.expire
        params: SessionExpireParams = {"expand": orders.SESSION_EXPAND}
        try:
            return answers.checkout(call("expire_checkout", expire, id, params, _fresh_key()))
        except OutsideRefused:  # it is over already, one way or the other
            return self.read_checkout(id)

    def read_payment(self, payment_intent: str) -> Capture | None:
        retrieve = self._v1.payment_intents.retrieve
        return answers.capture_of(call("read_payment", retrieve, payment_intent, {"expand": [orders.CAPTURE]}))

    def read_declines(self, payment_intent: str) -> list[Decline]:
        """A charge is left behind by each card that its bank refused."""
        params: ChargeListParams = {"payment_intent": payment_intent}
        found = pages("read_declines", self._v1.charges.list, params)
        return [answers.decline(each) for each in found if each.get("status") == "failed"]

    def create_refund(self, reference: str, payment_intent: str, amount: Money, key: str) -> RefundResult:
        params = orders.refund(reference, payment_intent, amount)
        return answers.refund(call("create_refund", self._v1.refunds.create, params, _keyed(key)))

    def read_refund(self, id: str) -> RefundResult:
        retrieve = self._v1.refunds.retrieve
        return answers.refund(call("read_refund", retrieve, id, {"expand": orders.REFUND_EXPAND}))

    def find_refund(self, reference: str, payment_intent: str) -> RefundResult | None:
        """Look through all refunds of a payment for the one that carries our reference."""
        expand = [f"data.{path}" for path in orders.REFUND_EXPAND]
        params: RefundListParams = {"payment_intent": payment_intent, "expand": expand}
        found = _carrying(reference, pages("find_refund", self._v1.refunds.list, params))
        return answers.refund(found) if found else None

    def create_account(self, reference: str, email: str, key: str, country: str = "") -> PayeeAccount:
        params = orders.account(reference, email, country)
        return answers.account(call("create_account", self._v1.accounts.create, params, _keyed(key)))

    def find_account(self, reference: str, since: datetime) -> PayeeAccount | None:
        """Look through all accounts opened since a moment for the one that carries our reference."""
        params: AccountListParams = {"created": {"gte": int(since.timestamp())}}
        found = _carrying(reference, pages("find_account", self._v1.accounts.list, params))
        return answers.account(found) if found else None

    def read_account(self, id: str) -> PayeeAccount:
        return answers.account(call("read_account", self._v1.accounts.retrieve, id))

    def onboarding_link(self, account: str, return_url: str, refresh_url: str) -> str:
        """A new link each time: a remembered answer would be one that was used."""
        params = orders.account_link(account, return_url, refresh_url)
        return str(call("onboarding_link", self._v1.account_links.create, params, _fresh_key())["url"])

    def create_transfer(self, order: TransferOrder, key: str) -> TransferResult:
        params = orders.transfer(order)
        return answers.transfer(call("create_transfer", self._v1.transfers.create, params, _keyed(key)))

    def read_transfer(self, id: str) -> TransferResult:
        return answers.transfer(call("read_transfer", self._v1.transfers.retrieve, id))

    def find_transfer(self, reference: str, transfer_group: str) -> TransferResult | None:
        """Look through all transfers of a group for the one that carries our reference."""
        params: TransferListParams = {"transfer_group": transfer_group}
        found = _carrying(reference, pages("find_transfer", self._v1.transfers.list, params))
        return answers.transfer(found) if found else None

    def balance(self, currency: str) -> Money:
        return answers.balance(call("balance", self._v1.balance.retrieve), currency)

    def verify_webhook(self, body: bytes, signature: str) -> WebhookEvent:
        return verify(body, signature, self._webhook_secrets)


def make_gateway(settings: Settings) -> StripeGateway:
    """The gateway of these settings."""
    return StripeGateway(
        key=settings.STRIPE_SECRET_KEY.get_secret_value(),
        api_base=settings.STRIPE_API_BASE,
        webhook_secret=settings.STRIPE_WEBHOOK_SECRET.get_secret_value(),
    )


def _keyed(key: str) -> RequestOptions:
    return {"idempotency_key": key}


def _fresh_key() -> RequestOptions:
    """For calls that may be repeated freely and whose old answer is of no use."""
    return {"idempotency_key": f"once-{ids.new_ref(24)}"}


def _carrying(reference: str, found: Iterator[Answer]) -> Answer | None:
    return next((each for each in found if answers.reference_of(each) == reference), None)
