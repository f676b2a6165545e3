"""Saved cards at Stripe: Checkout in `setup` mode, then PaymentIntents confirmed off-session; part of `gateway`.

One payment intent per promise, whatever happens to it: its owner authenticates that very one, so that it can't be
paid twice.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from stripe import RequestOptions
from stripe.params import PaymentIntentCreateParams, PaymentIntentListParams, SetupAttemptListParams
from stripe.params.checkout import SessionCreateParams, SessionExpireParams

from bountyhub.integrations.stripe import answers
from bountyhub.integrations.stripe.client import Answer, call, pages
from bountyhub.integrations.stripe.orders import CAPTURE, short_name
from bountyhub.kit import ids
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.payments import Decline
from bountyhub.ports.promises import (
    CardCharge,
    CardOrder,
    CardPage,
    CardPageStatus,
    ChargeOrder,
    ChargeStatus,
    SavedCard,
)

EXPAND = ["setup_intent.payment_method"]
#: Refusals that leave an intent behind: the bank wants its owner, or the card was declined.
AUTHENTICATE = ("authentication_required", "payment_intent_authentication_failure")


class SavedCards:
    """The mixin; `_v1` is the client's."""

    _v1: Any

    def open_card_page(self, order: CardOrder, key: str) -> CardPage:
        create = self._v1.checkout.sessions.create
        return _page(call("open_card_page", create, _session(order), _keyed(key)))

    def read_card_page(self, id: str) -> CardPage:
        return _page(call("read_card_page", self._v1.checkout.sessions.retrieve, id, {"expand": EXPAND}))

    def expire_card_page(self, id: str) -> CardPage:
        """Close an open page; one where a card was saved meanwhile comes back as it is."""
        params: SessionExpireParams = {"expand": EXPAND}
        try:
            return _page(call("expire_card_page", self._v1.checkout.sessions.expire, id, params, _once()))
        except OutsideRefused:  # it is over already, one way or the other
            return self.read_card_page(id)

    def read_card_declines(self, setup_intent: str) -> list[Decline]:
        """An attempt is left behind by each card that was tried."""
        params: SetupAttemptListParams = {"setup_intent": setup_intent}
        found = pages("read_card_declines", self._v1.setup_attempts.list, params)
        return [answers.decline(each) for each in found if each.get("status") == "failed"]

    def forget_card(self, card: SavedCard) -> None:
        """Detach it, then forget its owner's address: the customer was made for this one promise."""
        with suppress(OutsideGone, OutsideRefused):  # detached before
            call("forget_card", self._v1.payment_methods.detach, card.payment_method, {}, _once())
        with suppress(OutsideGone):
            call("forget_customer", self._v1.customers.delete, card.customer, None, _once())

    def charge_card(self, order: ChargeOrder, key: str) -> CardCharge:
        """A refusal names the intent it left behind: that is read, so that all answers are of one kind."""
        create = self._v1.payment_intents.create
        try:
            return _charge(call("charge_card", create, _intent(order), _keyed(key)))
        except OutsideRefused as refused:
            if not refused.about:
                raise
            return self.read_charge(refused.about)

    def read_charge(self, payment_intent: str) -> CardCharge:
        retrieve = self._v1.payment_intents.retrieve
        return _charge(call("read_charge", retrieve, payment_intent, {"expand": [CAPTURE]}))

    def find_charge(self, reference: str, customer: str) -> CardCharge | None:
        """Look through all payments of the customer for the one that carries our reference."""
        params: PaymentIntentListParams = {"customer": customer, "expand": [f"data.{CAPTURE}"]}
        found = pages("find_charge", self._v1.payment_intents.list, params)
        return next((_charge(each) for each in found if answers.reference_of(each) == reference), None)

    def authenticate(self, payment_intent: str, payment_method: str, return_url: str) -> CardCharge:
        """Confirm the same intent with its owner there; refused or over, it comes back as it is."""
        params = {"payment_method": payment_method, "return_url": return_url, "expand": [CAPTURE]}
        try:
            return _charge(call("authenticate", self._v1.payment_intents.confirm, payment_intent, params, _once()))
        except OutsideRefused:
            return self.read_charge(payment_intent)

    def cancel_charge(self, payment_intent: str) -> CardCharge:
        """Never charge this any more; one that was paid (or cancelled) meanwhile comes back as it is."""
        params = {"cancellation_reason": "abandoned", "expand": [CAPTURE]}
        try:
            return _charge(call("cancel_charge", self._v1.payment_intents.cancel, payment_intent, params, _once()))
        except OutsideRefused:
            return self.read_charge(payment_intent)


def _session(order: CardOrder) -> SessionCreateParams:
    params: SessionCreateParams = {
        "mode": "setup",
        "currency": order.currency.lower(),
        # Without a customer a saved card can't be charged later.
        "customer_creation": "always",
        "client_reference_id": order.reference,
        "metadata": {"reference": order.reference},
        "setup_intent_data": {
            "description": short_name(f"Promised for the task: {order.title}"),
            "metadata": {"reference": order.reference},
        },
        # Others can't be charged while their owner isn't there, or can be called back for weeks.
        "allowed_payment_method_types": ["card"],
        "custom_text": {"submit": {"message": order.mandate}},
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "expires_at": int(order.expires_at.timestamp()),
        "expand": EXPAND,
    }
    if order.email:
        params["customer_email"] = order.email
    return params


def _intent(order: ChargeOrder) -> PaymentIntentCreateParams:
    return {
        "amount": order.amount.amount,
        "currency": order.amount.currency.lower(),
        "customer": order.card.customer,
        "payment_method": order.card.payment_method,
        "allowed_payment_method_types": ["card"],
        "confirm": True,
        "off_session": True,
        # The newer default completes without a book entry, and nothing is booked without one.
        "capture_method": "automatic",
        "description": short_name(f"Held for the task: {order.title}"),
        "metadata": {"reference": order.reference},
        "transfer_group": order.transfer_group,
        "expand": [CAPTURE],
    }


def _page(session: Answer) -> CardPage:
    status = {"open": CardPageStatus.OPEN, "complete": CardPageStatus.SAVED}.get(
        str(session.get("status")), CardPageStatus.EXPIRED
    )
    return CardPage(
        id=session["id"],
        reference=answers.reference_of(session) or str(session.get("client_reference_id") or ""),
        status=status,
        url=session.get("url") if status is CardPageStatus.OPEN else None,
        card=_card(session) if status is CardPageStatus.SAVED else None,
    )


def _card(session: Answer) -> SavedCard | None:
    intent = session.get("setup_intent")
    method = intent.get("payment_method") if isinstance(intent, dict) else None
    if not method:
        return None
    card = method.get("card") if isinstance(method, dict) else None
    label = f"{str(card.get('brand')).capitalize()} •••• {card.get('last4')}" if card else "your card"
    customer = answers.id_of(session.get("customer")) or answers.id_of(intent.get("customer") if intent else None)
    return SavedCard(customer, answers.id_of(method), label)


def _charge(intent: Answer) -> CardCharge:
    capture = answers.capture_of(intent)
    error = intent.get("last_payment_error") or {}
    why = str(error.get("decline_code") or error.get("code") or "")
    action = (intent.get("next_action") or {}).get("redirect_to_url") or {}
    return CardCharge(
        payment_intent=intent["id"],
        reference=answers.reference_of(intent),
        status=ChargeStatus.PAID if capture is not None else _status(str(intent.get("status")), why),
        capture=capture,
        url=action.get("url"),
        why=why,
    )


def _status(status: str, why: str) -> ChargeStatus:
    if status in ("requires_action", "requires_confirmation"):
        return ChargeStatus.NEEDS_OWNER
    if status == "requires_payment_method":
        return ChargeStatus.NEEDS_OWNER if why in AUTHENTICATE else ChargeStatus.DECLINED
    # `processing`, or paid without a book entry: neither is an end.
    return ChargeStatus.CANCELLED if status == "canceled" else ChargeStatus.SETTLING


def _keyed(key: str) -> RequestOptions:
    return {"idempotency_key": key}


def _once() -> RequestOptions:
    """For calls that may be repeated freely: a remembered answer would hide what is true now."""
    return {"idempotency_key": f"once-{ids.new_ref(24)}"}
