"""Builds the checkout session object and its line items, field by field as this API version shows them."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import methods
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.ids import new_id

Doc = dict[str, Any]

NOTHING = (
    "after_expiration", "allow_promotion_codes", "billing_address_collection", "client_secret",
    "collected_information", "consent", "consent_collection", "currency_conversion", "customer",
    "customer_account", "invoice", "origin_context", "payment_link", "permissions", "recovered_from",
    "saved_payment_method_options", "setup_intent", "shipping_address_collection", "shipping_cost",
    "subscription", "wallet_options",
)  # fmt: skip


def build(call: Call, params: Doc, items: list[Doc], currency: str | None, total: int | None, expires_at: int) -> Doc:
    """An open, unpaid session."""
    id, types = new_id("cs_test"), methods.offered(params.get("allowed_payment_method_types"), currency)
    email = params.get("customer_email")
    return dict.fromkeys(NOTHING) | {
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": call.now,
        "currency": currency,
        "custom_fields": [],
        "custom_text": _custom_text(params.get("custom_text", {})),
        "customer_creation": "if_required",
        "customer_details": customer_details(email) if email else None,
        "customer_email": email,
        "discounts": [],
        "expires_at": expires_at,
        "invoice_creation": _no_invoice(),
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": methods.session_options(types),
        "payment_method_types": types,
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{call.url}/pay/{id}",
        "_line_items": items,
        "_payment_intent_data": params.get("payment_intent_data", {}),
        "_intent": None,
        "_card": None,
        "_email": email,
    }


def line_item(call: Call, item: Doc) -> Doc:
    price, quantity = item["price_data"], item.get("quantity", 1)
    amount = price["unit_amount"] * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "metadata": item.get("metadata", {}),
        "price": _price(call, price),
        "quantity": quantity,
    }


def customer_details(email: str | None) -> Doc:
    nothing = dict.fromkeys(("address", "business_name", "individual_name", "name", "phone", "tax_ids"))
    return nothing | {"email": email, "tax_exempt": "none"}


def _price(call: Call, price: Doc) -> Doc:
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": call.now,
        "currency": price["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": new_id("prod"),
        "recurring": None,
        "tax_behavior": price.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": str(price["unit_amount"]),
    }


def _custom_text(asked: Doc) -> Doc:
    places = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {place: asked.get(place) for place in places}


def _no_invoice() -> Doc:
    nothing = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
    return {"enabled": False, "invoice_data": dict.fromkeys(nothing) | {"metadata": {}}}
