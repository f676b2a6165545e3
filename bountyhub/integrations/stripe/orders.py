"""What we ask of Stripe: the parameters of each creating call, typed by the library itself; for `gateway`.

Checked names: a parameter the API doesn't know is a type error here.
"""

from __future__ import annotations

from stripe.params import (
    AccountCreateParams,
    AccountLinkCreateParams,
    RefundCreateParams,
    TransferCreateParams,
    TransferCreateReversalParams,
)
from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

from bountyhub.kit.money import Money
from bountyhub.ports.payments import CheckoutOrder, TransferOrder
from bountyhub.ports.reversals import ReversalOrder

#: Where a checkout's capture is found: charge and book entry come with the session in one call.
CAPTURE = "latest_charge.balance_transaction"
SESSION_EXPAND = [f"payment_intent.{CAPTURE}"]
REFUND_EXPAND = ["balance_transaction", "failure_balance_transaction"]
LONGEST_NAME = 250


def session(order: CheckoutOrder) -> SessionCreateParams:
    """A hosted page that takes the contribution and our fee by the order's methods, and saves none of them."""
    params: SessionCreateParams = {
        "mode": "payment",
        "line_items": _line_items(order),
        "client_reference_id": order.reference,
        "metadata": {"reference": order.reference},
        "payment_intent_data": {
            # The newer default completes without a book entry, and nothing is booked without one.
            "capture_method": "automatic",
            "description": short_name(f"Held for the task: {order.title}"),
            "metadata": {"reference": order.reference},
            "transfer_group": order.transfer_group,
        },
        # Of those that the dashboard allows, these: another may be called back for longer than money is held.
        "allowed_payment_method_types": list(order.methods),
        # Paid in another currency, the amount held would depend on the day's rate.
        "adaptive_pricing": {"enabled": False},
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "expires_at": int(order.expires_at.timestamp()),
        "expand": SESSION_EXPAND,
    }
    if order.email:
        params["customer_email"] = order.email
    return params


def _line_items(order: CheckoutOrder) -> list[SessionCreateParamsLineItem]:
    items = [_line_item(f"Held for the task: {order.title}", order.contribution)]
    return [*items, _line_item("Service fee", order.fee)] if order.fee else items


def _line_item(name: str, amount: Money) -> SessionCreateParamsLineItem:
    return {
        "quantity": 1,
        "price_data": {
            "currency": amount.currency.lower(),
            "unit_amount": amount.amount,
            "product_data": {"name": short_name(name)},
        },
    }


def short_name(text: str) -> str:
    """One line, as long as Stripe takes it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_NAME else flat[: LONGEST_NAME - 1] + "…"


def refund(reference: str, payment_intent: str, amount: Money) -> RefundCreateParams:
    """A part or all of a payment back to its card."""
    return {
        "payment_intent": payment_intent,
        "amount": amount.amount,
        "reason": "requested_by_customer",
        "metadata": {"reference": reference},
        "expand": REFUND_EXPAND,
    }


def account(reference: str, email: str, country: str = "") -> AccountCreateParams:
    """What used to be called an Express account: Stripe collects the details, we answer for losses."""
    params: AccountCreateParams = {
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "express"},
        },
        "capabilities": {"transfers": {"requested": True}},
        "metadata": {"reference": reference},
    }
    if email:
        params["email"] = email
    if country:
        params["country"] = country
    return params


def account_link(account_id: str, return_url: str, refresh_url: str) -> AccountLinkCreateParams:
    """A way into the hosted onboarding."""
    return {
        "account": account_id,
        "type": "account_onboarding",
        "return_url": return_url,
        "refresh_url": refresh_url,
        "collection_options": {"fields": "eventually_due"},
    }


def transfer(order: TransferOrder) -> TransferCreateParams:
    """One piece from one charge: it waits for that charge's funds and can't exceed them."""
    return {
        "amount": order.amount.amount,
        "currency": order.amount.currency.lower(),
        "destination": order.account,
        "source_transaction": order.charge,
        "transfer_group": order.transfer_group,
        "metadata": {"reference": order.reference},
    }


def reversal(order: ReversalOrder) -> TransferCreateReversalParams:
    """A transfer, or what is left of it, back from its payee; the transfer comes with the answer."""
    return {
        "amount": order.amount.amount,
        "description": "The release it was for was undone.",
        "metadata": {"reference": order.reference},
        "expand": ["transfer"],
    }
