"""Which parameters each operation takes; anything else is refused. A subset of Stripe's: what is honoured here.

Checked by the conformance tests against the official library's own parameter types.
"""

from __future__ import annotations

from bountyhub.sandbox.stripe.account_object import CAPABILITIES
from bountyhub.sandbox.stripe.forms import (
    EXPAND,
    PAGE,
    Rule,
    Schema,
    email,
    flag,
    group,
    many,
    matching,
    metadata,
    moment_range,
    one_of,
    text,
    web_address,
    whole,
)
from bountyhub.sandbox.stripe.methods import METHODS
from bountyhub.sandbox.stripe.money import CURRENCIES


def currency(required: bool = False) -> Rule:
    def parse(value: object, name: str) -> str:
        return str(one_of(*CURRENCIES).parse(str(value).lower(), name))

    return Rule(parse, required)


RETRIEVE: Schema = EXPAND
CREATED_PAGE: Schema = PAGE
MESSAGE = group({"message": text(1200, required=True)})

PRICE_DATA: Schema = {
    "currency": currency(required=True),
    "product_data": group(
        {
            "name": text(required=True),
            "description": text(),
            "images": many(text()),
            "metadata": metadata(),
            "tax_code": text(),
        }
    ),
    "unit_amount": whole(0),
    "tax_behavior": one_of("exclusive", "inclusive", "unspecified"),
}
PAYMENT_INTENT_DATA: Schema = {
    "capture_method": one_of("automatic", "automatic_async"),
    "description": text(1000),
    "metadata": metadata(),
    "receipt_email": email(),
    "statement_descriptor": text(22),
    "statement_descriptor_suffix": text(22),
    "transfer_group": text(),
}
SESSION_CREATE: Schema = EXPAND | {
    "adaptive_pricing": group({"enabled": one_of("false")}),
    "allowed_payment_method_types": many(one_of(*METHODS)),
    "cancel_url": web_address(),
    "client_reference_id": text(200),
    "currency": currency(),
    "custom_text": group(dict.fromkeys(("after_submit", "submit", "terms_of_service_acceptance"), MESSAGE)),
    "customer_creation": one_of("always", "if_required"),
    "customer_email": email(),
    "expires_at": whole(),
    "line_items": many(
        group(
            {
                "metadata": metadata(),
                "price_data": group(PRICE_DATA, required=True),
                "quantity": whole(1),
            }
        )
    ),
    "locale": text(10),
    "metadata": metadata(),
    "mode": one_of("payment", "setup", required=True),
    "payment_intent_data": group(PAYMENT_INTENT_DATA),
    "setup_intent_data": group({"description": text(1000), "metadata": metadata()}),
    "submit_type": one_of("auto", "book", "donate", "pay"),
    "success_url": web_address(),
    "ui_mode": one_of("elements", "embedded_page", "form", "hosted_page"),
}
SESSION_LIST: Schema = PAGE | {
    "customer_details": group({"email": text(required=True)}),
    "payment_intent": text(),
    "status": one_of("complete", "expired", "open"),
}
INTENT_RETRIEVE: Schema = EXPAND | {"client_secret": text()}
CHARGE_LIST: Schema = PAGE | {"payment_intent": text(), "transfer_group": text()}

REFUND_CREATE: Schema = EXPAND | {
    "amount": whole(1),
    "charge": text(),
    "metadata": metadata(),
    "payment_intent": text(),
    "reason": one_of("duplicate", "fraudulent", "requested_by_customer"),
}
REFUND_LIST: Schema = PAGE | {"charge": text(), "payment_intent": text()}

REQUESTED = group({"requested": flag()})
ACCOUNT_CREATE: Schema = EXPAND | {
    "business_profile": group({name: text() for name in ("mcc", "name", "product_description", "url")}),
    "business_type": one_of("company", "government_entity", "individual", "non_profit"),
    "capabilities": group(dict.fromkeys(CAPABILITIES, REQUESTED)),
    "controller": group(
        {
            "fees": group({"payer": one_of("application")}),
            "losses": group({"payments": one_of("application")}),
            "requirement_collection": one_of("stripe"),
            "stripe_dashboard": group({"type": one_of("express")}),
        }
    ),
    "country": matching("[A-Z]{2}", "Country '{value}' is unknown. Try using a 2-character alphanumeric country code."),
    "email": email(),
    "metadata": metadata(),
    "settings": group(
        {"payouts": group({"schedule": group({"interval": one_of("daily", "manual", "monthly", "weekly")})})}
    ),
    "type": one_of("express"),
}
ACCOUNT_LINK_CREATE: Schema = EXPAND | {
    "account": text(required=True),
    "collection_options": group(
        {
            "fields": one_of("currently_due", "eventually_due"),
            "future_requirements": one_of("include", "omit"),
        }
    ),
    "refresh_url": web_address(),
    "return_url": web_address(),
    "type": one_of("account_onboarding", "account_update", required=True),
}
TRANSFER_CREATE: Schema = EXPAND | {
    "amount": whole(1),
    "currency": currency(required=True),
    "description": text(),
    "destination": text(required=True),
    "metadata": metadata(),
    "source_transaction": text(),
    "source_type": one_of("card"),
    "transfer_group": text(),
}
TRANSFER_LIST: Schema = PAGE | {"destination": text(), "transfer_group": text()}
REVERSAL_CREATE: Schema = EXPAND | {"amount": whole(1), "description": text(), "metadata": metadata()}
PLAIN_PAGE: Schema = {name: rule for name, rule in PAGE.items() if name != "created"}

BALANCE_TRANSACTION_LIST: Schema = PAGE | {"currency": currency(), "source": text(), "type": text()}
TOPUP_CREATE: Schema = EXPAND | {
    "amount": whole(1, required=True),
    "currency": currency(required=True),
    "description": text(),
    "metadata": metadata(),
    "statement_descriptor": text(15),
    "transfer_group": text(),
}
TOPUP_LIST: Schema = PAGE | {
    "amount": moment_range(),
    "status": one_of("canceled", "failed", "pending", "succeeded"),
}
EVENT_LIST: Schema = PAGE | {"delivery_success": flag(), "type": text(), "types": many(text())}
