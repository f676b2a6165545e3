"""Builds the account object of this API version, before and after its owner filled in the form."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe.ids import token

Doc = dict[str, Any]

# Where the platform is, and what an account gets when nobody said otherwise.
HOME = "DE"
CAPABILITIES = ("card_payments", "transfers")
# Countries in which accounts are opened: code → (name, currency).
COUNTRIES = {
    "AT": ("Austria", "eur"), "AU": ("Australia", "aud"), "BE": ("Belgium", "eur"), "BG": ("Bulgaria", "eur"),
    "CA": ("Canada", "cad"), "CH": ("Switzerland", "chf"), "CY": ("Cyprus", "eur"), "CZ": ("Czechia", "czk"),
    "DE": ("Germany", "eur"), "DK": ("Denmark", "dkk"), "EE": ("Estonia", "eur"), "ES": ("Spain", "eur"),
    "FI": ("Finland", "eur"), "FR": ("France", "eur"), "GB": ("United Kingdom", "gbp"), "GR": ("Greece", "eur"),
    "HR": ("Croatia", "eur"), "HU": ("Hungary", "huf"), "IE": ("Ireland", "eur"), "IT": ("Italy", "eur"),
    "JP": ("Japan", "jpy"), "LI": ("Liechtenstein", "chf"), "LT": ("Lithuania", "eur"), "LU": ("Luxembourg", "eur"),
    "LV": ("Latvia", "eur"), "MT": ("Malta", "eur"), "NL": ("Netherlands", "eur"), "NO": ("Norway", "nok"),
    "PL": ("Poland", "pln"), "PT": ("Portugal", "eur"), "RO": ("Romania", "ron"), "SE": ("Sweden", "sek"),
    "SI": ("Slovenia", "eur"), "SK": ("Slovakia", "eur"), "US": ("United States", "usd"),
}  # fmt: skip
DUE = [
    "business_profile.url", "business_type", "external_account", "individual.dob.day", "individual.dob.month",
    "individual.dob.year", "individual.email", "individual.first_name", "individual.last_name",
    "tos_acceptance.date", "tos_acceptance.ip",
]  # fmt: skip


def build(id: str, now: int, country: str, capabilities: dict[str, str], params: Doc) -> Doc:
    """A new account: nothing submitted, nothing enabled."""
    return {
        "id": id,
        "object": "account",
        "business_profile": _business_profile(params.get("business_profile", {})),
        "business_type": params.get("business_type"),
        "capabilities": capabilities,
        "charges_enabled": False,
        "controller": _controller("controller" in params),
        "country": country,
        "created": now,
        "default_currency": COUNTRIES[country][1],
        "details_submitted": False,
        "email": params.get("email"),
        "external_accounts": _external(id, []),
        "future_requirements": requirements([], None),
        "metadata": params.get("metadata", {}),
        "payouts_enabled": False,
        "requirements": requirements(DUE, "requirements.past_due"),
        "settings": _settings(params.get("settings", {})),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": "express",
    }


def after(account: Doc, ending: str, now: int) -> Doc:
    """The fields that the onboarding form changes, for each of its three endings."""
    if ending == "unfinished":
        left = DUE if not account["details_submitted"] else account["requirements"]["currently_due"]
        return {"requirements": account["requirements"] | {"currently_due": left}}
    payable = ending == "finished"
    bank = (account["external_accounts"]["data"] or [bank_account(account)]) if payable else []
    return {
        "business_type": "individual",
        "capabilities": dict.fromkeys(account["capabilities"], "active" if payable else "inactive"),
        "charges_enabled": payable and "card_payments" in account["capabilities"],
        "details_submitted": True,
        "external_accounts": _external(account["id"], bank),
        "payouts_enabled": payable,
        "requirements": requirements([], None if payable else "rejected.other"),
        "tos_acceptance": account["tos_acceptance"] | {"date": now},
    }


def requirements(due: list[str], disabled_reason: str | None) -> Doc:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": list(due),
        "disabled_reason": disabled_reason,
        "errors": [],
        "eventually_due": list(due),
        "past_due": list(due),
        "pending_verification": [],
    }


def _business_profile(asked: Doc) -> Doc:
    nothing = (
        "annual_revenue", "estimated_worker_count", "mcc", "minority_owned_business_designation", "name",
        "product_description", "support_address", "support_email", "support_phone", "support_url", "url",
    )  # fmt: skip
    return dict.fromkeys(nothing) | asked


def _controller(explicit: bool) -> Doc:
    """The same responsibilities, however they were asked for."""
    return {
        "fees": {"payer": "application" if explicit else "application_express"},
        "is_controller": True,
        "losses": {"payments": "application"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "express"},
        "type": "application",
    }


def _settings(asked: Doc) -> Doc:
    schedule = {"delay_days": 2, "interval": "daily"} | asked.get("payouts", {}).get("schedule", {})
    payments = ("statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji")
    return {
        "bacs_debit_payments": {},
        "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": False},
            "statement_descriptor_prefix": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": "offer"},
        "payments": dict.fromkeys(payments),
        "payouts": {"debit_negative_balances": True, "schedule": schedule, "statement_descriptor": None},
        "sepa_debit_payments": {},
    }


def with_bank(account: Doc, bank: Doc) -> Doc:
    """The account with this bank account in the place of the one it had."""
    return account | {"external_accounts": _external(account["id"], [bank])}


def _external(id: str, data: list[Doc]) -> Doc:
    url = f"/v1/accounts/{id}/external_accounts"
    return {"object": "list", "data": data, "has_more": False, "url": url}


def bank_account(account: Doc) -> Doc:
    """A bank account of its owner, the default of its currency."""
    return {
        "id": f"ba_1{token(23)}",
        "object": "bank_account",
        "account": account["id"],
        "account_holder_name": None,
        "account_holder_type": "individual",
        "account_type": None,
        "available_payout_methods": ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": account["country"],
        "currency": account["default_currency"],
        "default_for_currency": True,
        "fingerprint": token(16),
        "future_requirements": _bank_requirements(),
        "last4": "3000",
        "metadata": {},
        "requirements": _bank_requirements(),
        "routing_number": "110000000",
        "status": "new",
    }


def _bank_requirements() -> Doc:
    return {"currently_due": [], "errors": [], "past_due": [], "pending_verification": []}
